"""Reckon one month's credits of many members at once, equal to `engine.credit` to the fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from policies.engine.columns.payment import shares
from policies.engine.columns.person import (
    NEVER,
    STATUSES,
    Codes,
    Flags,
    Histories,
    Ints,
    PeopleColumns,
    as_days,
    day_number,
)
from policies.engine.columns.tables import Memory
from policies.engine.credit import CreditPerson, base_of
from policies.engine.match import CreditProfile
from policies.engine.person import age_under
from policies.engine.rows import Credit
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import CreditTables
from policies.engine.vocabulary import CreditBase, NoCredit, Status

CHUNK = 1 << 15
NO_AMOUNT = -1
"""In a column of amounts: the member has none."""

NO_CREDITS = ("", *(reason.value for reason in NoCredit))
"""Reasons by their code in columns; reason 0: there is a credit."""

OWN_COLUMN = {
    CreditBase.CONTRIBUTION.value: "contribution_base",
    CreditBase.PENSION.value: "pension",
    CreditBase.RETIREMENT_PENSION.value: "retirement_pension",
    CreditBase.FROZEN.value: "frozen",
}
RETIRED, FLEXIBLE = STATUSES.index(Status.RETIRED), STATUSES.index(Status.FLEXIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditColumns:
    """Members in one month, one a row; amounts in int64 fen, NO_AMOUNT where there is none.

    `standing` is a place in the distinct standings that occur: of those, birth, statuses and
    amounts are not looked at. A column left out (None) says that no member has such an amount, or
    that no contribution has come in.
    """

    people: PeopleColumns
    standings: tuple[CreditPerson, ...]
    standing: Ints
    contribution_base: Ints | None = None
    contribution_received: Flags | None = None
    pension: Ints | None = None
    retirement_pension: Ints | None = None
    frozen: Ints | None = None

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditOutcomeColumns:
    """The month's credits, one member a row.

    `main` is the place of the main rule in `tables.credits` (−1: none pays), `main_amount` what it
    gives; `on_top` has the amounts of each rule on top by its place. `reason` is a code of
    NO_CREDITS.
    """

    amount: Ints
    main: Ints
    main_amount: Ints
    on_top: Mapping[int, Ints]
    provisional: Flags
    reason: Codes


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
        self.histories = Histories(people, terms.status_rule)
        self.born_by = [born_by(age, terms.age_rule, month) for age in tables.ages]
        self.retirements = np.array([day_number(day) for day in tables.retirements], np.int64)
        size = len(members.standings) * len(STATUSES) * (len(tables.ages) + 1)
        self.sizes = (len(STATUSES), len(tables.ages) + 1, len(self.retirements) + 2, 2)
        self.memory = Memory(size * self.sizes[2] * 2)
        self.rows: list[tuple[int, ...]] = []
        self.refusals: list[int] = []

    def credit(self, rows: slice, outcome: CreditOutcomeColumns) -> None:
        """Reckon one chunk into the outcome."""
        case = self._cases(rows)
        missing = np.array(self.refusals, np.int8)[case]
        for place in sorted({place for found in self.rows for place in found}, key=self._order):
            applies = np.array([place in found for found in self.rows])[case]
            self._add(place, applies, rows, missing, outcome)
        amount = outcome.amount[rows]
        nothing = np.where(missing == 0, NO_CREDITS.index(NoCredit.NO_RULE), missing)
        outcome.reason[rows] = np.where(amount != 0, 0, nothing)

    def _order(self, place: int) -> tuple[bool, int]:
        return self.tables.credits[place].on_top, place

    def _add(
        self,
        place: int,
        applies: Flags,
        rows: slice,
        missing: Codes,
        outcome: CreditOutcomeColumns,
    ) -> None:
        """Add what one rule gives to the members of a chunk that it applies to."""
        row = self.tables.credits[place]
        amounts, lacking, provisional = self._amounts(row, rows)
        if not isinstance(lacking, bool) or lacking:
            first = applies & lacking & (missing == 0)
            missing[first] = NO_CREDITS.index(_missing(row))
            applies = applies & ~np.asarray(lacking)
        paid = np.where(applies, amounts + row.supplement, 0)
        outcome.amount[rows] += paid
        if row.on_top:
            outcome.on_top[place][rows] = paid
        else:
            outcome.main[rows][paid != 0] = place
            outcome.main_amount[rows] += paid
        if provisional:
            outcome.provisional[rows] |= paid != 0

    def _amounts(self, row: Credit, rows: slice) -> tuple[Any, Any, bool]:
        """A rule's amounts, where its base is lacking, and whether it is provisional."""
        name = OWN_COLUMN.get(row.base)
        if name is None:
            base = base_of(row, self.members.standings[0], self.month, self.series)
            return base.amount or 0, base.amount is None, base.provisional
        column: Ints | None = getattr(self.members, name)
        if column is None:
            return 0, True, False
        lacking = column[rows] < 0
        if row.base == CreditBase.CONTRIBUTION:
            received = self.members.contribution_received
            lacking |= True if received is None else ~received[rows]
        return shares(np.maximum(column[rows], 0), row.whole_rate), lacking, False

    def _cases(self, rows: slice) -> Ints:
        """The case of each member: standing, status, age, retirement, flexible before it."""
        people, members = self.members.people, self.members
        month = day_number(self.month)
        place = slice(rows.start, rows.stop)
        born = people.born[place].astype("datetime64[D]").astype(np.int64)
        age = np.zeros(len(born), np.int64)
        for latest in self.born_by:
            age += born <= latest
        retired, flexible = self._retirement(place)
        codes = members.standing[rows]
        status = self.histories.on(place, month)
        for column, size in zip((status, age, retired, flexible), self.sizes, strict=True):
            codes = codes * size + column
        return self.memory.places(codes, self._compile)

    def _retirement(self, place: slice) -> tuple[Any, Any]:
        """The bracket of the last retirement (0: none) and whether the first followed flexible."""
        if not len(self.retirements) and not self.tables.terms.flexible_retirees_as:
            return 0, 0
        status, changed = self.members.people.status[place], self.members.people.changed_on[place]
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
        self.refusals.append(NO_CREDITS.index(refused))
        profile = self._profile(person, STATUSES[status], bracket, retired, bool(flexible))
        found = () if refused else self.tables.rows(profile)
        self.rows.append(tuple(_place(self.tables, row) for row in found))
        return len(self.rows) - 1

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


def _place(tables: CreditTables, row: Credit) -> int:
    return next(place for place, one in enumerate(tables.credits) if one is row)


def _missing(row: Credit) -> str:
    """What a rule lacks when it lacks its base."""
    if row.base == CreditBase.CONTRIBUTION:
        return NoCredit.NOT_RECEIVED.value
    if row.base == CreditBase.SERIES:
        return NoCredit.FIGURE_MISSING.value
    return (NoCredit.NO_RULE if row.base == CreditBase.NOTHING else NoCredit.BASE_MISSING).value


def born_by(age: int, rule: str, month: date) -> int:
    """The last birth day, counted from 1970, of those who are of an age in a month."""
    latest = date(month.year - age, month.month, 1)
    while age_under(rule, latest, month) < age:
        latest = date.fromordinal(latest.toordinal() - 1)
    return day_number(latest)
