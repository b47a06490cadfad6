"""Ages and statuses of many people at once (rules §3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from policies.engine.vocabulary import Status

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
ShortDays = npt.NDArray[np.int32]
Number = TypeVar("Number", bound=np.generic)

STATUSES = tuple(status.value for status in Status)
"""Statuses by their code in columns."""

EPOCH = date(1970, 1, 1)
NEVER = np.int64(2**40)
"""A day, counted from 1970, that does not come."""


def as_days(days: Days) -> Ints:
    """Days as whole days since 1970; a missing one (NaT) as a day that does not come."""
    counted = counted_days(days).copy()
    counted[np.isnat(days)] = NEVER
    return counted


def counted_days(days: Days) -> Ints:
    """Days as whole days since 1970, none of them missing; a view where they are days already."""
    return days.astype("datetime64[D]", copy=False).view(np.int64)


def day_number(day: date) -> int:
    """One day as whole days since 1970."""
    return (day - EPOCH).days


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleColumns:
    """Birth days and dated statuses, one person a row.

    `status` holds the codes of STATUSES in the order of their days, `changed_on` those days, NaT
    where a person has no further change; both have as many columns as the longest history.
    """

    born: Days
    status: Codes
    changed_on: Days

    @classmethod
    def of(cls, people: Sequence[tuple[date, Sequence[tuple[date, str]]]]) -> PeopleColumns:
        """Lay out people given as birth day and dated statuses, earliest first."""
        longest = max((len(statuses) for _, statuses in people), default=1)
        status = np.zeros((len(people), max(longest, 1)), np.int8)
        changed_on = np.full(status.shape, np.datetime64("NaT", "D"))
        for row, (_, statuses) in enumerate(people):
            for place, (day, name) in enumerate(statuses):
                status[row, place] = STATUSES.index(name)
                changed_on[row, place] = np.datetime64(day, "D")
        born = np.array([born for born, _ in people], "datetime64[D]")
        return cls(born=born, status=status, changed_on=changed_on)

    def __len__(self) -> int:
        return len(self.born)

    def birth_codes(self) -> Ints:
        """Birth days as codes whose difference from a day's code is the age (see `age_code`)."""
        months = self.born.astype("datetime64[M]")
        counted = months.astype(np.int64)
        in_month = (self.born - months.astype("datetime64[D]")).astype(np.int64) + 1
        codes: Ints = (counted // 12 + 1970) * 512 + (counted % 12 + 1) * 32 + in_month
        return codes


class Histories:
    """The statuses of people, one change after the other, in the narrowest numbers that hold them.

    Narrow, for these are looked up at random places: half the bytes take half the time.
    """

    __slots__ = ("_changes", "_first")

    def __init__(self, people: PeopleColumns) -> None:
        self._first = np.ascontiguousarray(people.status[:, 0])
        self._changes = [
            (short_days(people.changed_on[:, place]), people.status[:, place].copy())
            for place in range(1, people.status.shape[1])
        ]

    def on(self, rows: Ints | slice, changed_before: Any) -> Codes:
        """The status after the last change before a day, given for each row or for all."""
        status = at(self._first, rows).copy()
        for changed_on, later in self._changes:
            changed = (at(changed_on, rows) < changed_before).view(np.int8)
            status += changed * (at(later, rows) - status)
        return status


def short_days(days: Days) -> ShortDays:
    """Days since 1970 in 32 bits; a missing one (NaT) as a day that does not come."""
    counted: ShortDays = counted_days(days).astype(np.int32)
    counted[np.isnat(days)] = np.iinfo(np.int32).max
    return counted


def at(column: npt.NDArray[Number], rows: Ints | slice) -> npt.NDArray[Number]:
    """Some rows of a column: a stretch of them, or those at the given places."""
    return column[rows] if isinstance(rows, slice) else column.take(rows)


def age_code(day: date) -> int:
    """A day's code: an age is the difference of two codes in whole 512ths."""
    return day.year * 512 + day.month * 32 + day.day


class Calendar:
    """Answers that depend on the day alone, reckoned once for each day that occurs."""

    __slots__ = ("_count", "_first")

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._count = last - first + 1

    def table(self, answer: Callable[[date], int]) -> Ints:
        """One answer a day, to be looked up by :meth:`places`."""
        first = EPOCH + timedelta(days=self._first)
        days = (first + timedelta(days=place) for place in range(self._count))
        return np.fromiter((answer(day) for day in days), np.int64, self._count)

    def places(self, days: Ints) -> Ints:
        return days - self._first
