"""Institutions and pharmacies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bureau import clock
from bureau.admin.base import AreaScopedAdmin, ReadOnlyTabularInline
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, deed
from facilities.models import Agreement, ConsortiumMembership, Department, Doctor, Institution
from facilities.models.period import running
from facilities.selectors import search
from facilities.services import agreements, institutions


class AgreementInline(ReadOnlyTabularInline):
    """Its agreements, the latest first."""

    model = Agreement
    fields = (
        "number",
        "in_force_from",
        "in_force_until",
        "pooling",
        "external_prescriptions",
        "dual_channel",
        "traceable",
        "ended_reason",
    )


class MembershipInline(ReadOnlyTabularInline):
    """The consortia that it belonged to."""

    model = ConsortiumMembership
    fields = ("consortium", "joined_on", "left_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsortiumMembership]:
        rows: QuerySet[ConsortiumMembership] = super().get_queryset(request)
        return rows.select_related("consortium", "institution")


class DepartmentInline(ReadOnlyTabularInline):
    """Its departments."""

    model = Department
    fields = ("code", "name")


class DoctorInline(ReadOnlyTabularInline):
    """Its doctors."""

    model = Doctor
    fields = ("code", "name", "department", "title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Doctor]:
        rows: QuerySet[Doctor] = super().get_queryset(request)
        return rows.select_related("department")


class SignForm(DeedForm):
    """A new agreement."""

    number = deeds.text(_("agreement number"))
    in_force_from = deeds.day(_("in force from"))
    in_force_until = deeds.day(_("in force until"), required=False)
    pooling = deeds.choice(_("outpatient pooling"), Agreement.POOLING)
    external_prescriptions = deeds.yes(_("fills external prescriptions"))
    dual_channel = deeds.yes(_("dual-channel drugs"))
    traceable = deeds.yes(_("electronic tracing of drugs"))


@admin.register(Institution)
class InstitutionAdmin(AreaScopedAdmin):
    """Where members may be treated, with today's agreement."""

    shows_rows_without_area: ClassVar[bool] = True
    list_display = (
        "code",
        "name",
        "kind",
        "tier",
        "charge_class",
        "community",
        "area",
        "designated_shown",
        "pooling_shown",
    )
    list_filter = ("kind", "tier", "charge_class", "community", "direct_settlement", "area")
    list_select_related = ("area",)
    search_fields = ("code", "name", "name_pinyin")
    search_help_text = _("Name, pinyin, initials or national code")
    autocomplete_fields = ("physical", "ordering")
    inlines = (AgreementInline, MembershipInline, DepartmentInline, DoctorInline)
    actions_detail = ("sign_agreement",)
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "area", "region")}),
        (_("Classification"), {"fields": ("tier", "charge_class", "community", "physical")}),
        (_("Settlement"), {"fields": ("direct_settlement", "is_third_party", "ordering")}),
        (_("Contact"), {"fields": ("address", "phone")}),
    )

    sign_agreement = deed(
        "sign_agreement", _("Sign agreement"), SignForm, agreements.sign, icon="contract"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Institution]:
        today = running(clock.today(), starts="in_force_from", ends="in_force_until")
        in_force = Agreement.objects.filter(today, institution=OuterRef("pk"))
        rows: QuerySet[Institution] = super().get_queryset(request)
        return rows.annotate(pooling_today=Subquery(in_force.values("pooling")[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (search.matching(queryset, search_term) if search_term else queryset), False

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: object) -> tuple[Any, ...]:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Institution, form: Any, change: Any) -> None:
        institutions.register(obj, by=request.user)  # type: ignore[arg-type]

    @display(description=_("designated"), label={True: "success", False: "danger"})
    def designated_shown(self, institution: Any) -> tuple[bool, Any]:
        """Whether an agreement is in force today."""
        is_designated = institution.pooling_today is not None
        return is_designated, _("designated") if is_designated else _("not designated")

    @admin.display(description=_("outpatient pooling"))
    def pooling_shown(self, institution: Any) -> Any:
        """What today's agreement says on outpatient pooling."""
        return dict(Agreement.POOLING).get(institution.pooling_today, "–")
