"""The action log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import AreaScopedAdmin, ReadOnlyAdmin
from bureau.models import ActionRecord
from bureau.models.actions import target_words

__all__ = ["ActionRecordAdmin", "ReadOnlyAdmin"]


class ActionFilter(admin.AllValuesFieldListFilter):
    """Actions, in the reader's language."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": gettext(str(choice["display"]))}


class TargetFilter(admin.AllValuesFieldListFilter):
    """Kinds of record, in the reader's language."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": target_words(str(choice["display"]))}


@admin.register(ActionRecord)
class ActionRecordAdmin(ReadOnlyAdmin, AreaScopedAdmin):
    """Who did what; each sees the actions of the own areas."""

    shows_rows_without_area: ClassVar[bool] = False
    list_display = ("at", "actor_name", "action_shown", "target_shown", "target_id", "area", "ip")
    list_filter = (("action", ActionFilter), ("target_type", TargetFilter), "area")
    list_select_related = ("area",)
    search_fields = ("actor_name", "target_id")
    search_help_text = None
    date_hierarchy = "at"
    fields = (
        "at",
        "actor_name",
        "action_shown",
        "target_shown",
        "target_id",
        "area",
        "detail",
        "ip",
    )
    readonly_fields = fields

    @admin.display(description=_("action"), ordering="action")
    def action_shown(self, record: ActionRecord) -> str:
        """What was done."""
        return record.action_words

    @admin.display(description=_("kind of record"), ordering="target_type")
    def target_shown(self, record: ActionRecord) -> str:
        """The kind of record it was done to."""
        return record.target_words
