"""Departments and doctors."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from bureau.admin.base import AreaScopedAdmin
from facilities.models import Department, Doctor


class StaffAdmin(AreaScopedAdmin):
    """What belongs to one institution."""

    area_path: ClassVar[str] = "institution__area"
    shows_rows_without_area: ClassVar[bool] = True
    autocomplete_fields: tuple[str, ...] = ("institution",)
    search_fields = ("code__startswith", "name__startswith", "institution__name")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Department)
class DepartmentAdmin(StaffAdmin):
    """Departments of institutions."""

    list_display = ("code", "name", "institution")
    list_select_related = ("institution",)


@admin.register(Doctor)
class DoctorAdmin(StaffAdmin):
    """Doctors, as practising at an institution."""

    list_display = ("code", "name", "title", "department", "institution")
    list_filter = ("title",)
    list_select_related = ("institution", "department")
    autocomplete_fields = ("institution", "department")
