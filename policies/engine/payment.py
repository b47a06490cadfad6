"""What the fund pays (统筹基金支付) of a bill's eligible part: deductible, bands, caps, items."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, cast

from policies.engine.bill import Bill, Split, Used
from policies.engine.explain import Step, new_step
from policies.engine.limits import Room, room_under
from policies.engine.money import HALF, WHOLE, share
from policies.engine.rows import Terms
from policies.engine.series import Series
from policies.engine.tables import Plan
from policies.engine.vocabulary import BandBasis, CapBasis, DeductiblePeriod, Label

DEDUCTIBLE, BAND, NO_BENEFIT = Label.DEDUCTIBLE, Label.BAND, Label.NO_BENEFIT
BY_VISIT = DeductiblePeriod.VISIT.value
BY_ELIGIBLE, AFTER_DEDUCTIBLE = BandBasis.ELIGIBLE.value, BandBasis.AFTER_DEDUCTIBLE.value
BY_SPENDING = CapBasis.ELIGIBLE.value


class Totals(NamedTuple):
    """What a settlement adds to the member's year, in fen."""

    eligible: int = 0
    deductible: int = 0
    fund: int = 0
    counted: int = 0
    overall: int = 0


class Benefit(NamedTuple):
    """What the fund pays for the eligible part, before the account is asked."""

    deductible: int
    fund: int
    above_cap: int
    adds: Totals
    room: Room | None
    deductible_account: str


new_totals = cast("Callable[[tuple[int, ...]], Totals]", partial(tuple.__new__, Totals))
new_benefit = cast("Callable[[tuple[object, ...]], Benefit]", partial(tuple.__new__, Benefit))
"""Both from all their fields in order: half the time of calling the class."""


class Payment:
    """One bill on its way through the plan of its case, with the steps that say why."""

    __slots__ = ("plan", "room", "steps", "terms", "used")

    def __init__(self, plan: Plan, terms: Terms, used: Used, steps: list[Step]) -> None:
        self.plan = plan
        self.terms = terms
        self.used = used
        self.steps = steps

    def benefit(
        self, bill: Bill, lines: tuple[Split, ...], eligible: int, year: int, series: Series
    ) -> Benefit:
        """What the fund pays; raises FigureMissing where a cap has no figure."""
        plan = self.plan
        special = special_items(plan, bill, lines) if plan.items else None
        ordinary = eligible - sum(special.values()) if special else eligible
        borne = self.deductible(ordinary) if plan.deductible.amount else 0
        room = self.room = room_under(
            plan, self.terms, bill.day, year, used=self.used, series=series
        )
        paid, counted, above, withheld = self.ordinary(ordinary, borne)
        fund = paid + above
        adds = new_totals((ordinary, borne, fund, counted, fund if room.counts_overall else 0))
        if special:
            adds, extra = self.items(special, adds)
            fund += extra
        unpaid = withheld - above if withheld > above else 0
        return new_benefit((borne, fund, unpaid, adds, room, plan.deductible.account))

    def deductible(self, eligible: int) -> int:
        """What this bill bears of the deductible still owed for the period."""
        row, used = self.plan.deductible, self.used
        if self.terms.deductible_period == BY_VISIT:
            before = used.visit_deductible
        elif row.account:
            before = used.own.get(row.account, 0)
        else:
            before = used.deductible - sum(used.own.values()) if used.own else used.deductible
        owed = row.amount - before
        if row.yearly_ceiling is not None:
            owed = min(owed, row.yearly_ceiling - used.deductible)
        borne = min(max(owed, 0), eligible)
        self.steps.append(new_step((DEDUCTIBLE, borne, row.article, row.amount, 0, "")))
        return borne

    def ordinary(self, eligible: int, borne: int) -> tuple[int, int, int, int]:
        """Pay ordinary items by the bands, held to what the caps leave.

        Returns what is paid within the caps, what counts against them, what is paid above them, and
        what they withhold.
        """
        room = self.room
        by_spending = self.terms.cap_basis == BY_SPENDING
        covered = payable = eligible - borne
        if by_spending and covered > room.eligible - borne:
            covered = max(room.eligible - borne, 0)
        start = self._start(borne)
        reckoned = self.walk(start, covered) if covered else 0
        paid = reckoned if reckoned < room.fund else room.fund
        counted = min(eligible, room.eligible) if by_spending else paid
        withheld = payable - covered + reckoned - paid
        if not withheld:
            return paid, counted, 0, 0
        limit, period, article = room.binding()
        self.steps.append(Step(Label.CAP, paid, article, limit, note=period))
        if not room.above:
            return paid, counted, 0, withheld
        beyond = payable - covered + spending_of(self.plan, start, covered, reckoned - paid)
        above = min(share(beyond, room.above), room.overall - paid)
        self.steps.append(Step(Label.ABOVE_CAP, above, room.article, beyond, room.above))
        return paid, counted, above, withheld

    def _start(self, borne: int) -> int:
        """Where in the bands this bill's payable part begins."""
        used, basis = self.used, self.terms.band_basis
        if basis == BY_ELIGIBLE:
            return used.eligible + borne
        if basis == AFTER_DEDUCTIBLE:
            return used.eligible - used.deductible
        return used.visit_eligible + borne

    def walk(self, start: int, length: int) -> int:
        """Walk the bands from a starting spending; each band's share is rounded once."""
        end, total, unpaid = start + length, 0, length
        for starts, until, ratio, article, formula in self.plan.bands:
            part = (until if until < end else end) - (starts if starts > start else start)
            if part > 0:
                pays = (part * ratio + HALF) // WHOLE
                total += pays
                unpaid -= part
                self.steps.append(new_step((BAND, pays, article, part, ratio, formula)))
        if unpaid:
            self.steps.append(Step(NO_BENEFIT, 0, base=unpaid))
        return total

    def items(self, special: dict[str, int], adds: Totals) -> tuple[Totals, int]:
        """Pay items by their own rules; those not left out count, held to what the caps leave."""
        total = 0
        for kind in sorted(special):
            row, eligible = self.plan.items[kind], special[kind]
            covered = eligible if row.left_out else min(eligible, self._spending_left(adds))
            pays = share(covered, row.share) if row.fixed is None else min(row.fixed, covered)
            if not row.left_out:
                pays = min(pays, self._fund_left(adds))
                adds = self._with_item(adds, eligible, pays)
            total += pays
            self.steps.append(Step(Label.ITEM, pays, row.article, eligible, row.share, kind))
        return adds, total

    def _spending_left(self, adds: Totals) -> int:
        return self.room.eligible - (adds.counted if self.terms.cap_basis == BY_SPENDING else 0)

    def _fund_left(self, adds: Totals) -> int:
        room = self.room
        if self.terms.cap_basis == BY_SPENDING:
            return room.overall - adds.fund
        return min(room.left - adds.counted, room.overall - adds.fund)

    def _with_item(self, adds: Totals, eligible: int, pays: int) -> Totals:
        by_spending = self.terms.cap_basis == BY_SPENDING
        counts = min(eligible, self._spending_left(adds)) if by_spending else pays
        return Totals(
            adds.eligible + eligible,
            adds.deductible,
            adds.fund + pays,
            adds.counted + counts,
            adds.overall + pays if self.room.counts_overall else 0,
        )


def special_items(plan: Plan, bill: Bill, lines: tuple[Split, ...]) -> dict[str, int]:
    """Eligible spending on items with a pay rule of their own, by kind of item."""
    found: dict[str, int] = {}
    for line, parts in zip(bill.lines, lines, strict=True):
        if parts.eligible and line.item_kind in plan.items:
            found[line.item_kind] = found.get(line.item_kind, 0) + parts.eligible
    return found


def spending_of(plan: Plan, start: int, length: int, withheld: int) -> int:
    """The last part of the spending that the fund shares in, worth what a cap withholds of it."""
    spending, end = 0, start + length
    for starts, until, ratio, _, _ in reversed(plan.bands):
        part = min(until, end) - max(starts, start)
        if part <= 0 or not ratio or withheld <= 0:
            continue
        pays = share(part, ratio)
        if pays <= withheld:
            spending += part
        else:
            spending += (2 * withheld * WHOLE + ratio) // (2 * ratio)
        withheld -= pays
    return spending
