"""The action log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from bureau.admin.base import AreaScopedAdmin, ReadOnlyAdmin
from bureau.models import ActionRecord

__all__ = ["ActionRecordAdmin", "ReadOnlyAdmin"]


@admin.register(ActionRecord)
class ActionRecordAdmin(ReadOnlyAdmin, AreaScopedAdmin):
    """Who did what; each sees the actions of the own areas."""

    shows_rows_without_area: ClassVar[bool] = False
    list_display = ("at", "actor_name", "action", "target_type", "target_id", "area", "ip")
    list_filter = ("action", "target_type", "area")
    list_select_related = ("area",)
    search_fields = ("actor_name", "target_id")
    search_help_text = None
    date_hierarchy = "at"
