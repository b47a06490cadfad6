"""Employers."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from bureau.admin.base import AreaScopedAdmin
from members.models import Employer


@admin.register(Employer)
class EmployerAdmin(AreaScopedAdmin):
    """Who pays contributions."""

    list_display = ("code", "name", "group", "area")
    list_filter = ("group", "area")
    list_select_related = ("area",)
    search_fields = ("code__startswith", "name__startswith")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        return ("area",) if obj else ()
