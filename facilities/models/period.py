"""What every dated row shares: half-open periods `[from, until)` that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


def period(starts: str, ends: str) -> Func:
    """The half-open date range between two columns; an empty end means that it still runs."""
    return Func(F(starts), F(ends), function="daterange", output_field=DateRangeField())


class PeriodsNeverOverlap(ExclusionConstraint):
    """An exclusion of overlapping periods that leaves a backward one to its own constraint."""

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Compare with the other rows; PostgreSQL cannot even make a range that ends too early."""
        days = cast("Func", self.expressions[-1][0])
        columns = days.get_source_expressions()
        starts, ends = (getattr(instance, column.name) for column in columns)
        if starts is None or ends is None or starts <= ends:
            super().validate(model, instance, exclude=exclude, using=using)

    def deconstruct(self) -> Any:
        """What stands in a migration is the plain constraint."""
        _path, args, kwargs = super().deconstruct()
        return "django.contrib.postgres.constraints.ExclusionConstraint", args, kwargs


def never_overlap(
    name: str, *same: str, starts: str, ends: str, condition: Q | None = None
) -> ExclusionConstraint:
    """Refuse two rows with the same values in `same` whose periods overlap."""
    return PeriodsNeverOverlap(
        name=name,
        expressions=[
            *((column, RangeOperators.EQUAL) for column in same),
            (period(starts, ends), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=_("The period overlaps that of another record of the same."),
    )


def ends_after_it_starts(name: str, *, starts: str, ends: str) -> models.CheckConstraint:
    """Refuse empty and backward periods."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": F(starts)}),
        violation_error_message=_("The period ends before it has begun."),
    )


def running(on: object, *, starts: str, ends: str) -> Q:
    """The condition that a row's period covers the day."""
    open_or_later = Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": on})
    return Q(**{f"{starts}__lte": on}) & open_or_later
