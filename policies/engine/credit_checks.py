"""The domain of the credit table: status, day of retirement and month belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise, product
from typing import Any, NamedTuple

from policies.engine.domain import (
    Axis,
    Cube,
    age_axis,
    axis,
    cubes,
    group_axis,
    listed,
    merged,
)
from policies.engine.match import CreditProfile, within
from policies.engine.person import ONE_DAY, takes_effect
from policies.engine.rows import Credit, CreditTerms
from policies.engine.vocabulary import EmployerGroup, Status

ANY_MONTH = date(2000, 1, 1)
LONG_AGO = date(1990, 1, 1)


class Moment(NamedTuple):
    """A month with a status and, of the retired, the day of their retirement."""

    month: date
    status: str
    retired_on: date | None


def credit_cases(
    terms: CreditTerms, rows: Sequence[Credit]
) -> Iterator[tuple[CreditProfile, tuple[Credit, ...], tuple[str, ...]]]:
    """Cases that no main row answers or several do, with those rows and the fields that matter."""
    axes = _axes(terms, rows)
    bad = [cube for cube in cubes(axes, len(rows)) if cube.mask.bit_count() != 1]
    for cube in merged(bad) if rows else []:
        answering = tuple(row for place, row in enumerate(rows) if cube.mask >> place & 1)
        yield _profile(axes, cube), answering, _columns(axes, cube, rows)


def _axes(terms: CreditTerms, rows: Sequence[Credit]) -> list[Axis]:
    schemes = sorted({scheme for row in rows for scheme in row.supplementary_schemes})
    return [
        axis("moment", _moments(terms, rows), rows, lambda _: True, _covers),
        *(
            one
            for one in (
                age_axis(rows),
                listed("employer_group", "employer_groups", tuple(EmployerGroup), rows),
                group_axis(rows),
                listed("supplementary_scheme", "supplementary_schemes", ("", *schemes), rows),
            )
            if one.looking
        ),
    ]


def _covers(row: Credit, moment: Moment) -> bool:
    return (
        within(moment.month, row.month_from, row.month_until)
        and (not row.statuses or moment.status in row.statuses)
        and row.retired_within(moment.retired_on)
    )


def _moments(terms: CreditTerms, rows: Sequence[Credit]) -> list[Moment]:
    """One moment for each stretch of months, status and stretch of retirement days that can be."""
    retirements = _retirements(rows)
    pairs = [
        (status.value, retired)
        for status in Status
        for retired in (retirements if status == Status.RETIRED else [None])
    ]
    found = []
    for (first, last), (status, retired) in product(_months(rows), pairs):
        month = first
        if retired is not None:
            month = max(first, _first_month(terms, retired))
        if last is None or month < last:
            found.append(Moment(month, status, retired))
    return found


def _first_month(terms: CreditTerms, retired: date) -> date:
    """The first month that finds someone retired."""
    effect = takes_effect(terms.status_rule, retired, False)
    if effect.day == 1:
        return effect
    return date(effect.year + effect.month // 12, effect.month % 12 + 1, 1)


def _months(rows: Sequence[Credit]) -> list[tuple[date, date | None]]:
    """The stretches between the months at which some row begins or ends.

    Months before the first row begins, or after the last one ends, are not the table's to answer.
    """
    starts = [row.month_from for row in rows if row.month_from is not None]
    ends = [row.month_until for row in rows if row.month_until is not None]
    edges: list[date | None] = [*sorted({*starts, *ends})]
    if len(starts) < len(rows):
        first = edges[0] if edges else None
        edges.insert(0, ANY_MONTH if first is None else _month_before(first))
    if len(ends) < len(rows):
        edges.append(None)
    return [(first, last) for first, last in pairwise(edges) if first]


def _month_before(month: date) -> date:
    return (month - ONE_DAY).replace(day=1)


def _retirements(rows: Sequence[Credit]) -> list[date]:
    """A day in each stretch of retirement days that rows tell apart."""
    days = {day for row in rows for day in (row.retired_from, row.retired_until) if day}
    return [LONG_AGO, *sorted(days)]


def _profile(axes: Sequence[Axis], cube: Cube) -> CreditProfile:
    case: dict[str, Any] = {one.name: value for one, value in cube.first(axes)}
    moment = case.pop("moment", axes[0].values[0])
    age = case.pop("age", 0)
    return CreditProfile(moment.month, moment.status, age, retired_on=moment.retired_on, **case)


def _columns(axes: Sequence[Axis], cube: Cube, rows: Sequence[Credit]) -> tuple[str, ...]:
    """The fields of the case that matter: those of the moment only as far as rows look at them."""
    names = [one.name for one, _ in cube.first(axes)]
    moment = []
    if "moment" in names:
        names.remove("moment")
        looked_at = {
            "month": any(row.month_from or row.month_until for row in rows),
            "status": any(row.statuses for row in rows),
            "retired_on": any(row.retired_from or row.retired_until for row in rows),
        }
        moment = [name for name, looked in looked_at.items() if looked]
    return (*moment, *names)
