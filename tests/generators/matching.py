"""Match columns that answer for every case exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

from policies.engine.vocabulary import (
    EmployerGroup,
    Kind,
    Place,
    Status,
)

Reached = Counter[str]
Columns = dict[str, Any]

AGES = (35, 45, 50, 60, 70, 75)
GROUPS = ("model_worker", "veteran")


def _two(rng: Random, values: list[Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Values in two groups, neither of them empty."""
    values = list(values)
    rng.shuffle(values)
    cut = rng.randrange(1, len(values))
    return tuple(values[:cut]), tuple(values[cut:])


def listed(name: str, values: Any) -> Callable[[Random], list[Columns]]:
    return lambda rng: [{name: group} for group in _two(rng, list(values))]


def yes_no(name: str) -> Callable[[Random], list[Columns]]:
    return lambda _: [{name: True}, {name: False}]


def by_age(rng: Random) -> list[Columns]:
    edges = sorted(rng.sample(AGES, rng.randrange(1, 3)))
    starts, ends = [None, *edges], [*edges, None]
    return [{"age_from": low, "age_until": high} for low, high in zip(starts, ends, strict=True)]


DIMENSIONS: dict[str, Callable[[Random], list[Columns]]] = {
    "kinds": listed("kinds", Kind),
    "tiers": listed("tiers", range(4)),
    "charge_classes": listed("charge_classes", (1, 2, 3)),
    "community": yes_no("community"),
    "selected": yes_no("selected"),
    "places": listed("places", Place),
    "statuses": listed("statuses", Status),
    "age": by_age,
    "employer_groups": listed("employer_groups", EmployerGroup),
    "family_doctor": yes_no("family_doctor"),
    "referred": yes_no("referred"),
}


def partition(rng: Random, reached: Reached) -> list[Columns]:
    """Match columns of rows that answer for every case exactly once."""
    names = rng.sample(sorted(DIMENSIONS), rng.choice((0, 1, 1, 2)))
    reached.update(f"match {name}" for name in names)
    parts = product(*(DIMENSIONS[name](rng) for name in names))
    return [{key: value for one in rows for key, value in one.items()} for rows in parts]


def some_match(rng: Random, reached: Reached) -> Columns:
    """Match columns of one row: those of a part, or a special group."""
    if rng.random() < 0.25:
        reached["match special_groups"] += 1
        return {"special_groups": (rng.choice(GROUPS),)}
    return rng.choice(partition(rng, reached))
