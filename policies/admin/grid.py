"""A draft's tables as grids: one form a row, in the order in which the rows read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from unfold.admin import TabularInline

from policies.admin import widgets
from policies.models import AdjustmentRow, TableRow
from policies.models.fields import AmountField, ShareField
from policies.selectors import reading
from policies.selectors.sentences import says
from policies.selectors.tables import TABLES, Table


class Grid(BaseInlineFormSet):  # type: ignore[type-arg]
    """The rows of one table, new ones last."""

    table: ClassVar[Table]

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"].widget = forms.HiddenInput()
        form.fields["position"].required = False
        if index is None or index >= self.initial_form_count():
            form.fields["position"].initial = None

    def save_new(self, form: forms.ModelForm[Any], commit: bool = True) -> Any:
        if form.instance.position is None or not form.cleaned_data.get("position"):
            form.instance.position = self.total_form_count()
        return super().save_new(form, commit)

    @property
    def shown(self) -> frozenset[str]:
        """The columns that some row uses, or that has an error to show."""
        rows = [cast("TableRow", form.instance) for form in self.initial_forms]
        used = {field.name for field in reading.shown(self.table, rows)}
        wrong = {name for form in self.forms for name in form.errors}
        return frozenset(used | wrong | set(reading.MARGINAL))

    def columns(self) -> Iterator[tuple[str, str, str, bool]]:
        """Each column's name, heading, help and whether it is in use."""
        shown = self.shown
        for field in reading.columns_of(self.table):
            if field.name not in reading.MARGINAL:
                share = " (%)" if isinstance(field, ShareField) else ""
                heading = f"{field.verbose_name}{share}"
                yield field.name, heading, str(field.help_text), field.name in shown

    def readings(self) -> Iterator[tuple[forms.ModelForm[Any], list[Any], str]]:
        """Each row's form, its inputs in order, and what its saved row means."""
        for form in self.forms:
            yield form, self._inputs(form), self._meaning(form)

    def blank(self) -> tuple[forms.ModelForm[Any], list[Any], str]:
        """The row that a new one is made from."""
        form = self.empty_form
        return form, self._inputs(form), ""

    def _inputs(self, form: forms.ModelForm[Any]) -> list[Any]:
        shown = self.shown
        return [
            (form[name], name in shown)
            for name, _heading, _help, _used in self.columns()
            if name in form.fields
        ]

    def _meaning(self, form: forms.ModelForm[Any]) -> str:
        return says(form.instance, self.adjustments) if form.instance.pk else ""

    @property
    def adjustments(self) -> Sequence[AdjustmentRow]:
        """The version's adjustments, which the meaning of a ratio names."""
        return cast("Sequence[AdjustmentRow]", getattr(self.instance, "adjusting", ()))


class TableGrid(TabularInline):
    """A table of a version, edited as a grid."""

    table: ClassVar[Table]
    formset = Grid
    template = "policies/grid.html"
    extra = 0
    ordering = ("position", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        del request, obj
        return [*(field.name for field in reading.columns_of(self.table)), "position"]

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int | None:
        return 1 if self.table.single else super().get_max_num(request, obj, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        del request, kwargs
        field = compact(db_field)
        field.widget.attrs.setdefault("aria-label", str(db_field.verbose_name))
        return field


def compact(column: models.Field[Any, Any]) -> forms.Field:
    """A form field of a column, with an input that fits a grid."""
    if isinstance(column, ArrayField):
        return _set(column)
    label, needed = column.verbose_name, not column.blank
    if isinstance(column, ShareField):
        share = widgets.PercentInput(attrs={"class": "share", "inputmode": "decimal"})
        return _with_default(column, widgets.PercentField(label=label, widget=share))
    if isinstance(column, AmountField):
        amount = forms.TextInput(attrs={"class": "money", "inputmode": "decimal"})
        money = forms.DecimalField(
            label=label,
            required=needed,
            widget=amount,
            max_digits=column.max_digits,
            decimal_places=column.decimal_places,
        )
        return _with_default(column, money)
    if isinstance(column, models.BooleanField) and column.null:
        return forms.NullBooleanField(label=label, required=False, widget=widgets.MaybeInput())
    return _plain(column)


def _plain(column: models.Field[Any, Any]) -> forms.Field:
    if isinstance(column, models.DateField):
        return column.formfield(widget=widgets.DayInput())  # type: ignore[return-value]
    if isinstance(column, models.IntegerField):
        small = forms.TextInput(attrs={"class": "number", "inputmode": "numeric"})
        return column.formfield(widget=small)  # type: ignore[return-value]
    if isinstance(column, models.BooleanField) or column.choices:
        return column.formfield()  # type: ignore[return-value]
    words = forms.TextInput(attrs={"class": "words"})
    return column.formfield(widget=words)  # type: ignore[return-value]


def _set(column: Any) -> forms.Field:
    word = column.base_field
    if not word.choices:
        words = widgets.WordsInput(attrs={"class": "words"})
        return widgets.WordsField(label=column.verbose_name, widget=words)
    kind = int if isinstance(word, models.IntegerField) else str
    return widgets.SetField(label=column.verbose_name, choices=list(word.choices), word=kind)


def _with_default(column: models.Field[Any, Any], field: forms.Field) -> forms.Field:
    if column.has_default():
        field.initial = column.to_python(column.get_default())
    return field


def _grid_of(table: Table) -> type[TableGrid]:
    """The grid of a table, as the admin wants it: a class."""
    rows = type(f"{table.model.__name__}Grid", (Grid,), {"table": table})
    return type(
        f"{table.model.__name__}Inline",
        (TableGrid,),
        {"table": table, "model": table.model, "formset": rows},
    )


GRIDS: dict[str, type[TableGrid]] = {table.name: _grid_of(table) for table in TABLES}
