"""What each case is paid by, as columns: found once by the scalar engine, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from policies.engine.benefit import remembered
from policies.engine.bill import Bill, Person, Where
from policies.engine.columns.bill import REASONS
from policies.engine.columns.person import STATUSES, Ints
from policies.engine.errors import PolicyError
from policies.engine.limits import limit_of
from policies.engine.money import NO_LIMIT
from policies.engine.requirements import HAND
from policies.engine.series import Series
from policies.engine.tables import CareTables, Case, Plan
from policies.engine.vocabulary import CapPeriod, Channel, Reason

PERIODS = tuple(period.value for period in CapPeriod)
NO_CAP = 1 << 60
"""The amount of a cap that a plan has not: more than any cap that has no figure."""

DENSE = 1 << 20
"""So many possible cases are looked up directly; more, only those that occur."""


class Asked(NamedTuple):
    """What tells cases apart: places in the wheres, standings, statuses, brackets and years."""

    where: int
    standing: int
    status: int
    bracket: int
    hand: int
    year: int


class Memory:
    """The places of codes met so far, dense or sparse."""

    def __init__(self, size: int) -> None:
        self._dense = np.full(size, -1, np.int64) if size <= DENSE else None
        self._known: dict[int, int] = {}

    def places(self, codes: Ints, compile_case: Callable[[int], int]) -> Ints:
        """The place of each code; one met for the first time is compiled."""
        if self._dense is None:
            return self._sparse_places(codes, compile_case)
        places = self._dense.take(codes)
        if places.min() < 0:
            for code in np.unique(codes[places < 0]).tolist():
                self._dense[code] = compile_case(code)
            places = self._dense.take(codes)
        return places

    def _sparse_places(self, codes: Ints, compile_case: Callable[[int], int]) -> Ints:
        distinct, back = np.unique(codes, return_inverse=True)
        for code in distinct.tolist():
            if code not in self._known:
                self._known[code] = compile_case(code)
        return np.array([self._known[code] for code in distinct.tolist()], np.int64)[back]


class Parameters:
    """Named numbers by place; one that is the same in all places is a plain number."""

    def __init__(self) -> None:
        self._rows: list[dict[str, int]] = []
        self._taken: dict[str, Ints | int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: dict[str, int]) -> None:
        """Keep the numbers of one more place."""
        self._rows.append(row)
        self._taken.clear()

    def of(self, name: str, places: Ints, default: int = 0) -> Any:
        """A number for each row's place: an array, or one number where all places agree."""
        column = self._taken.get(name)
        if column is None:
            column = self._taken[name] = self._column(name, default)
        return column if isinstance(column, int) else column.take(places)

    def _column(self, name: str, default: int) -> Ints | int:
        found = [row.get(name, default) for row in self._rows] or [default]
        return np.array(found, np.int64) if len(set(found)) > 1 else found[0]


class CaseColumns:
    """The cases of a kind of care, compiled as they are met."""

    def __init__(
        self,
        care: CareTables,
        wheres: tuple[Where, ...],
        standings: tuple[Person, ...],
        years: range,
        series: Series,
        *,
        by_hand: bool,
    ) -> None:
        self.care = care
        self.bands = 0
        self.parameters = Parameters()
        self.reasons = np.zeros(0, np.int8)
        self.may_pay = np.zeros(0, np.bool_)
        self.plans = np.zeros(0, np.int64)
        self._cases: list[tuple[int, bool, int]] = []
        self._plans: dict[tuple[int, int], int] = {}
        self.errors: dict[int, PolicyError] = {}
        self._wheres, self._standings, self._years, self._series = wheres, standings, years, series
        self._sizes = Asked(
            len(wheres), len(standings), len(STATUSES), len(care.ages) + 1, 1 + by_hand, len(years)
        )
        self._memory = Memory(int(np.prod([float(size) for size in self._sizes])))
        self.account_names: list[str] = []

    def places(self, asked: tuple[Any, ...]) -> Ints:
        """The case of each row, asked for by arrays (or single numbers) in the order of Asked."""
        codes = asked[0]
        for column, size in zip(asked[1:], self._sizes[1:], strict=True):
            if size > 1:
                codes = codes * size
                codes += column
        places = self._memory.places(codes, self._compile)
        if len(self.reasons) < len(self._cases):
            reasons, may_pay, plans = zip(*self._cases, strict=True)
            self.reasons = np.array(reasons, np.int8)
            self.may_pay, self.plans = np.array(may_pay, np.bool_), np.array(plans, np.int64)
        return places

    def _asked(self, code: int) -> Asked:
        places = []
        for size in reversed(self._sizes[1:]):
            code, place = divmod(code, size)
            places.append(place)
        return Asked(code, *reversed(places))

    def _compile(self, code: int) -> int:
        asked = self._asked(code)
        where, person = self._wheres[asked.where], self._standings[asked.standing]
        channel = HAND if asked.hand else Channel.ONLINE.value
        bill = Bill(date.min, (), where, self.care.terms.care, channel)
        age = self.care.ages[asked.bracket - 1] if asked.bracket else 0
        case = remembered(self.care, bill, person, STATUSES[asked.status], age)
        failed = next(
            (refused for passes, refused in case.tests if not passes(where, person)), None
        )
        reason, may_pay = (failed.reason, failed.account_may_pay) if failed else ("", True)
        if failed is None and asked.hand and not self.care.terms.hand_open:
            reason, may_pay = Reason.NO_HAND_CLAIM.value, False
        plan = 0 if reason else self._plan(case, asked.year)
        self._cases.append((REASONS.index(reason), may_pay, plan))
        return len(self._cases) - 1

    def _plan(self, case: Case, year: int) -> int:
        """The place of a case's plan; what its tables leave open is kept until a row needs it."""
        try:
            plan = case.plan()
            key = id(plan), year
            if key not in self._plans:
                self.parameters.add(dict(self._numbers(plan, self._years[year])))
                self._plans[key] = len(self._plans)
            return self._plans[key]
        except PolicyError as undecided:
            self.errors[len(self._cases)] = undecided
            return 0

    def _numbers(self, plan: Plan, year: int) -> Iterator[tuple[str, int]]:
        row = plan.deductible
        yield "deductible", row.amount
        yield "ceiling", NO_LIMIT if row.yearly_ceiling is None else row.yearly_ceiling
        yield "account", self._account(row.account)
        self.bands = max(self.bands, len(plan.bands))
        for place, band in enumerate(plan.bands):
            yield f"starts {place}", band.starts
            yield f"until {place}", band.until
            yield f"ratio {place}", band.ratio
        yield from self._caps(plan, year)
        for kind, item in plan.items.items():
            yield f"item {kind}", 1
            yield f"share {kind}", item.share
            yield f"fixed {kind}", -1 if item.fixed is None else item.fixed
            yield f"counts {kind}", int(not item.left_out)

    def _caps(self, plan: Plan, year: int) -> Iterator[tuple[str, int]]:
        provisional = False
        for cap in plan.caps:
            amount, stands_in = limit_of(cap, year, self._series)
            provisional = provisional or stands_in
            yield f"cap {cap.period}", amount
            yield f"carries {cap.period}", int(cap.carries_over)
            yield f"above {cap.period}", cap.above
        yield "counts in overall", int(plan.counts_in_overall)
        if plan.overall is not None and plan.counts_in_overall:
            amount, stands_in = limit_of(plan.overall, year, self._series)
            provisional = provisional or stands_in
            yield "overall", amount
        yield "provisional", int(provisional)

    def _account(self, name: str) -> int:
        """The place of a deductible account: 0 the shared one."""
        if not name:
            return 0
        if name not in self.account_names:
            self.account_names.append(name)
        return self.account_names.index(name) + 1
