"""Writing many rows by COPY, through the same tables and triggers as everybody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain, count
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from claims.settlement.models import BillLine, Prescription, Settlement, Visit
from members.models import Account, Card, Member, Person, YearTotal

BLOCK = 5_000
NEXT_VALUES = "SELECT nextval(%s) FROM generate_series(1, %s)"


@dataclass(slots=True)
class Ids:
    """Where new ids and running numbers come from, one after the other."""

    person: Iterator[int]
    member: Iterator[int]
    account: Iterator[int]
    card: Iterator[int]
    year_total: Iterator[int]
    prescription: Iterator[int]
    visit: Iterator[int]
    line: Iterator[int]
    settlement: Iterator[int]
    member_number: Iterator[int]
    claims_number: Iterator[int]

    @classmethod
    def of_database(cls) -> Ids:
        """Ids that the database's sequences give out, fetched by the block."""
        tables = (
            Person,
            Member,
            Account,
            Card,
            YearTotal,
            Prescription,
            Visit,
            BillLine,
            Settlement,
        )
        sequences = [_sequence_of(model) for model in tables]
        return cls(*map(_fetched, [*sequences, "members_member_number", "claims_number"]))

    @classmethod
    def counted(cls) -> Ids:
        """Ids for a population that is not written."""
        return cls(*(count(1) for _field in fields(cls)))


def _sequence_of(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        return str(cursor.fetchone()[0])


def _fetched(sequence: str) -> Iterator[int]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_VALUES, [sequence, BLOCK])
            values = cursor.fetchall()
        yield from chain.from_iterable(values)


def copy(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert rows by COPY: named tuples or mappings with its columns, or unsaved instances."""
    if not rows:
        return
    columns, values_of = _taken_from(model, rows[0])
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    statement = f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(values_of(row))


def _taken_from(
    model: type[models.Model], row: Any
) -> tuple[Sequence[str], Callable[[Any], Sequence[Any]]]:
    """The columns that rows of this kind have, and how their values are taken."""
    if isinstance(row, dict):
        return tuple(row), lambda one: list(one.values())
    if not isinstance(row, models.Model):
        return row._fields, lambda one: one
    names = columns_of(model, with_id=row.pk is not None)
    return names, attrgetter(*names)


@lru_cache(maxsize=64)
def columns_of(model: type[models.Model], *, with_id: bool = True) -> tuple[str, ...]:
    """The columns of a table that whoever inserts fills in: the database notes moments itself."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.db_default is models.NOT_PROVIDED and (with_id or not field.primary_key)
    )


@lru_cache(maxsize=8)
def defaults_of(model: type[models.Model]) -> dict[str, Any]:
    """A row of a table as it is before anything is known about it."""
    blank = model()
    return {name: getattr(blank, name) for name in columns_of(model)}


def row_of(instance: models.Model) -> dict[str, Any]:
    """An unsaved instance as a mapping of its columns."""
    return {name: getattr(instance, name) for name in columns_of(type(instance))}


def as_json(value: Any) -> str:
    """JSON as the database takes it."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
