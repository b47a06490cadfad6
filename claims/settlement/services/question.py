"""The question that a settlement answers: the rules, the bill, the member, what was used before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from claims.settlement.models import BillLine, Visit
from claims.settlement.selectors import whereabouts
from members.models import Account
from members.selectors import standing
from policies.engine.bill import Bill, Line, Person, Used, Where
from policies.engine.money import fen, millionths
from policies.engine.series import NO_FIGURES, Series
from policies.engine.vocabulary import Allowed, Beneficiary, Channel, Purpose
from policies.selectors import rulebook


class Billed(Protocol):
    """What is asked about a line of a bill; bill lines have it, and rows that become some."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def item_class(self) -> str: ...
    @property
    def self_pay(self) -> Decimal: ...
    @property
    def standard(self) -> Decimal | None: ...
    @property
    def kind(self) -> str: ...


class Question(NamedTuple):
    """All that the engine is asked about one bill."""

    rules: rulebook.BenefitRules
    bill: Bill
    person: Person
    used: Used
    series: Series


def ask(
    visit: Visit,
    lines: Sequence[BillLine],
    *,
    rules: rulebook.BenefitRules,
    used_before: Used,
    account: Account | None = None,
    channel: str = Channel.ONLINE.value,
    claimed_on: date | None = None,
    series: Series = NO_FIGURES,
) -> Question:
    """Put the question that a settlement answers; reads, and locks nothing."""
    place = whereabouts.of(visit, rules.tables.care(visit.care).terms)
    person = standing.on(
        visit.member,
        visit.day,
        terms_of=place.terms_of,
        referred=visit.referred,
        account_can_pay=_can_pay(visit, account, place.where),
    )
    bill = bill_of(
        visit, lines, place.where, channel, claimed_on=claimed_on, from_account=account is not None
    )
    return Question(rules, bill, person, used_before, series)


def bill_of(
    visit: Visit,
    lines: Sequence[Billed],
    where: Where,
    channel: str,
    *,
    claimed_on: date | None = None,
    from_account: bool = False,
) -> Bill:
    """A visit's bill as the engine reads it."""
    return Bill(
        visit.day,
        tuple(as_line(line) for line in lines),
        where,
        visit.care,
        channel,
        claimed_on,
        from_account,
    )


def as_line(line: Billed) -> Line:
    """A bill line as the engine reads it."""
    return Line(
        fen(line.amount),
        line.item_class,
        millionths(line.self_pay),
        None if line.standard is None else fen(line.standard),
        line.kind,
    )


def _can_pay(visit: Visit, account: Account | None, where: Where) -> int:
    """What the account may pay of this bill for the member, by the area's table of purposes.

    Nothing after death, without an agreement in force, or where no table of purposes is in force.
    """
    died_on = visit.member.person.died_on
    is_over = died_on is not None and visit.day > died_on
    if account is None or account.closed_on is not None or is_over or not where.designated:
        return 0
    scheme = visit.member.scheme
    try:
        rules = rulebook.account_use_on(visit.day, area_id=visit.area_id, scheme=scheme)
    except rulebook.NoPolicyInForce:
        return 0
    rule = rules.tables.rule(purpose_of(visit).value, Beneficiary.SELF.value)
    return fen(account.balance) if rule.allowed == Allowed.YES else 0


def purpose_of(visit: Visit) -> Purpose:
    """What the account is asked to pay: drugs at a pharmacy, or a bill at an institution."""
    is_pharmacy = visit.institution.kind == visit.institution.Kind.PHARMACY
    return Purpose.PHARMACY if is_pharmacy else Purpose.MEDICAL
