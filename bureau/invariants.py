"""What must always hold, as queries over the whole database that return those that break it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule of the database and the query for its violators."""

    name: str
    sql: str
    says: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows break an invariant, and the first of them."""

    invariant: Invariant
    count: int
    columns: tuple[str, ...]
    first: tuple[tuple[Any, ...], ...]


_invariants: dict[str, Invariant] = {}


def register(name: str, sql: str, says: Any) -> None:
    """Add an invariant; call it from ``AppConfig.ready``.

    ``sql`` is one SELECT without a closing semicolon; each row that it returns is a violator.
    ``says`` is the rule in words. A name is taken once.

    Raises:
        ValueError: another invariant has that name.
    """
    known = _invariants.get(name)
    if known is not None and known.sql != sql:
        raise ValueError(f"two invariants are called {name}")
    _invariants[name] = Invariant(name, sql, says)


def check() -> Iterator[Finding]:
    """Run every invariant and yield what was found, in the order of their names."""
    for name in sorted(_invariants):
        yield _check(_invariants[name])


def _check(invariant: Invariant) -> Finding:
    query = f"SELECT count(*) OVER () AS violators, v.* FROM ({invariant.sql}) v LIMIT {SHOWN}"  # noqa: S608  (the apps' own SQL)
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall()
        columns = tuple(column[0] for column in cursor.description)[1:]
    return Finding(invariant, rows[0][0] if rows else 0, columns, tuple(row[1:] for row in rows))
