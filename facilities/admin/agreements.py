"""Agreements: signed on the institution's page, ended here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import AreaScopedAdmin
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, deed
from facilities.models import Agreement
from facilities.services import agreements


class EndForm(DeedForm):
    """The end of an agreement."""

    on = deeds.day(_("ends on"), help_text=_("The first day on which it no longer holds"))
    reason = deeds.text(_("reason"))


@admin.register(Agreement)
class AgreementAdmin(AreaScopedAdmin):
    """What was agreed with whom; an agreement is ended, not rewritten."""

    area_path: ClassVar[str] = "institution__area"
    shows_rows_without_area: ClassVar[bool] = True
    list_display = (
        "number",
        "institution",
        "in_force_from",
        "in_force_until",
        "pooling",
        "external_prescriptions",
        "dual_channel",
        "traceable",
    )
    list_filter = ("pooling", "external_prescriptions", "dual_channel", "traceable")
    list_select_related = ("institution",)
    search_fields = ("number__startswith", "institution__code__startswith", "institution__name")
    search_help_text = _("Agreement number, institution or its code")
    actions_detail = ("end_agreement",)

    end_agreement = deed(
        "end_agreement", _("End agreement"), EndForm, agreements.end, icon="event_busy"
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [field.name for field in Agreement._meta.fields]
