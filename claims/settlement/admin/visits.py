"""Visits with their lines and settlements; what is not settled yet is settled here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from bureau.admin.base import ReadOnlyTabularInline
from bureau.admin.display import money_column
from bureau.models import User
from claims.settlement.admin.by_number import ByNumberAdmin, number_link
from claims.settlement.models import BillLine, Settlement, Visit
from claims.settlement.services import settlement
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, deed
from policies.engine.errors import PolicyError
from policies.selectors.rulebook import NoPolicyInForce


class LineInline(ReadOnlyTabularInline):
    """The lines of the bill."""

    model = BillLine
    tab = False
    hide_title = True
    fields = (
        "position",
        "name",
        "kind",
        "item_class",
        "quantity_shown",
        "amount_shown",
        "self_pay_shown",
        "standard_shown",
        "settled_by",
    )
    readonly_fields = fields
    amount_shown = money_column("amount", _("amount"))
    standard_shown = money_column("standard", _("allowed by the payment standard"))

    @admin.display(description=_("quantity"))
    def quantity_shown(self, line: BillLine) -> str:
        """The quantity without idle zeros."""
        return f"{line.quantity.normalize():f}"

    @admin.display(description=_("first self-payment"))
    def self_pay_shown(self, line: BillLine) -> str:
        """The ratio in per cent."""
        return f"{(line.self_pay * 100).normalize():f}%" if line.self_pay else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillLine]:
        rows: QuerySet[BillLine] = super().get_queryset(request)
        return rows.select_related("settled_by")


class SettlementInline(ReadOnlyTabularInline):
    """How the visit was settled, in one or several parts."""

    model = Settlement
    fk_name = "visit"
    tab = False
    hide_title = True
    fields = ("number_shown", "made_on", "total_shown", "fund_shown", "account_shown", "cash_shown")
    readonly_fields = fields
    number_shown = number_link
    total_shown = money_column("total", _("total"))
    fund_shown = money_column("fund", _("paid by the fund"))
    account_shown = money_column("account", _("paid by the account"))
    cash_shown = money_column("cash", _("cash"))


class SettleForm(DeedForm):
    """Who pays the member's part."""

    from_account = deeds.yes(_("the account pays the member's part"))


def settle(visit: Visit, *, from_account: bool, by: User) -> Settlement:
    """Settle what is unsettled; where no policy decides, say so at the form."""
    try:
        return settlement.settle(visit, from_account=from_account, by=by)
    except (NoPolicyInForce, PolicyError) as error:
        raise ValidationError(str(error)) from error


@admin.register(Visit)
class VisitAdmin(ByNumberAdmin):
    """Visits to institutions and purchases at pharmacies."""

    list_display = (
        "number",
        "name_shown",
        "institution_shown",
        "day_shown",
        "care",
        "amount_shown",
        "settled_shown",
    )
    list_filter = ("area", "care", ("day", RangeDateFilter), "institution__kind", "referred")
    list_select_related = ("member__person", "institution", "area")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "day"),
                    ("member_shown", "identity_shown"),
                    ("institution", "care"),
                    ("department", "doctor"),
                    ("diagnosis_code", "diagnosis"),
                    ("prescription", "referred"),
                )
            },
        ),
    )
    readonly_fields = ("member_shown", "identity_shown")
    inlines = (LineInline, SettlementInline)
    actions_detail = ("settle_visit",)
    amount_shown = money_column("amount", _("amount"))

    settle_visit = deed(
        "settle_visit",
        _("Settle"),
        SettleForm,
        settle,
        icon="calculate",
        permission="settle",
        description=_("All unsettled lines, under the policy of the visit's day."),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        lines = BillLine.objects.filter(visit=OuterRef("pk")).order_by()
        rows: QuerySet[Visit] = super().get_queryset(request)
        return rows.annotate(
            amount=Subquery(lines.values("visit").annotate(sum=Sum("amount")).values("sum")),
            has_unsettled=Exists(lines.filter(settled_by=None)),
        )

    def has_settle_permission(
        self, request: HttpRequest, object_id: str | int | None = None
    ) -> bool:
        """Whether the user may settle, and there is something to settle."""
        lines = BillLine.objects.filter(visit=OuterRef("pk"), settled_by=None)
        unsettled = self.get_queryset(request).filter(Exists(lines))
        may = request.user.has_perm("claims.settle_visit")
        return may and (object_id is None or unsettled.filter(pk=object_id).exists())

    @display(description=_("settled"), label={True: "success", False: "warning"})
    def settled_shown(self, visit: Any) -> tuple[bool, Any]:
        """Whether every line stands in a settlement."""
        is_settled = visit.amount is not None and not visit.has_unsettled
        return is_settled, _("settled") if is_settled else _("not settled")
