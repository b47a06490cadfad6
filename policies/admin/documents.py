"""Policy documents."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from bureau.admin.base import AreaScopedAdmin
from policies.models import Document


@admin.register(Document)
class DocumentAdmin(AreaScopedAdmin):
    """The documents that versions and rows cite."""

    list_display = (
        "number", "title", "area", "code", "issuer", "issued_on", "in_force_from",
        "in_force_until",
    )  # fmt: skip
    list_filter = ("area",)
    list_select_related = ("area",)
    search_fields = ("number", "title", "code")
    fieldsets = (
        (None, {"fields": (("area", "code"), ("number", "title"), ("issuer", "issued_on"))}),
        (None, {"fields": (("in_force_from", "in_force_until"), "file")}),
    )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """What articles begin with stays, once articles may begin with it."""
        return ("area", "code") if obj else ()
