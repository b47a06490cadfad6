"""Settle one bill (结算一张账单): split it, test it, reckon what the fund pays, and explain every fen."""

from __future__ import annotations

from typing import NamedTuple

from policies.engine.bill import NOTHING_OWN, UNUSED, Bill, Person, Split, Used, split
from policies.engine.errors import FigureMissing
from policies.engine.explain import Step
from policies.engine.limits import Room, room_under
from policies.engine.match import Profile
from policies.engine.money import WHOLE, share
from policies.engine.person import age_under, status_under
from policies.engine.requirements import Refusal, refusal
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import BenefitTables, CareTables, Plan
from policies.engine.vocabulary import (
    BandBasis,
    CapBasis,
    DeductiblePeriod,
    Kind,
    Label,
    Pooling,
)

__all__ = ["FigureMissing", "Outcome", "settle"]


class Totals(NamedTuple):
    """What a settlement adds to the member's year, in fen."""

    eligible: int = 0
    deductible: int = 0
    fund: int = 0
    counted: int = 0
    overall: int = 0


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


class Benefit(NamedTuple):
    """What the fund pays for the eligible part, before the account is asked."""

    deductible: int
    fund: int
    above_cap: int
    adds: Totals
    room: Room | None
    deductible_account: str


NO_TOTALS = Totals()


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
    drugs_only = bill.where.kind == Kind.PHARMACY and care.terms.pharmacy_drugs_only
    lines = tuple([split(line, drugs_only) for line in bill.lines])
    sums = _sums(lines)
    steps: list[Step] = []
    _explain_split(sums, steps)
    profile = profile_of(care, bill, person)
    refused = refusal(care, bill, person, profile)
    if refused is None:
        plan = care.plan(profile)
        benefit = _pay(care, plan, bill, lines, sums.eligible, used, series, steps)
    else:
        benefit = _refuse(refused, steps)
    return _outcome(care, bill, person, sums, lines, benefit, refused, steps)


def profile_of(care: CareTables, bill: Bill, person: Person) -> Profile:
    """The member and the visit as the match columns see them, ages taken as their bracket."""
    where, terms = bill.where, care.terms
    age = age_under(terms.age_rule, person.born, bill.day) if care.ages else 0
    return Profile(
        where.kind,
        where.tier,
        where.charge_class,
        where.community,
        where.pooling == Pooling.OPENED,
        where.place,
        status_under(terms.status_rule, person.statuses, bill.day),
        care.bracket(age),
        person.employer_group,
        person.special_groups,
        person.family_doctor,
        person.referred,
    )


def _sums(lines: tuple[Split, ...]) -> Split:
    self_funded = over = first = eligible = 0
    for line in lines:
        self_funded += line[0]
        over += line[1]
        first += line[2]
        eligible += line[3]
    return Split(self_funded, over, first, eligible)


def _explain_split(sums: Split, steps: list[Step]) -> None:
    if sums.self_funded:
        steps.append(Step(Label.SELF_FUNDED, sums.self_funded))
    if sums.over_standard:
        steps.append(Step(Label.OVER_STANDARD, sums.over_standard))
    if sums.pre_self_pay:
        steps.append(Step(Label.PRE_SELF_PAY, sums.pre_self_pay))
    steps.append(Step(Label.ELIGIBLE, sums.eligible))


def _refuse(refused: Refusal, steps: list[Step]) -> Benefit:
    steps.append(Step(Label.REJECTED, 0, refused.article, note=refused.reason))
    return Benefit(0, 0, 0, NO_TOTALS, None, "")


def _pay(
    care: CareTables,
    plan: Plan,
    bill: Bill,
    lines: tuple[Split, ...],
    eligible: int,
    used: Used,
    series: Series,
    steps: list[Step],
) -> Benefit:
    special = _special_items(plan, bill, lines) if plan.items else NOTHING_OWN
    ordinary = eligible - sum(special.values()) if special else eligible
    borne = _deductible(care, plan, ordinary, used, steps)
    room = room_under(plan, care.terms, bill.day, used, series)
    paid, counted, above, withheld = _ordinary(care, plan, ordinary, borne, used, room, steps)
    fund = paid + above
    adds = Totals(ordinary, borne, fund, counted, fund if room.counts_overall else 0)
    if special:
        adds, extra = _pay_items(plan, special, room, adds, care.terms.cap_basis, steps)
        fund += extra
    return Benefit(borne, fund, max(withheld - above, 0), adds, room, plan.deductible.account)


def _ordinary(
    care: CareTables,
    plan: Plan,
    eligible: int,
    borne: int,
    used: Used,
    room: Room,
    steps: list[Step],
) -> tuple[int, int, int, int]:
    """Ordinary items: what the fund pays, what counts against the cap, paid above it, withheld by it."""
    covered = payable = eligible - borne
    by_spending = care.terms.cap_basis == CapBasis.ELIGIBLE
    if by_spending:
        covered = min(payable, max(room.eligible - borne, 0))
    start = _start(care.terms.band_basis, used, borne)
    reckoned = _walk(plan, start, covered, steps)
    paid = min(reckoned, room.fund)
    counted = min(eligible, room.eligible) if by_spending else paid
    withheld = payable - covered + reckoned - paid
    if not withheld:
        return paid, counted, 0, 0
    steps.append(Step(Label.CAP, paid, room.article, room.limit or 0, note=room.period))
    if not room.above:
        return paid, counted, 0, withheld
    beyond = payable - covered + _spending_of(plan, start, covered, reckoned - paid)
    above = max(min(share(beyond, room.above), room.overall - paid), 0)
    steps.append(Step(Label.ABOVE_CAP, above, room.article, beyond, room.above))
    return paid, counted, above, withheld


def _deductible(
    care: CareTables, plan: Plan, eligible: int, used: Used, steps: list[Step]
) -> int:
    """What this bill bears of the deductible still owed for the period."""
    row = plan.deductible
    if not row.amount:
        return 0
    if care.terms.deductible_period == DeductiblePeriod.VISIT:
        before = used.visit_deductible
    else:
        before = used.own.get(row.account, 0) if row.account else used.deductible
    owed = row.amount - before
    if row.yearly_ceiling is not None:
        owed = min(owed, row.yearly_ceiling - used.deductible)
    borne = min(max(owed, 0), eligible)
    steps.append(Step(Label.DEDUCTIBLE, borne, row.article, row.amount))
    return borne


def _start(basis: str, used: Used, borne: int) -> int:
    if basis == BandBasis.ELIGIBLE:
        return used.eligible + borne
    if basis == BandBasis.AFTER_DEDUCTIBLE:
        return used.eligible - used.deductible
    return used.visit_eligible + borne


def _walk(plan: Plan, start: int, length: int, steps: list[Step]) -> int:
    """Walk the bands from a starting spending; each band's share is rounded once."""
    end = start + length
    total = 0
    for starts, until, ratio, article, formula in plan.bands:
        part = (until if until < end else end) - (starts if starts > start else start)
        if part > 0:
            pays = share(part, ratio)
            total += pays
            steps.append(Step(Label.BAND, pays, article, part, ratio, formula))
    return total


def _spending_of(plan: Plan, start: int, length: int, withheld: int) -> int:
    """The last part of the spending, for which the fund would have paid what a cap withholds."""
    spending, end = 0, start + length
    for starts, until, ratio, _, _ in reversed(plan.bands):
        part = min(until, end) - max(starts, start)
        if part <= 0 or withheld <= 0:
            continue
        pays = share(part, ratio)
        if pays <= withheld:
            spending += part
        else:
            spending += (2 * withheld * WHOLE + ratio) // (2 * ratio)
        withheld -= pays
    return spending


def _special_items(plan: Plan, bill: Bill, lines: tuple[Split, ...]) -> dict[str, int]:
    """Eligible spending on items with a pay rule of their own, by kind of item."""
    found: dict[str, int] = {}
    for line, parts in zip(bill.lines, lines, strict=True):
        if parts.eligible and line.item_kind in plan.items:
            found[line.item_kind] = found.get(line.item_kind, 0) + parts.eligible
    return found


def _pay_items(
    plan: Plan, special: dict[str, int], room: Room, adds: Totals, basis: str, steps: list[Step]
) -> tuple[Totals, int]:
    """Pay items by their own rules; those not left out count, and are held to what the cap still leaves."""
    total = 0
    for kind in sorted(special):
        row, eligible = plan.items[kind], special[kind]
        pays = share(eligible, row.share) if row.fixed is None else min(row.fixed, eligible)
        if not row.left_out:
            left = room.fund - adds.counted if basis == CapBasis.FUND else room.overall - adds.fund
            pays = max(min(pays, left), 0)
            adds = _with_item(adds, eligible, pays, basis, room)
        total += pays
        steps.append(Step(Label.ITEM, pays, row.article, eligible, row.share, kind))
    return adds, total


def _with_item(adds: Totals, eligible: int, pays: int, basis: str, room: Room) -> Totals:
    counts = pays if basis == CapBasis.FUND else min(eligible, room.eligible - adds.counted)
    return Totals(
        adds.eligible + eligible,
        adds.deductible,
        adds.fund + pays,
        adds.counted + max(counts, 0),
        adds.overall + pays if room.counts_overall else 0,
    )


def _outcome(
    care: CareTables,
    bill: Bill,
    person: Person,
    sums: Split,
    lines: tuple[Split, ...],
    benefit: Benefit,
    refused: Refusal | None,
    steps: list[Step],
) -> Outcome:
    total = sums[0] + sums[1] + sums[2] + sums[3]
    fund = benefit.fund
    personal = total - fund
    account = 0
    if bill.from_account and (refused is None or refused.account_may_pay):
        account = min(personal, person.account_can_pay)
    if refused is None:
        steps.append(Step(Label.FUND, fund))
    if account:
        steps.append(Step(Label.ACCOUNT, account))
    steps.append(Step(Label.CASH, personal - account))
    room = benefit.room
    provisional = room is not None and room.provisional
    if provisional:
        steps.append(Step(Label.PROVISIONAL, 0, room.article if room else ""))
    return Outcome(
        total,
        *sums,
        benefit.deductible,
        fund,
        sums.eligible - benefit.deductible - fund - benefit.above_cap if refused is None else sums.eligible,
        benefit.above_cap,
        personal,
        account,
        personal - account,
        "" if refused is None else refused.reason,
        benefit.adds,
        room,
        benefit.deductible_account,
        care.terms.policy_year(bill.day),
        provisional,
        lines,
        tuple(steps),
    )
