"""The domain of a decision table: its axes, and the cubes of cases that the same rows answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from policies.engine.match import Match, within
from policies.engine.vocabulary import EmployerGroup, Kind, Place, Status

ALL: frozenset[int] = frozenset()
"""The places of an axis that a cube does not look at: all of them."""


class Axis(NamedTuple):
    """A field of the case with its distinguishable values, each with the rows that cover it.

    Rows are bits of a mask; `looking` has those that look at this axis at all.
    """

    name: str
    values: tuple[Any, ...]
    covers: tuple[int, ...]
    looking: int


class Cube(NamedTuple):
    """Cases that the same rows answer: for each axis the places of its values, or ALL."""

    places: tuple[frozenset[int], ...]
    mask: int

    def first(self, axes: Sequence[Axis]) -> Iterator[tuple[Axis, Any]]:
        """The first case of the cube, on the axes that matter."""
        for axis, places in zip(axes, self.places, strict=True):
            if places and len(places) < len(axis.values):
                yield axis, axis.values[min(places)]


def axis(
    name: str,
    values: Sequence[Any],
    rows: Sequence[Any],
    looks: Callable[[Any], bool],
    covers: Callable[[Any, Any], bool],
) -> Axis:
    """Build an axis from what makes a row look at it and what makes it cover a value."""
    looking = sum(1 << place for place, row in enumerate(rows) if looks(row))
    everyone = (1 << len(rows)) - 1
    return Axis(
        name,
        tuple(values),
        tuple(
            (everyone & ~looking)
            | sum(1 << place for place, row in enumerate(rows) if looks(row) and covers(row, value))
            for value in values
        ),
        looking,
    )


def cubes(axes: Sequence[Axis], count: int) -> Iterator[Cube]:
    """Cut the domain into cubes, each answered by the same rows out of so many."""
    looking_later = [0]
    for one in reversed(axes):
        looking_later.append(looking_later[-1] | one.looking)
    looking_later.reverse()

    def walk(depth: int, mask: int, places: tuple[frozenset[int], ...]) -> Iterator[Cube]:
        if not mask & looking_later[depth]:
            yield Cube(places + (ALL,) * (len(axes) - depth), mask)
            return
        alike: dict[int, list[int]] = {}
        for place, covering in enumerate(axes[depth].covers):
            alike.setdefault(mask & covering, []).append(place)
        for left, found in alike.items():
            chosen = ALL if len(alike) == 1 else frozenset(found)
            yield from walk(depth + 1, left, (*places, chosen))

    yield from walk(0, (1 << count) - 1, ())


def merged(found: list[Cube]) -> list[Cube]:
    """Join cubes of the same rows that differ along one axis only, until none do."""
    before = len(found) + 1
    while len(found) < before:
        before = len(found)
        for place in range(len(found[0].places) if found else 0):
            found = _joined_along(place, found)
    return found


def _joined_along(place: int, found: Iterable[Cube]) -> list[Cube]:
    alike: dict[tuple[Any, ...], frozenset[int]] = {}
    for cube in found:
        own = cube.places[place]
        key = (cube.places[:place], cube.places[place + 1 :], cube.mask)
        other = alike.get(key)
        if other is None:
            alike[key] = own
        else:
            alike[key] = own | other if own and other else ALL
    return [Cube((*head, own, *tail), mask) for (head, tail, mask), own in alike.items()]


LISTED: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("kind", "kinds", tuple(kind.value for kind in Kind)),
    ("tier", "tiers", (0, 1, 2, 3)),
    ("charge_class", "charge_classes", (1, 2, 3)),
    ("place", "places", tuple(place.value for place in Place)),
    ("status", "statuses", tuple(status.value for status in Status)),
    ("employer_group", "employer_groups", tuple(group.value for group in EmployerGroup)),
)
FLAGS = ("community", "selected", "family_doctor", "referred")


def benefit_axes(rows: Sequence[Match], kinds: tuple[str, ...]) -> list[Axis]:
    """The axes that some row of a benefit table looks at; of kinds only those that can occur."""
    found = [
        listed(name, column, kinds if name == "kind" else values, rows)
        for name, column, values in LISTED
    ]
    found += [_flag(name, rows) for name in FLAGS]
    found += [age_axis(rows), group_axis(rows)]
    return [one for one in found if one.looking]


def listed(name: str, column: str, values: Sequence[Any], rows: Sequence[Any]) -> Axis:
    """An axis whose rows list the values that they cover; no list covers all."""

    def column_of(row: Any) -> tuple[Any, ...]:
        found: tuple[Any, ...] = getattr(row, column)
        return found

    return axis(
        name,
        [getattr(value, "value", value) for value in values],
        rows,
        lambda row: bool(column_of(row)),
        lambda row, value: value in column_of(row),
    )


def _flag(name: str, rows: Sequence[Any]) -> Axis:
    return axis(
        name,
        (False, True),
        rows,
        lambda row: getattr(row, name) is not None,
        lambda row, value: getattr(row, name) == value,
    )


def age_axis(rows: Sequence[Any]) -> Axis:
    """Ages by bracket, each shown by its lowest age."""
    edges = {age for row in rows for age in (row.age_from, row.age_until) if age is not None}
    return axis(
        "age",
        sorted({0, *edges}),
        rows,
        lambda row: row.age_from is not None or row.age_until is not None,
        lambda row, age: within(age, row.age_from, row.age_until),
    )


def group_axis(rows: Sequence[Any]) -> Axis:
    """Members of no special group, of each one, and of all: more never loses a row."""
    names = sorted({group for row in rows for group in row.special_groups})
    values = [frozenset(), *(frozenset({name}) for name in names)]
    if len(names) > 1:
        values.append(frozenset(names))
    return axis(
        "special_groups",
        values,
        rows,
        lambda row: bool(row.special_groups),
        lambda row, groups: not groups.isdisjoint(row.special_groups),
    )
