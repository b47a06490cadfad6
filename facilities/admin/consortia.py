"""Consortia and who belongs to them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import AreaScopedAdmin, ReadOnlyTabularInline
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, InstitutionField, deed
from facilities.models import Consortium, ConsortiumMembership
from facilities.services import consortia


class MemberInline(ReadOnlyTabularInline):
    """The institutions, with the time of each."""

    model = ConsortiumMembership
    fields = ("institution", "joined_on", "left_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsortiumMembership]:
        rows: QuerySet[ConsortiumMembership] = super().get_queryset(request)
        return rows.select_related("institution", "consortium")


class JoinForm(DeedForm):
    """An institution that joins."""

    institution = InstitutionField(label=_("institution"), help_text=_("Code, name or pinyin"))
    on = deeds.day(_("joined on"))


class LeaveForm(DeedForm):
    """An institution that leaves."""

    institution = InstitutionField(label=_("institution"), help_text=_("Code, name or pinyin"))
    on = deeds.day(_("left on"), help_text=_("The first day on which it is outside"))


@admin.register(Consortium)
class ConsortiumAdmin(AreaScopedAdmin):
    """Institutions that are signed as a whole."""

    list_display = ("code", "name", "area", "size_shown")
    list_filter = ("area",)
    list_select_related = ("area",)
    search_fields = ("code", "name")
    inlines = (MemberInline,)
    actions_detail = ("join", "leave")

    join = deed("join", _("Let an institution join"), JoinForm, consortia.join, icon="add_link")
    leave = deed(
        "leave", _("Let an institution leave"), LeaveForm, consortia.let_go, icon="link_off"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consortium]:
        rows: QuerySet[Consortium] = super().get_queryset(request)
        return rows.annotate(size=Count("memberships", Q(memberships__left_on__isnull=True)))

    def get_inlines(self, request: HttpRequest, obj: object) -> tuple[Any, ...]:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("institutions"))
    def size_shown(self, consortium: Consortium) -> int:
        """How many belong to it."""
        return int(getattr(consortium, "size", 0))
