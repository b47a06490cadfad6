"""Invented names and identity numbers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import Any

from claims.population import source
from claims.population.chance import Weighted
from facilities.spelling import Spelling
from members.identity import documents
from members.identity.names import spell_name

SERIALS = 500
DAYS = 365
SCRAMBLE = 1_000_003
"""A prime larger than the number of divisions and no divisor of a year of serials."""


class Names:
    """Names as they are met with: frequent surnames often, given names by sex and generation."""

    @cached_property
    def _surnames(self) -> Weighted[str]:
        return Weighted(source.read("names")["surnames"].items())

    @cached_property
    def _generations(self) -> list[dict[str, Any]]:
        return list(source.read("names")["generations"])

    def draw(self, chance: Random, sex: str, born: int, *, single: float = 0.0) -> str:
        """A name for somebody born in a year; `single` is the share of names without a surname."""
        if single and chance.random() < single:
            return str(chance.choice(source.read("names")["single"][sex]))
        generation = next(one for one in self._generations if born < one["until"])
        characters = generation[sex]
        given = str(chance.choice(characters))
        if chance.random() < generation["two"]:
            given += chance.choice(characters)
        return self._surnames.draw(chance) + given


NAMES = Names()


@lru_cache(maxsize=200_000)
def spelt(name: str) -> Spelling:
    """How a name is typed; names come again and again."""
    return spell_name(name)


def numbered(divisions: list[str], index: int, year: int, sex: str) -> tuple[str, date]:
    """A resident identity number that nobody else has, and the birthday in it.

    The index of a person, scrambled, decides division, day of the year and serial: as many people
    of a sex and year can be told apart as there are divisions × 365 × 500.
    """
    every = len(divisions) * DAYS * SERIALS
    place = index * SCRAMBLE % every
    place, division = divmod(place, len(divisions))
    serial, day = divmod(place, DAYS)
    born = date(year, 1, 1) + timedelta(days=day)
    first = f"{divisions[division]}{born:%Y%m%d}{serial * 2 + (sex == 'male'):03d}"
    return first + documents.check_character(first), born
