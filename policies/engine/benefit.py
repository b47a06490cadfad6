"""Settle one bill (结算): split it, test it, reckon what the fund pays, explain every fen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, cast

from policies.engine.bill import (
    MATCHED_OF_PERSON,
    MATCHED_OF_WHERE,
    UNUSED,
    Bill,
    Person,
    Split,
    Used,
    new_split,
    split,
)
from policies.engine.errors import FigureMissing
from policies.engine.explain import Step, new_step
from policies.engine.limits import Room
from policies.engine.match import Profile
from policies.engine.payment import Benefit, Payment, Totals
from policies.engine.person import age_under, status_under
from policies.engine.requirements import Refusal, refusal
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import BenefitTables, CareTables, Case
from policies.engine.vocabulary import Kind, Label, Pooling

__all__ = ["FigureMissing", "Outcome", "Totals", "settle"]

PHARMACY, OPENED = Kind.PHARMACY.value, Pooling.OPENED.value
SELF_FUNDED, OVER_STANDARD, PRE_SELF_PAY, ELIGIBLE = (
    Label.SELF_FUNDED,
    Label.OVER_STANDARD,
    Label.PRE_SELF_PAY,
    Label.ELIGIBLE,
)
FUND, ACCOUNT, CASH = Label.FUND, Label.ACCOUNT, Label.CASH
NO_TOTALS = Totals()


class Outcome(NamedTuple):
    """The answer for one bill, in fen; its parts add up as rules §1 says."""

    total: int
    self_funded: int
    over_standard: int
    pre_self_pay: int
    eligible: int
    deductible: int
    fund: int
    own_share: int
    above_cap: int
    personal: int
    account: int
    cash: int
    reason: str
    adds: Totals
    room: Room | None
    deductible_account: str
    policy_year: int
    provisional: bool
    lines: tuple[Split, ...]
    steps: tuple[Step, ...]


new_outcome = cast("Callable[[tuple[object, ...]], Outcome]", partial(tuple.__new__, Outcome))
"""An outcome from all its fields in order: half the time of calling the class."""


def settle(
    tables: BenefitTables,
    bill: Bill,
    person: Person,
    used: Used = UNUSED,
    series: Series = NO_FIGURES,
) -> Outcome:
    """Settle a bill under the tables in force on its day.

    Raises NoTerms, NoRow, TwoRows or FigureMissing where the tables do not decide.
    """
    care = tables.care(bill.care)
    terms = care.terms
    drugs_only = terms.pharmacy_drugs_only and bill.where.kind == PHARMACY
    lines = tuple([split(line, drugs_only) for line in bill.lines])
    sums = _sums(lines)
    steps = _split_steps(sums)
    year = terms.policy_year(bill.day)
    case = case_of(care, bill, person)
    refused = refusal(case.tests, terms, bill, person)
    if refused is None:
        payment = Payment(case.plan(), terms, used, steps)
        benefit = payment.benefit(bill, lines, sums.eligible, year, series)
    else:
        steps.append(Step(Label.REJECTED, 0, refused.article, note=refused.reason))
        benefit = Benefit(0, 0, 0, NO_TOTALS, None, "")
    account = _account(bill, person, sum(sums) - benefit.fund, refused)
    return _outcome(sums, lines, benefit, steps, account=account, refused=refused, year=year)


def case_of(care: CareTables, bill: Bill, person: Person) -> Case:
    """The case of a bill, remembered by what the match columns look at (ages by their bracket)."""
    terms = care.terms
    status = status_under(terms.status_rule, person.statuses, bill.day)
    age = care.bracket(age_under(terms.age_rule, person.born, bill.day)) if care.ages else 0
    return remembered(care, bill, person, status, age)


def remembered(care: CareTables, bill: Bill, person: Person, status: str, age: int) -> Case:
    """The case of a bill, given the member's status and the lowest age of the bracket."""
    key = (status, age, bill.channel, bill.where[MATCHED_OF_WHERE], person[MATCHED_OF_PERSON])
    case = care.cases.get(key)
    if case is None:
        profile = profile_under(bill, person, status, age)
        case = care.cases[key] = Case(care, profile, bill.channel)
    return case


def profile_of(care: CareTables, bill: Bill, person: Person) -> Profile:
    """The member and the visit as the match columns see them, ages taken as their bracket."""
    return case_of(care, bill, person).profile


def profile_under(bill: Bill, person: Person, status: str, age: int) -> Profile:
    where = bill.where
    return Profile(
        where.kind,
        where.tier,
        where.charge_class,
        where.community,
        where.pooling == OPENED,
        where.place,
        status,
        age,
        person.employer_group,
        person.special_groups,
        person.family_doctor,
        person.referred,
    )


def _sums(lines: tuple[Split, ...]) -> Split:
    self_funded = over = first = eligible = 0
    for one_self_funded, one_over, one_first, one_eligible in lines:
        self_funded += one_self_funded
        over += one_over
        first += one_first
        eligible += one_eligible
    return new_split((self_funded, over, first, eligible))


def _split_steps(sums: Split) -> list[Step]:
    self_funded, over, first, eligible = sums
    steps = []
    if self_funded:
        steps.append(new_step((SELF_FUNDED, self_funded, "", 0, 0, "")))
    if over:
        steps.append(new_step((OVER_STANDARD, over, "", 0, 0, "")))
    if first:
        steps.append(new_step((PRE_SELF_PAY, first, "", 0, 0, "")))
    steps.append(new_step((ELIGIBLE, eligible, "", 0, 0, "")))
    return steps


def _account(bill: Bill, person: Person, personal: int, refused: Refusal | None) -> int:
    """What the account pays of the member's part, where it is asked and may."""
    if not bill.from_account or (refused is not None and not refused.account_may_pay):
        return 0
    return min(personal, person.account_can_pay)


def _outcome(
    sums: Split,
    lines: tuple[Split, ...],
    benefit: Benefit,
    steps: list[Step],
    *,
    account: int,
    refused: Refusal | None,
    year: int,
) -> Outcome:
    deductible, fund, above_cap, adds, room, deductible_account = benefit
    personal = sum(sums) - fund
    provisional = room is not None and room.provisional
    _closing_steps(steps, fund if refused is None else None, account, personal)
    if room is not None and provisional:
        steps.append(Step(Label.PROVISIONAL, 0, room.article))
    return new_outcome(
        (
            personal + fund,
            *sums,
            deductible,
            fund,
            sums.eligible - deductible - fund - above_cap,
            above_cap,
            personal,
            account,
            personal - account,
            refused.reason if refused else "",
            adds,
            room,
            deductible_account,
            year,
            provisional,
            lines,
            tuple(steps),
        )
    )


def _closing_steps(steps: list[Step], fund: int | None, account: int, personal: int) -> None:
    """Who pays in the end: the fund (None: the bill is refused), the account, cash."""
    if fund is not None:
        steps.append(new_step((FUND, fund, "", 0, 0, "")))
    if account:
        steps.append(new_step((ACCOUNT, account, "", 0, 0, "")))
    steps.append(new_step((CASH, personal - account, "", 0, 0, "")))
