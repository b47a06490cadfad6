"""Drawing by chance that a seed decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from claims.population.source import habit

Drawn = TypeVar("Drawn")


def stream(*names: object) -> Random:
    """A stream of chance of its own for what the names name, the same in every run."""
    return Random(":".join(map(str, names)))  # noqa: S311 -- invented people, no secrets


class Weighted(Generic[Drawn]):
    """Things drawn by weight; the weights are added up once."""

    def __init__(self, weighted: Iterable[tuple[Drawn, float]]) -> None:
        pairs = list(weighted)
        self._things = [thing for thing, _weight in pairs]
        self._sums = list(accumulate(weight for _thing, weight in pairs))

    def draw(self, chance: Random) -> Drawn:
        """One of the things."""
        return chance.choices(self._things, cum_weights=self._sums)[0]


def day_between(chance: Random, first: date, last: date) -> date:
    """A day from the first to the last, both included; the first where they are reversed."""
    return first + timedelta(days=int(chance.random() * max((last - first).days + 1, 1)))


def whole(chance: Random, expected: float) -> int:
    """A whole number whose mean over many draws is what is expected."""
    return int(expected + chance.random())


def happens(chance: Random, name: str) -> bool:
    """Whether something that is so now and then is so this time."""
    return chance.random() < habit(name)
