"""A version's tables as an officer reads them: the columns they use, each cell and row in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from policies.engine.match import CREDIT_MATCH_COLUMNS, MATCH_COLUMNS
from policies.models import AdjustmentRow, PolicyVersion, TableRow
from policies.models.fields import AmountField, ShareField
from policies.selectors.sentences import says
from policies.selectors.tables import Table, editable_fields, tables_of
from policies.selectors.wording import alternatives, label_of, share_words

MARGINAL = ("article", "is_reading", "bureau_sets", "note")
"""Columns that stand at a row's edge: where it comes from and how sure it is."""

SUBJECTS = ("care", "rule", "test", "purpose", "beneficiary", "item_kinds")
WHEN = (*MATCH_COLUMNS, *CREDIT_MATCH_COLUMNS)
FORMULA = ("series", "series_year", "series_offset", "earliest", "unit")

ALWAYS = {
    "terms": ("care",),
    "requirements": ("test", "satisfied_by"),
    "deductibles": ("amount",),
    "ratios": ("band_from", "band_until", "share"),
    "adjustments": ("points",),
    "caps": ("period", "amount"),
    "items": ("item_kinds", "share"),
    "credit_terms": ("age_rule", "status_rule"),
    "credits": ("rule", "statuses", "base", "rate"),
    "incentive": ("first", "step", "maximum", "first_year"),
    "purposes": ("purpose", "beneficiary", "allowed"),
}
"""The columns without which a table says nothing, shown even where all rows leave them empty."""


class Cell(NamedTuple):
    """What a row says in a column."""

    text: str
    is_number: bool


class RowReading(NamedTuple):
    """A row with its cells and what they mean together."""

    row: TableRow
    cells: tuple[Cell, ...]
    meaning: str


class Heading(NamedTuple):
    """What a column is called."""

    text: str
    is_number: bool


class TableReading(NamedTuple):
    """A table with the headings of the columns it uses."""

    table: Table
    title: str
    headings: tuple[Heading, ...]
    rows: tuple[RowReading, ...]


def rows_of(version: PolicyVersion, table: Table) -> list[TableRow]:
    """The rows of a version's table in the order in which they read."""
    rows = table.model._default_manager.filter(version=version)
    return list(rows.order_by("position", "pk"))


def read(version: PolicyVersion) -> list[TableReading]:
    """All tables of a version; a query a table."""
    found = {table: rows_of(version, table) for table in tables_of(version.subject)}
    adjusting = [row for rows in found.values() for row in rows if isinstance(row, AdjustmentRow)]
    return [_reading(table, rows, adjusting) for table, rows in found.items()]


def title_of(table: Table) -> str:
    return str(table.model._meta.verbose_name_plural)


def _reading(
    table: Table, rows: Sequence[TableRow], adjusting: Sequence[AdjustmentRow]
) -> TableReading:
    columns = [field for field in shown(table, rows) if field.name not in MARGINAL]
    return TableReading(
        table,
        title_of(table),
        tuple(Heading(str(field.verbose_name), _is_number(field)) for field in columns),
        tuple(
            RowReading(row, tuple(_cell(field, row) for field in columns), says(row, adjusting))
            for row in rows
        ),
    )


def columns_of(table: Table) -> list[models.Field[Any, Any]]:
    """All columns in the order in which a row reads: what it is about, when, what holds, source."""
    return sorted(editable_fields(table.model), key=_place)


def _place(field: models.Field[Any, Any]) -> int:
    for place, names in enumerate((SUBJECTS, WHEN)):
        if field.name in names:
            return place
    return 4 if field.name in MARGINAL else 3 if field.name in FORMULA else 2


def shown(table: Table, rows: Sequence[TableRow]) -> list[models.Field[Any, Any]]:
    """The columns that the table uses: those it cannot do without, and those some row fills."""
    return [
        field
        for field in columns_of(table)
        if field.name in ALWAYS[table.name] or any(_filled(field, row) for row in rows)
    ]


def _filled(field: models.Field[Any, Any], row: TableRow) -> bool:
    value = getattr(row, field.name)
    return value not in (None, "", []) and value != field.to_python(field.get_default())


def _cell(field: models.Field[Any, Any], row: TableRow) -> Cell:
    return Cell(cell_text(field, row), _is_number(field))


def _is_number(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.DecimalField | models.IntegerField)


def cell_text(field: models.Field[Any, Any], row: TableRow) -> str:
    """A row's value in a column, in words; empty where the column says nothing."""
    value = getattr(row, field.name)
    if value is None or value in ("", []):
        return ""
    if isinstance(field, ArrayField):
        choices = getattr(field.base_field, "choices", None) or ()
        return alternatives(label_of(word, choices) for word in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _plain_text(field, value, row)


def _plain_text(field: models.Field[Any, Any], value: Any, row: TableRow) -> str:
    if isinstance(field, ShareField):
        return share_words(value)
    if isinstance(field, AmountField):
        return f"{value:,.2f}"
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return str(value)
