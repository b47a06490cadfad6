"""A small population in the database, and a larger one in memory, each made once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from claims.population import making, source
from claims.population.ahead import collecting_between
from claims.population.making import Chunk, Population
from claims.population.writing import Ids
from policies.services import loading

MEAN, SEED = 3.5, 2025


@pytest.fixture(scope="module")
def policies(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The five areas' policies, loaded for the tests of a module and undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        list(loading.load_all())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(policies: None) -> dict[str, int]:
    """200 people with 600 visits in the database."""
    return making.make(source.areas(), members=200, visits=600, seed=SEED)


def invent(members: int, *, seed: int = SEED, mean: float = MEAN) -> Iterator[Chunk]:
    """A population that is settled but not written."""
    population = Population(source.areas(), seed=seed, ids=Ids.counted())
    shares = source.shares_out(members, population.areas)
    with collecting_between():
        yield from population.chunks(shares, first={}, mean=mean)
