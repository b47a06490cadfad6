"""Pooling areas; and, for other apps to import from here, what scopes an admin to areas."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from bureau.admin.base import AreaScopedAdmin, AreaScopedChoices
from bureau.models import PoolingArea

__all__ = ["AreaScopedAdmin", "AreaScopedChoices", "PoolingAreaAdmin"]


@admin.register(PoolingArea)
class PoolingAreaAdmin(AreaScopedAdmin):
    """The areas that this deployment serves."""

    area_path: ClassVar[str] = "pk"
    list_display = ("code", "name", "short_name", "province_name", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name", "short_name")

    def get_readonly_fields(self, request: object, obj: object = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
