"""Published figures: added once, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from bureau.admin.base import AreaScopedAdmin
from bureau.admin.display import money_column
from policies.models import PublishedFigure


@admin.register(PublishedFigure)
class PublishedFigureAdmin(AreaScopedAdmin):
    """Average wages, pensions and account bases, each with its year, day and source."""

    list_display = ("series", "area", "year", "value_shown", "published_on", "source")
    list_filter = ("area", "series")
    list_select_related = ("area",)
    search_fields = ("source",)
    fieldsets = (
        (None, {"fields": (("area", "series"), ("year", "value"), ("published_on", "source"))}),
    )
    value_shown = money_column("value", PublishedFigure._meta.get_field("value").verbose_name)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
