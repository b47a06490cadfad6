"""Contracts, filings, stays and cards over all members; kept on the member's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bureau.admin.base import ReadOnlyAdmin
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, PartnerField, deed
from members.admin.by_person import ByPersonAdmin
from members.models import Card, CardLoss, Filing, SignedContract, Stay
from members.services import cards, contracts, filings, stays


class RegisterAdmin(ByPersonAdmin):
    """A list whose rows change by deeds only."""

    ordering: tuple[str, ...] = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields]


class ChangePartnerForm(DeedForm):
    """Whom the member signs instead."""

    to = PartnerField(
        label=_("institution or consortium"), help_text=_("Code, name, pinyin or initials")
    )
    on = deeds.day(_("from"))


class EndContractForm(DeedForm):
    """The end of a contract."""

    on = deeds.day(_("ends on"), help_text=_("The first day on which it no longer holds"))
    reason = deeds.text(_("reason"))


class EndForm(DeedForm):
    """The end of something."""

    on = deeds.day(_("ends on"), help_text=_("The first day on which it no longer holds"))


class DischargeForm(DeedForm):
    """The discharge."""

    on = deeds.day(_("discharged on"), help_text=_("Still an inpatient day"))


@admin.register(SignedContract)
class SignedContractAdmin(RegisterAdmin):
    """Who signed with whom."""

    list_display = (
        "number_shown",
        "name_shown",
        "partner_shown",
        "slot",
        "signed_from",
        "signed_until",
        "family_doctor",
    )
    list_filter = ("family_doctor", "area", ("signed_until", admin.EmptyFieldListFilter))
    list_select_related = ("member__person", "area", "institution", "consortium")
    actions_detail = ("change_partner", "end_contract")
    change_partner = deed(
        "change_partner",
        _("Change partner"),
        ChangePartnerForm,
        contracts.change,
        icon="swap_horiz",
    )
    end_contract = deed(
        "end_contract", _("End contract"), EndContractForm, contracts.end, icon="event_busy"
    )

    @admin.display(description=_("signed with"))
    def partner_shown(self, contract: SignedContract) -> str:
        """The institution or consortium."""
        return str(contract.partner)


@admin.register(Filing)
class FilingAdmin(RegisterAdmin):
    """Where members may settle outside the area."""

    list_display = ("number_shown", "name_shown", "region", "filed_from", "filed_until")
    list_filter = (("filed_until", admin.EmptyFieldListFilter),)
    list_select_related = ("member__person",)
    actions_detail = ("end_filing",)
    end_filing = deed("end_filing", _("End filing"), EndForm, filings.end, icon="event_busy")


@admin.register(Stay)
class StayAdmin(RegisterAdmin):
    """Inpatients and home beds."""

    list_display = (
        "number_shown",
        "name_shown",
        "kind",
        "institution",
        "admitted_on",
        "discharged_on",
    )
    list_filter = ("kind", ("discharged_on", admin.EmptyFieldListFilter))
    list_select_related = ("member__person", "institution")
    actions_detail = ("discharge",)
    discharge = deed("discharge", _("Discharge"), DischargeForm, stays.discharge, icon="logout")


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin, RegisterAdmin):
    """Cards and whether they are lost."""

    list_display = ("number", "number_shown", "name_shown", "issued_on", "lost_shown")
    list_select_related = ("member__person",)
    actions_detail = ("report_loss", "lift_loss")
    report_loss = deed(
        "report_loss",
        _("Report lost"),
        DeedForm,
        cards.report_loss,
        icon="credit_card_off",
        permission="report",
        description=_("The card pays nothing from this moment on."),
    )
    lift_loss = deed(
        "lift_loss",
        _("Lift loss report"),
        DeedForm,
        cards.lift_loss,
        icon="credit_card",
        permission="report",
        description=_("The card was found and pays again."),
    )

    def has_report_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("members.add_cardloss")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Card]:
        lost = CardLoss.objects.filter(card=OuterRef("pk"), lifted_at__isnull=True)
        rows: QuerySet[Card] = super().get_queryset(request)
        return rows.annotate(is_lost=Exists(lost))

    @display(description=_("loss"), label={"lost": "danger"})
    def lost_shown(self, card: Any) -> tuple[str, Any] | str:
        """Whether it is reported lost."""
        return ("lost", _("reported lost")) if card.is_lost else "–"
