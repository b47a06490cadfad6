"""Accounts, their entries, contributions and year totals: history, all read-only."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import ReadOnlyAdmin, ReadOnlyTabularInline
from bureau.admin.display import money_column
from members.admin.by_person import ByPersonAdmin
from members.models import Account, Contribution, Entry, YearTotal
from policies import labels

PURPOSES = dict(labels.PURPOSES)


@admin.display(description=_("rule"))
def rule_shown(entry: Entry) -> str:
    """The rule that gave a credit, or what a payment was for."""
    return str(PURPOSES.get(entry.rule, entry.rule))


class EntryInline(ReadOnlyTabularInline):
    """The movements of an account, the latest first."""

    model = Entry
    ordering = ("-pk",)
    fields = (
        "made_on",
        "kind",
        "amount_shown",
        "period",
        rule_shown,
        "article",
        "source_fund",
        "provisional",
        "key",
    )
    readonly_fields = ("amount_shown", rule_shown)
    amount_shown = money_column("amount", _("amount"))


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin, ByPersonAdmin):
    """Personal accounts with their entries."""

    area_path: ClassVar[str] = "area"
    list_display = (
        "number_shown",
        "name_shown",
        "area",
        "balance_shown",
        "opened_on",
        "closed_on",
    )
    list_filter = ("area", ("closed_on", admin.EmptyFieldListFilter))
    list_select_related = ("area", "member__person")
    ordering = ("-pk",)
    fields = ("number_shown", "name_shown", "area", "balance", "opened_on", "closed_on")
    readonly_fields = fields
    inlines = (EntryInline,)
    balance_shown = money_column("balance", _("balance"))


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin, ByPersonAdmin):
    """All movements; the latest first."""

    member_path: ClassVar[str] = "account__member"
    area_path: ClassVar[str] = "area"
    list_display = (
        "made_on",
        "number_shown",
        "name_shown",
        "kind",
        "amount_shown",
        "period",
        rule_shown,
        "source_fund",
        "provisional",
    )
    list_filter = ("kind", "source_fund", "provisional", "area")
    list_select_related = ("account__member__person", "area")
    ordering = ("-pk",)
    amount_shown = money_column("amount", _("amount"))


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyAdmin, ByPersonAdmin):
    """Contributions by month; corrections are revisions."""

    area_path: ClassVar[str] = "area"
    list_display = (
        "number_shown",
        "name_shown",
        "month",
        "revision",
        "base_shown",
        "amount_shown",
        "due_on",
        "received_on",
        "paid_for_until",
    )
    list_filter = ("area", ("received_on", admin.EmptyFieldListFilter))
    list_select_related = ("member__person", "area")
    ordering = ("-pk",)
    base_shown = money_column("base", _("contribution base"))
    amount_shown = money_column("amount", _("contribution"))


@admin.register(YearTotal)
class YearTotalAdmin(ReadOnlyAdmin, ByPersonAdmin):
    """What a member's settlements of a policy year sum up to."""

    area_path: ClassVar[str] = "area"
    list_display = (
        "number_shown",
        "name_shown",
        "year",
        "care",
        "eligible_shown",
        "deductible_shown",
        "fund_shown",
        "counted_shown",
        "carried_shown",
    )
    list_filter = ("year", "care", "area")
    list_select_related = ("member__person", "area")
    ordering = ("-pk",)
    eligible_shown = money_column("eligible", _("eligible expense"))
    deductible_shown = money_column("deductible", _("deductible borne"))
    fund_shown = money_column("fund", _("paid by the fund"))
    counted_shown = money_column("counted", _("counted in the overall limit"))
    carried_shown = money_column("carried", _("carried over"))
