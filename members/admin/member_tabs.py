"""The tabs of a member's page: what was recorded, the latest first, all read-only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import ReadOnlyTabularInline
from bureau.admin.display import money_column
from members.models import (
    Card,
    Contribution,
    Filing,
    Member,
    Pension,
    SignedContract,
    SpecialGroupMembership,
    StatusChange,
    Stay,
    Suspension,
    YearTotal,
)

LATEST = 20


class StatusTab(ReadOnlyTabularInline):
    """How the status changed."""

    model = StatusChange
    fields = ("changed_on", "status")
    ordering = ("-changed_on",)


class ContributionTab(ReadOnlyTabularInline):
    """Contributions by month."""

    model = Contribution
    fields = ("month", "revision", "base_shown", "amount_shown", "due_on", "received_on")
    readonly_fields = ("base_shown", "amount_shown")
    base_shown = money_column("base", _("contribution base"))
    amount_shown = money_column("amount", _("contribution"))


class ContractTab(ReadOnlyTabularInline):
    """Signed contracts; changed and ended on their own pages."""

    model = SignedContract
    fields = ("institution", "consortium", "slot", "signed_from", "signed_until", "family_doctor")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignedContract]:
        rows: QuerySet[SignedContract] = super().get_queryset(request)
        return rows.select_related("institution", "consortium")


class FilingTab(ReadOnlyTabularInline):
    """Filings of treatment elsewhere."""

    model = Filing
    fields = ("region", "filed_from", "filed_until")
    show_change_link = True


class StayTab(ReadOnlyTabularInline):
    """Stays."""

    model = Stay
    fields = ("kind", "institution", "admitted_on", "discharged_on")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stay]:
        rows: QuerySet[Stay] = super().get_queryset(request)
        return rows.select_related("institution")


class CardTab(ReadOnlyTabularInline):
    """Cards."""

    model = Card
    fields = ("number", "issued_on")
    show_change_link = True


class SuspensionTab(ReadOnlyTabularInline):
    """Suspensions."""

    model = Suspension
    fields = ("suspended_from", "suspended_until", "reason")


class GroupTab(ReadOnlyTabularInline):
    """Special groups."""

    model = SpecialGroupMembership
    fields = ("group", "joined_on", "left_on")


class PensionTab(ReadOnlyTabularInline):
    """Pensions."""

    model = Pension
    fields = ("from_month", "amount_shown")
    readonly_fields = ("amount_shown",)
    amount_shown = money_column("amount", _("monthly pension"))


class YearTotalTab(ReadOnlyTabularInline):
    """Totals of the years."""

    model = YearTotal
    fields = ("year", "care", "eligible_shown", "deductible_shown", "fund_shown", "counted_shown")
    readonly_fields = ("eligible_shown", "deductible_shown", "fund_shown", "counted_shown")
    eligible_shown = money_column("eligible", _("eligible expense"))
    deductible_shown = money_column("deductible", _("deductible borne"))
    fund_shown = money_column("fund", _("paid by the fund"))
    counted_shown = money_column("counted", _("counted in the overall limit"))


ALL = (
    StatusTab,
    ContributionTab,
    ContractTab,
    FilingTab,
    StayTab,
    CardTab,
    SuspensionTab,
    GroupTab,
    PensionTab,
    YearTotalTab,
)


def latest_entries(member: Member) -> Any:
    """The latest movements of a member's account as a table, with the way to all of them."""
    account = getattr(member, "account", None)
    if account is None:
        return "–"
    entries = account.entries.order_by("-pk")[:LATEST]
    page = render_to_string("members/entries.html", {"account": account, "entries": entries})
    return SafeString(page)
