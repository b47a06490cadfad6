"""Which table has which rows: the models, the engine's rows they become, and their subject."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field

from policies import models
from policies.engine import rows
from policies.engine.money import fen, millionths
from policies.engine.series import Amount
from policies.models.fields import AmountField, ShareField
from policies.models.rows import FormulaColumns


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a subject; `single` tables have one row a version."""

    name: str
    subject: str
    model: type[models.TableRow]
    row: type[Any]
    single: bool = False


TABLES = (
    Table("terms", "benefit", models.TermsRow, rows.Terms),
    Table("requirements", "benefit", models.RequirementRow, rows.Requirement),
    Table("deductibles", "benefit", models.DeductibleRow, rows.Deductible),
    Table("ratios", "benefit", models.RatioRow, rows.Ratio),
    Table("adjustments", "benefit", models.AdjustmentRow, rows.Adjustment),
    Table("caps", "benefit", models.CapRow, rows.Cap),
    Table("items", "benefit", models.ItemRuleRow, rows.ItemRule),
    Table("credit_terms", "credit", models.CreditTermsRow, rows.CreditTerms, single=True),
    Table("credits", "credit", models.CreditRow, rows.Credit),
    Table("incentive", "credit", models.IncentiveRow, rows.Incentive, single=True),
    Table("purposes", "account_use", models.PurposeRow, rows.PurposeRule),
)


def tables_of(subject: str) -> tuple[Table, ...]:
    """The tables of a subject, in the order in which they read."""
    return tuple(table for table in TABLES if table.subject == subject)


def table_named(name: str) -> Table:
    """The table of a name."""
    return next(table for table in TABLES if table.name == name)


def engine_row(table: Table, row: models.TableRow) -> Any:
    """The engine's row for a model's row: amounts in fen, shares in millionths, sets as tuples."""
    columns: dict[str, Any] = {}
    for column in fields(table.row):
        if column.name == "amount" and isinstance(row, FormulaColumns):
            columns["amount"] = _formula(row)
            continue
        value = _value(row._meta.get_field(column.name), getattr(row, column.name))
        if value == () and column.name == "channels":
            continue
        columns[column.name] = value
    return table.row(**columns)


def _value(field: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, AmountField):
        return fen(value)
    if isinstance(field, ShareField):
        return millionths(value)
    if isinstance(field, ArrayField):
        return tuple(value)
    return value


def _formula(row: Any) -> Amount:
    """An amount that is fixed, or follows a published figure; the fixed one is the last resort."""
    fixed = None if row.amount is None else fen(row.amount)
    if not row.series:
        return Amount(fixed=fixed)
    return Amount(
        series=row.series,
        year=row.series_year,
        offset=row.series_offset,
        rate=millionths(row.rate),
        unit=fen(getattr(row, "unit", "0.01")),
        earliest=row.earliest,
        fallback=fixed,
    )


def editable_fields(model: type[models.TableRow]) -> list[Field[Any, Any]]:
    """The columns that an officer fills in: all but the keys and the place in the version."""
    hidden = {"id", "version", "position"}
    return [field for field in model._meta.fields if field.name not in hidden]
