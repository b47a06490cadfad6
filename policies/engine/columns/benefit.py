"""Settle many bills at once, equal to `engine.settle` to the fen, without its steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from policies.engine.benefit import PHARMACY
from policies.engine.columns.bill import (
    REASONS,
    LineColumns,
    OutcomeColumns,
    SplitColumns,
    VisitColumns,
)
from policies.engine.columns.payment import PaymentColumns
from policies.engine.columns.person import (
    EPOCH,
    Calendar,
    Flags,
    Histories,
    Ints,
    age_code,
    as_days,
    at,
    counted_days,
    day_number,
)
from policies.engine.columns.tables import CaseColumns
from policies.engine.person import changed_before, counted_until
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import CareTables
from policies.engine.vocabulary import Reason

CHUNK = 1 << 14
"""Rows reckoned at a time: few enough that a chunk's columns stay in the processor's cache."""

LATE = REASONS.index(Reason.LATE)
OLDEST = 200


def settle_columns(
    tables: CareTables, visits: VisitColumns, series: Series = NO_FIGURES, *, chunk: int = CHUNK
) -> OutcomeColumns:
    """Settle visits of one kind of care, each with what was used before it.

    Raises what `settle` raises, where the tables do not decide a case that occurs.
    """
    outcome = OutcomeColumns.empty(len(visits))
    if len(visits):
        settling = _Settling(tables, visits, series)
        for start in range(0, len(visits), chunk):
            settling.settle(slice(start, min(start + chunk, len(visits))), outcome)
    return outcome


class _Settling:
    """What all chunks of one call share: calendar, people and the cases met so far."""

    def __init__(self, tables: CareTables, visits: VisitColumns, series: Series) -> None:
        terms = tables.terms
        first, last = visits.days.min().item(), visits.days.max().item()
        self.tables, self.visits = tables, visits
        self.calendar = Calendar((first - EPOCH).days, (last - EPOCH).days)
        self.years = self.calendar.table(terms.policy_year)
        self.months = self.calendar.table(lambda day: (day.month - terms.year_starts) % 12)
        self.histories = Histories(visits.people)
        before = self.calendar.table(lambda day: day_number(changed_before(terms.status_rule, day)))
        self.changed_before = before.astype(np.int32)
        self.first_year = int(self.years[0])
        years = range(self.first_year, int(self.years[-1]) + 1)
        self.cases = CaseColumns(
            tables,
            visits.wheres,
            visits.standings,
            years,
            series,
            by_hand=visits.by_hand is not None,
        )
        self.kinds = tuple(sorted({kind for row in tables.items for kind in row.item_kinds}))
        self.pharmacies = np.array([where.kind == PHARMACY for where in visits.wheres], np.bool_)
        if tables.ages:
            self._prepare_ages()

    def _prepare_ages(self) -> None:
        """The code of each day for ages, those of births, and the bracket of each age."""
        rule = self.tables.terms.age_rule
        self.age_codes = self.calendar.table(lambda day: age_code(counted_until(rule, day)))
        self.births = self.visits.people.birth_codes().astype(np.int32)
        ages = np.arange(-1, OLDEST + 1)
        self.brackets = np.searchsorted(np.array(self.tables.ages), ages, side="right")

    def settle(self, rows: slice, outcome: OutcomeColumns) -> None:
        """Settle one chunk into the outcome."""
        visits = self.visits
        days = counted_days(visits.days[rows])
        places = self.calendar.places(days)
        people = rows if visits.person is None else visits.person[rows]
        years = self.years.take(places)
        hand = 0 if visits.by_hand is None else visits.by_hand[rows]
        case = self.cases.places(
            (
                visits.where[rows],
                visits.standing[rows],
                self.histories.on(people, self.changed_before.take(places)),
                self._brackets(people, places),
                hand,
                years - self.first_year,
            )
        )
        reason, may_pay = self._tested(case, rows, days, places)
        split = self._split(rows)
        passed = reason == 0
        payment = PaymentColumns(self.cases, case, visits.used, rows, self.months.take(places))
        payment.pay(
            split.eligible * passed, {kind: part * passed for kind, part in split.by_kind.items()}
        )
        outcome.reason[rows] = reason
        outcome.policy_year[rows] = years
        outcome.provisional[rows] = (payment.number("provisional") == 1) & passed
        self._write(rows, split, payment, may_pay, outcome)

    def _brackets(self, people: Any, places: Ints) -> Any:
        if not self.tables.ages:
            return 0
        age = self.age_codes.take(places)
        age -= at(self.births, people)
        age >>= 9
        age += 1
        return self.brackets.take(age, mode="clip")

    def _tested(self, case: Ints, rows: slice, days: Ints, places: Ints) -> tuple[Any, Flags]:
        """The reason against each bill (0: none) and whether the account may pay."""
        reason, may_pay = self.cases.reasons.take(case), self.cases.may_pay.take(case)
        if self.visits.by_hand is not None:
            late = self._late(rows, days, places) & (reason == 0)
            reason[late] = LATE
            may_pay[late] = False
        if self.cases.errors:
            undecided = np.isin(case, list(self.cases.errors)) & (reason == 0)
            if undecided.any():
                raise self.cases.errors[int(case[undecided][0])]
        return reason, may_pay

    def _late(self, rows: slice, days: Ints, places: Ints) -> Flags:
        """Which hand claims came after their last day."""
        terms, visits = self.tables.terms, self.visits
        if visits.by_hand is None or visits.claimed_on is None or terms.hand_until_day is None:
            return np.zeros(len(days), np.bool_)

        def last_day(day: Any) -> int:
            return ((terms.last_claim_day(day) or day) - EPOCH).days

        missing = np.isnat(visits.claimed_on[rows])
        claimed = np.where(missing, days, as_days(visits.claimed_on[rows]))
        return visits.by_hand[rows] & (claimed > self.calendar.table(last_day)[places])

    def _split(self, rows: slice) -> SplitColumns:
        amounts = self.visits.amounts
        if isinstance(amounts, LineColumns):
            drugs_only = None
            if self.tables.terms.pharmacy_drugs_only:
                drugs_only = self.pharmacies[self.visits.where[rows]]
            return amounts.split(rows, drugs_only, self.kinds)
        return amounts.part(rows)

    def _write(
        self,
        rows: slice,
        split: SplitColumns,
        payment: PaymentColumns,
        may_pay: Flags,
        outcome: OutcomeColumns,
    ) -> None:
        outcome.self_funded[rows] = split.self_funded
        outcome.over_standard[rows] = split.over_standard
        outcome.pre_self_pay[rows] = split.pre_self_pay
        outcome.eligible[rows] = split.eligible
        outcome.deductible[rows] = payment.borne
        outcome.fund[rows] = payment.fund
        outcome.above_cap[rows] = payment.above_cap
        outcome.adds_eligible[rows] = payment.adds_eligible
        outcome.adds_fund[rows] = payment.adds_fund
        outcome.adds_counted[rows] = payment.counted
        outcome.adds_overall[rows] = payment.adds_overall
        if self.visits.account_can_pay is None:
            outcome.account[rows] = 0
            return
        personal = split.self_funded + split.over_standard
        personal += split.pre_self_pay
        personal += split.eligible
        personal -= payment.fund
        outcome.account[rows] = np.minimum(personal, self.visits.account_can_pay[rows]) * may_pay
