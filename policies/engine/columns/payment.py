"""What the fund pays of many bills at once, step for step as `engine.payment`."""

from __future__ import annotations

from typing import Any

import numpy as np

from policies.engine.columns.bill import UsedColumns
from policies.engine.columns.person import Ints
from policies.engine.columns.tables import NO_CAP, PERIODS, CaseColumns
from policies.engine.money import HALF, NO_LIMIT, WHOLE
from policies.engine.payment import AFTER_DEDUCTIBLE, BY_ELIGIBLE, BY_SPENDING, BY_VISIT
from policies.engine.vocabulary import CapPeriod

AGAINST = {
    CapPeriod.VISIT.value: "visit_counted",
    CapPeriod.MONTH.value: "month_counted",
    CapPeriod.QUARTER.value: "quarter_counted",
    CapPeriod.YEAR.value: "counted",
}
"""What stands against a cap of each period that does not carry over."""


def shares(amounts: Ints, ratio: Any) -> Ints:
    """The ratio's part of each amount, rounded half up to the fen."""
    paid: Ints = amounts * ratio
    paid += HALF
    paid //= WHOLE
    return paid


class PaymentColumns:
    """The bills of one chunk on their way through the plans of their cases."""

    def __init__(
        self, cases: CaseColumns, case: Ints, used: UsedColumns, rows: slice, months: Ints
    ) -> None:
        self.cases = cases
        self.plan = cases.plans.take(case)
        self.terms = cases.care.terms
        self.by_spending = self.terms.cap_basis == BY_SPENDING
        self._used = used
        self._rows = rows
        self._months = months

    def number(self, name: str, default: int = 0) -> Any:
        return self.cases.parameters.of(name, self.plan, default)

    def used(self, name: str) -> Any:
        column: Ints | None = getattr(self._used, name)
        return 0 if column is None else column[self._rows]

    def pay(self, eligible: Ints, special: dict[str, Ints]) -> None:
        """Pay the eligible part of passed bills (0 for those refused), special items by rules."""
        special = self._with_rules(special)
        ordinary = eligible - sum(special.values()) if special else eligible
        self.borne = self._deductible(ordinary)
        self._find_room()
        self._pay_ordinary(ordinary)
        self.adds_eligible = ordinary
        self.adds_fund = self.fund
        if special:
            self._pay_items(special)
        self.adds_overall = self.adds_fund * self.number("counts in overall")

    def _with_rules(self, special: dict[str, Ints]) -> dict[str, Ints]:
        """The spending on kinds of items for which the row's plan has a rule of its own."""
        return {kind: special[kind] * self.number(f"item {kind}") for kind in sorted(special)}

    def _deductible(self, eligible: Ints) -> Any:
        amount = self.number("deductible")
        if isinstance(amount, int) and not amount:
            return 0
        owed = amount - self._borne_before()
        ceiling = self.number("ceiling")
        if not isinstance(ceiling, int) or ceiling < NO_LIMIT:
            owed = np.minimum(owed, ceiling - self.used("deductible"))
        borne = np.minimum(np.maximum(owed, 0), eligible)
        return borne if isinstance(amount, int) else np.where(amount == 0, 0, borne)

    def _borne_before(self) -> Any:
        if self.terms.deductible_period == BY_VISIT:
            return self.used("visit_deductible")
        own = {name: column[self._rows] for name, column in self._used.own.items()}
        before = self.used("deductible") - sum(own.values())
        account = self.number("account")
        for place, name in enumerate(self.cases.account_names, 1):
            before = np.where(account == place, own.get(name, 0), before)
        return before

    def _find_room(self) -> None:
        """Find what the caps leave, and the share above the one that leaves least."""
        self.left: Any = NO_CAP
        self.above: Any = 0
        for period in PERIODS:
            amount = self.number(f"cap {period}", NO_CAP)
            if isinstance(amount, int) and amount == NO_CAP:
                continue
            left = self._left_under(period, amount)
            tighter = left < self.left
            above = self.number(f"above {period}")
            if not isinstance(above, int) or above or not isinstance(self.above, int):
                self.above = np.where(tighter, above, self.above)
            self.left = np.where(tighter, left, self.left) if len(PERIODS) else left
        self.left = np.maximum(self.left, 0)
        overall = self.number("overall", NO_LIMIT)
        if isinstance(overall, int) and overall >= NO_LIMIT:
            self.overall: Any = NO_LIMIT
        else:
            free = np.maximum(overall - self.used("overall"), 0)
            self.overall = np.where(overall >= NO_LIMIT, NO_LIMIT, free)

    def _left_under(self, period: str, amount: Any) -> Any:
        carries = self.number(f"carries {period}")
        against = self.used(AGAINST[period])
        if isinstance(carries, int) and not carries:
            return amount - against
        if period == CapPeriod.VISIT:
            return amount - against
        if period == CapPeriod.YEAR:
            return amount + carries * self.used("carried") - against
        begun = self._months + 1 if period == CapPeriod.MONTH else self._months // 3 + 1
        carried = np.minimum(amount, NO_LIMIT) * begun - self.used("counted")
        return np.where(carries == 1, np.where(amount == NO_CAP, amount, carried), amount - against)

    def _pay_ordinary(self, eligible: Ints) -> None:
        payable = eligible - self.borne
        covered = payable
        if self.by_spending:
            covered = np.minimum(payable, np.maximum(self.left - self.borne, 0))
        start = self._start()
        reckoned = self._walk(start, covered)
        room = self.overall if self.by_spending else np.minimum(self.left, self.overall)
        self.fund = np.minimum(reckoned, room)
        self.counted = np.minimum(eligible, self.left) if self.by_spending else self.fund
        withheld = reckoned - self.fund
        if self.by_spending:
            withheld += payable - covered
        self.above_cap = withheld
        if isinstance(self.above, int) and not self.above:
            return
        self._pay_above(
            np.flatnonzero((withheld > 0) & (self.above > 0)), start, payable, covered, reckoned
        )

    def _start(self) -> Any:
        basis = self.terms.band_basis
        if basis == BY_ELIGIBLE:
            return self.used("eligible") + self.borne
        if basis == AFTER_DEDUCTIBLE:
            return self.used("eligible") - self.used("deductible")
        return self.used("visit_eligible") + self.borne

    def _walk(self, start: Any, length: Ints) -> Ints:
        end = start + length
        total = np.zeros(len(length), np.int64)
        for starts, until, ratio in self._bands():
            part = np.minimum(end, until)
            part -= np.maximum(start, starts)
            np.maximum(part, 0, out=part)
            part *= ratio
            part += HALF
            part //= WHOLE
            total += part
        return total

    def _bands(self) -> list[tuple[Any, Any, Any]]:
        return [
            (
                self.number(f"starts {place}", NO_LIMIT),
                self.number(f"until {place}", NO_LIMIT),
                self.number(f"ratio {place}"),
            )
            for place in range(self.cases.bands)
        ]

    def _pay_above(
        self, rows: Ints, start: Any, payable: Ints, covered: Ints, reckoned: Ints
    ) -> None:
        """Pay the further share of what lies above a cap, on the rows where there is one."""
        if not len(rows):
            return

        def some(column: Any) -> Any:
            return column if isinstance(column, int) else column[rows]

        fund = self.fund[rows]
        withheld = reckoned[rows] - fund
        low, part = some(start), covered[rows]
        beyond = payable[rows] - part
        for starts, until, ratio in reversed(self._bands()):
            within = np.minimum(low + part, some(until)) - np.maximum(low, some(starts))
            np.maximum(within, 0, out=within)
            share_in = some(ratio) + np.zeros_like(within)
            pays = shares(within, share_in)
            open_ = (within > 0) & (share_in > 0) & (withheld > 0)
            divisor = np.maximum(share_in, 1)
            partial = (2 * np.maximum(withheld, 0) * WHOLE + divisor) // (2 * divisor)
            beyond += np.where(open_, np.where(pays <= withheld, within, partial), 0)
            withheld -= np.where(open_, pays, 0)
        above = np.minimum(shares(beyond, some(self.above)), some(self.overall) - fund)
        self.fund = self.fund.copy()
        self.fund[rows] = fund + above
        self.above_cap[rows] = np.maximum(self.above_cap[rows] - above, 0)

    def _pay_items(self, special: dict[str, Ints]) -> None:
        """Pay items by their own rules; those not left out count, held to what the caps leave."""
        for kind, eligible in special.items():
            counts = self.number(f"counts {kind}") * np.ones_like(eligible)
            spending_left = self.left - self.counted if self.by_spending else NO_LIMIT
            covered = np.where(counts == 1, np.minimum(eligible, spending_left), eligible)
            fixed = self.number(f"fixed {kind}", -1)
            pays = np.where(
                fixed >= 0,
                np.minimum(fixed, covered),
                shares(covered, self.number(f"share {kind}")),
            )
            fund_left = self.overall - self.adds_fund
            if not self.by_spending:
                fund_left = np.minimum(self.left - self.counted, fund_left)
            pays = np.where(counts == 1, np.minimum(pays, fund_left), pays)
            self.adds_eligible = self.adds_eligible + counts * eligible
            self.adds_fund = self.adds_fund + counts * pays
            self.counted = self.counted + counts * (covered if self.by_spending else pays)
            self.fund = self.fund + pays
