"""A member's totals while they are settled in memory, as the settlement trigger moves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bureau.clock import add_months, month_of
from claims.population.tables import SettlementRow
from claims.settlement.selectors import used
from members.models import YearTotal
from members.models.year_total import ALL_CARE
from policies.engine.bill import NOTHING_OWN, Used
from policies.engine.money import fen
from policies.engine.tables import CareTables
from policies.engine.vocabulary import CapPeriod


class RunningTotal:
    """The total of one kind of care and year, with the settlements that it is the sum of."""

    def __init__(self, total: YearTotal) -> None:
        self.total = total
        self._settled: list[SettlementRow] = []

    def take(self, settled: SettlementRow) -> None:
        """Add what a settlement or a reversal adds."""
        total = self.total
        total.eligible += settled["adds_eligible"]
        total.deductible += settled["adds_deductible"]
        total.fund += settled["adds_fund"]
        total.counted += settled["adds_counted"]
        self._settled.append(settled)

    def before(self, visit_id: int, day: date, care: CareTables, overall: YearTotal | None) -> Used:
        """What was used before a bill, as `claims.settlement.selectors.used.before` reads it."""
        total = self.total
        of_visit = self._of_visit(visit_id) if used.asks_for_visit(care) else (0, 0, 0)
        return Used(
            eligible=fen(total.eligible),
            deductible=fen(total.deductible),
            counted=fen(total.counted),
            carried=fen(total.carried),
            overall=fen(overall.counted) if overall else 0,
            visit_eligible=of_visit[0],
            visit_deductible=of_visit[1],
            visit_counted=of_visit[2],
            month_counted=self._since(care, CapPeriod.MONTH, month_of(day), 1),
            quarter_counted=self._since(care, CapPeriod.QUARTER, care.terms.quarter_from(day), 3),
            own=self._own() if any(row.account for row in care.deductibles) else NOTHING_OWN,
        )

    def _of_visit(self, visit_id: int) -> tuple[int, int, int]:
        same = [one for one in self._settled if one["visit_id"] == visit_id]
        return (
            sum(fen(one["adds_eligible"]) for one in same),
            sum(fen(one["adds_deductible"]) for one in same),
            sum(fen(one["adds_counted"]) for one in same),
        )

    def _since(self, care: CareTables, period: CapPeriod, first: date, months: int) -> int:
        if not used.has_cap(care, period):
            return 0
        last = add_months(first, months)
        within = (one for one in self._settled if first <= one["day"] < last)
        return sum(fen(one["adds_counted"]) for one in within)

    def _own(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in self._settled:
            account = one["deductible_account"]
            if account:
                found[account] = found.get(account, 0) + fen(one["adds_deductible"])
        return found


class RunningTotals:
    """All totals of one member."""

    def __init__(self, member_id: int, area_id: str, ids: Iterator[int]) -> None:
        self._member_id = member_id
        self._area_id = area_id
        self._ids = ids
        self.opened: list[YearTotal] = []
        self._totals: dict[tuple[str, int], RunningTotal] = {}

    def of(self, care: str, year: int, on: date) -> RunningTotal:
        """The total of a kind of care and a year, opened when it is first asked for."""
        found = self._totals.get((care, year))
        if found is None:
            found = RunningTotal(self._open(care, year, on))
            self._totals[care, year] = found
        return found

    def _open(self, care: str, year: int, on: date) -> YearTotal:
        total = YearTotal(
            id=next(self._ids),
            member_id=self._member_id,
            area_id=self._area_id,
            care=care,
            year=year,
            opened_on=on,
        )
        self.opened.append(total)
        return total

    def take(self, settled: SettlementRow) -> None:
        """Add what a settlement adds, to its own total and to the overall one."""
        year, on = settled["policy_year"], settled["made_on"]
        self.of(settled["care"], year, on).take(settled)
        if settled["adds_overall"]:
            overall = self.of(ALL_CARE, year, on).total
            overall.fund += settled["adds_overall"]
            overall.counted += settled["adds_overall"]
