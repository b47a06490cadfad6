"""External prescriptions and what filled them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from bureau.admin.base import ReadOnlyTabularInline
from claims.settlement.admin.by_number import ByNumberAdmin, number_link
from claims.settlement.models import Prescription, Visit


class FillingInline(ReadOnlyTabularInline):
    """The purchases that filled it."""

    model = Visit
    fk_name = "prescription"
    tab = False
    hide_title = True
    fields = ("number_shown", "day", "institution")
    readonly_fields = fields
    number_shown = number_link
    verbose_name_plural = _("fillings")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        rows: QuerySet[Visit] = super().get_queryset(request)
        return rows.select_related("institution")


@admin.register(Prescription)
class PrescriptionAdmin(ByNumberAdmin):
    """External prescriptions, the latest first."""

    list_display = (
        "number",
        "name_shown",
        "institution_shown",
        "doctor",
        "issued_on",
        "valid_until",
        "fillings_shown",
    )
    list_filter = ("area", ("issued_on", RangeDateFilter))
    list_select_related = ("member__person", "institution", "doctor", "area")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "doctor"),
                    ("member_shown", "identity_shown"),
                    ("institution", "area"),
                    ("issued_on", "valid_until"),
                )
            },
        ),
    )
    readonly_fields = ("member_shown", "identity_shown")
    inlines = (FillingInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prescription]:
        rows: QuerySet[Prescription] = super().get_queryset(request)
        return rows.annotate(filling_count=Count("fillings"))

    @admin.display(description=_("fillings"))
    def fillings_shown(self, prescription: Any) -> int:
        """How often it was filled."""
        return int(prescription.filling_count)
