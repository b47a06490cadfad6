"""Reckon one month's credits of many members at once, equal to `engine.credit` to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import prod
from typing import Any

import numpy as np

from policies.engine.columns.member import NO_CREDITS, CreditColumns, CreditOutcomeColumns
from policies.engine.columns.payment import shares
from policies.engine.columns.person import (
    NEVER,
    STATUSES,
    Codes,
    Flags,
    Histories,
    Ints,
    as_days,
    counted_days,
    day_number,
)
from policies.engine.columns.tables import Memory, Parameters
from policies.engine.credit import Base, CreditPerson, base_of
from policies.engine.match import CreditProfile
from policies.engine.person import age_under, changed_before
from policies.engine.rows import Credit
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import CreditTables
from policies.engine.vocabulary import CreditBase, NoCredit, Status

CHUNK = 1 << 15
OWN_COLUMN = {
    CreditBase.CONTRIBUTION.value: "contribution_base",
    CreditBase.PENSION.value: "pension",
    CreditBase.RETIREMENT_PENSION.value: "retirement_pension",
    CreditBase.FROZEN.value: "frozen",
}
LACKING = {
    base: NO_CREDITS.index(
        NoCredit.NOT_RECEIVED if base == CreditBase.CONTRIBUTION else NoCredit.BASE_MISSING
    )
    for base in OWN_COLUMN
}
NO_RULE = NO_CREDITS.index(NoCredit.NO_RULE)
RETIRED, FLEXIBLE = STATUSES.index(Status.RETIRED), STATUSES.index(Status.FLEXIBLE)


def credit_columns(
    tables: CreditTables,
    members: CreditColumns,
    month: date,
    series: Series = NO_FIGURES,
    *,
    chunk: int = CHUNK,
) -> CreditOutcomeColumns:
    """Reckon what is owed to members for a month (its first day); raises TwoRows as `credit`."""
    count = len(members)
    tops = [place for place, row in enumerate(tables.credits) if row.on_top]
    outcome = CreditOutcomeColumns(
        amount=np.zeros(count, np.int64),
        main=np.full(count, -1, np.int64),
        main_amount=np.zeros(count, np.int64),
        on_top={place: np.zeros(count, np.int64) for place in tops},
        provisional=np.zeros(count, np.bool_),
        reason=np.zeros(count, np.int8),
    )
    crediting = _Crediting(tables, members, month, series)
    for start in range(0, count, chunk):
        crediting.credit(slice(start, min(start + chunk, count)), outcome)
    return outcome


class _Crediting:
    """What all chunks of one month share."""

    def __init__(
        self, tables: CreditTables, members: CreditColumns, month: date, series: Series
    ) -> None:
        terms, people = tables.terms, members.people
        self.tables, self.members, self.month, self.series = tables, members, month, series
        self.histories = Histories(people)
        self.changed_before = day_number(changed_before(terms.status_rule, month))
        self.born_by = [born_by(age, terms.age_rule, month) for age in tables.ages]
        self.retirements = np.array([day_number(day) for day in tables.retirements], np.int64)
        self.looks_back = bool(tables.retirements or terms.flexible_retirees_as)
        retirements, flexible = (len(tables.retirements) + 2, 2) if self.looks_back else (1, 1)
        self.sizes = (len(STATUSES), len(tables.ages) + 1, retirements, flexible)
        self.memory = Memory(len(members.standings) * prod(self.sizes))
        self.parameters = Parameters()
        self.bases: list[str] = []

    def credit(self, rows: slice, outcome: CreditOutcomeColumns) -> None:
        """Reckon one chunk into the outcome."""
        case = self._cases(rows)
        missing = self._column("refused", case).astype(np.int8)
        self._add_main(case, rows, missing, outcome)
        for place in outcome.on_top:
            applies = self._column(f"on top {place}", case) == 1
            if applies.any():
                self._add_on_top(place, applies, rows, missing, outcome)
        missing[missing == 0] = NO_RULE
        missing[outcome.amount[rows] != 0] = 0
        outcome.reason[rows] = missing

    def _column(self, name: str, case: Ints) -> Any:
        """A number for each member's case."""
        return np.broadcast_to(self.parameters.of(name, case), len(case))

    def _add_main(
        self, case: Ints, rows: slice, missing: Codes, outcome: CreditOutcomeColumns
    ) -> None:
        """What the main rules give: a rate of an own base, or what is the same for all."""
        amount = np.array(self._column("constant", case))
        for base in self.bases:
            own, lacking = self._own(base, rows)
            lacking &= self.parameters.of(f"uses {base}", case) == 1
            amount += shares(own, self.parameters.of(f"rate {base}", case))
            if lacking.any():
                amount[lacking] = 0
                missing[lacking] = LACKING[base]
        lacks = self.parameters.of("lacks", case)
        if not isinstance(lacks, int) or lacks:
            np.copyto(missing, lacks, where=missing == 0, casting="unsafe")
        outcome.amount[rows] = outcome.main_amount[rows] = amount
        outcome.main[rows] = np.where(amount != 0, self.parameters.of("main", case, -1), -1)
        outcome.provisional[rows] = (self.parameters.of("provisional", case) == 1) & (amount != 0)

    def _own(self, base: str, rows: slice) -> tuple[Ints, Flags]:
        """The members' own figures for a base, 0 where lacking, and where that is."""
        column: Ints | None = getattr(self.members, OWN_COLUMN[base])
        count = rows.stop - rows.start
        if column is None:
            return np.zeros(count, np.int64), np.ones(count, np.bool_)
        own = column[rows]
        lacking: Flags = own < 0
        if base == CreditBase.CONTRIBUTION:
            received = self.members.contribution_received
            lacking |= True if received is None else ~received[rows]
        return np.maximum(own, 0), lacking

    def _add_on_top(
        self,
        place: int,
        applies: Flags,
        rows: slice,
        missing: Codes,
        outcome: CreditOutcomeColumns,
    ) -> None:
        """Add what one rule on top gives to the members that it applies to."""
        row = self.tables.credits[place]
        if row.base in OWN_COLUMN:
            own, lacking = self._own(row.base, rows)
            amount: Any = shares(own, row.whole_rate)
            lacks, provisional = LACKING[row.base], False
        else:
            base = self._same_for_all(row)
            amount, lacks, provisional = base.amount or 0, _code(base), base.provisional
            lacking = np.full(len(applies), base.amount is None)
        missing[applies & lacking & (missing == 0)] = lacks
        paid = np.where(applies & ~lacking, amount + row.supplement, 0)
        outcome.on_top[place][rows] = paid
        outcome.amount[rows] += paid
        if provisional:
            outcome.provisional[rows] |= paid != 0

    def _same_for_all(self, row: Credit) -> Base:
        """The base of a rule that looks at no figure of the member's own."""
        return base_of(row, self.members.standings[0], self.month, self.series)

    def _cases(self, rows: slice) -> Ints:
        """The case of each member: standing, status, age, retirement, flexible before it."""
        people, members = self.members.people, self.members
        born = counted_days(people.born[rows])
        age = sum((born <= latest for latest in self.born_by), np.zeros(1, np.int64))
        retired, flexible = self._retirement(rows)
        codes = members.standing[rows]
        status = self.histories.on(rows, self.changed_before)
        for column, size in zip((status, age, retired, flexible), self.sizes, strict=True):
            if size > 1:
                codes = codes * size
                codes += column
        return self.memory.places(codes, self._compile)

    def _retirement(self, rows: slice) -> tuple[Any, Any]:
        """The bracket of the last retirement (0: none) and whether the first followed flexible."""
        if not self.looks_back:
            return 0, 0
        status, changed = self.members.people.status[rows], self.members.people.changed_on[rows]
        days = as_days(changed)
        retired = (status == RETIRED) & (days <= day_number(self.month))
        last = np.where(retired, days, -NEVER).max(axis=1)
        bracket = np.searchsorted(self.retirements, last, side="right") + 1
        before = np.zeros_like(retired)
        before[:, 1:] = status[:, :-1] == FLEXIBLE
        first = np.argmax(retired, axis=1)[:, None]
        flexible = np.take_along_axis(before & retired, first, axis=1)[:, 0]
        return np.where(last == -NEVER, 0, bracket), flexible

    def _compile(self, code: int) -> int:
        """Find the rules of a case."""
        places = []
        for size in reversed(self.sizes):
            code, place = divmod(code, size)
            places.append(place)
        flexible, retired, bracket, status = places
        person = self.members.standings[code]
        refused = self._refused(person)
        found: tuple[Credit, ...] = ()
        if not refused:
            profile = self._profile(person, STATUSES[status], bracket, retired, bool(flexible))
            found = self.tables.rows(profile)
        numbers = {"refused": NO_CREDITS.index(refused), "main": -1}
        for row in found:
            numbers.update(self._numbers(row))
        self.parameters.add(numbers)
        return len(self.parameters) - 1

    def _numbers(self, row: Credit) -> Iterator[tuple[str, int]]:
        """The numbers of one rule of a case."""
        place = next(place for place, one in enumerate(self.tables.credits) if one is row)
        if row.on_top:
            yield f"on top {place}", 1
            return
        yield "main", place
        if row.base in OWN_COLUMN:
            if row.base not in self.bases:
                self.bases.append(row.base)
            yield f"uses {row.base}", 1
            yield f"rate {row.base}", row.whole_rate
            yield "constant", row.supplement
            return
        base = self._same_for_all(row)
        if base.amount is None:
            yield "lacks", _code(base)
        else:
            yield "constant", base.amount + row.supplement
            yield "provisional", int(base.provisional)

    def _refused(self, person: CreditPerson) -> str:
        if self.tables.terms.account_needed and not person.has_account:
            return NoCredit.NO_ACCOUNT.value
        return "" if person.insured else NoCredit.NOT_INSURED.value

    def _profile(
        self, person: CreditPerson, status: str, bracket: int, retired: int, flexible: bool
    ) -> CreditProfile:
        group = self.tables.terms.flexible_retirees_as if flexible else ""
        retired_on = None
        if retired:
            retired_on = self.tables.retirements[retired - 2] if retired > 1 else date.min
        return CreditProfile(
            self.month,
            status,
            self.tables.ages[bracket - 1] if bracket else 0,
            group or person.employer_group,
            person.special_groups,
            person.supplementary_scheme,
            retired_on,
        )


def _code(base: Base) -> int:
    """The code of what a base lacks."""
    return NO_CREDITS.index(base.missing)


def born_by(age: int, rule: str, month: date) -> int:
    """The last birth day, counted from 1970, of those who are of an age in a month."""
    latest = date(month.year - age, month.month, 1)
    while age_under(rule, latest, month) < age:
        latest = date.fromordinal(latest.toordinal() - 1)
    return day_number(latest)
