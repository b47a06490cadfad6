"""Settlements: a list that stays fast, and each one's statement."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from bureau.admin.display import money_column
from claims.settlement.admin.by_number import ByNumberAdmin
from claims.settlement.models import Settlement
from claims.settlement.services import reversal, statement
from claims.settlement.services.explaining import explained
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, deed


class ReasonForm(DeedForm):
    """Why it is taken back."""

    reason = deeds.text(_("reason"))


@admin.register(Settlement)
class SettlementAdmin(ByNumberAdmin):
    """Settlements and reversals, the latest first; a page is the paper statement."""

    list_display = (
        "number",
        "name_shown",
        "institution_shown",
        "day_shown",
        "total_shown",
        "fund_shown",
        "account_shown",
        "cash_shown",
        "reason_shown",
        "standing_shown",
    )
    list_filter = (
        "area",
        "care",
        "reason",
        ("made_on", RangeDateFilter),
        "institution__kind",
        "channel",
        "provisional",
    )
    list_select_related = ("member__person", "institution", "area")
    change_form_before_template = "claims/statement.html"
    actions_detail = ("take_back",)
    total_shown = money_column("total", _("total"))
    fund_shown = money_column("fund", _("paid by the fund"))
    account_shown = money_column("account", _("paid by the account"))
    cash_shown = money_column("cash", _("cash"))

    take_back = deed(
        "take_back",
        _("Reverse"),
        ReasonForm,
        reversal.reverse,
        icon="undo",
        permission="reverse",
        description=_(
            "The totals of the year and the account get back what it took, today. It stays on"
            " record with its reversal, and its lines can be settled again."
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Settlement]:
        rows: QuerySet[Settlement] = super().get_queryset(request)
        is_reversed = Exists(Settlement.objects.filter(reverses=OuterRef("pk")))
        return rows.annotate(is_reversed=is_reversed)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """None: all of it stands in the statement."""
        return []

    def has_reverse_permission(
        self, request: HttpRequest, object_id: str | int | None = None
    ) -> bool:
        """Whether the user may reverse, and there is something to reverse."""
        standing = self.get_queryset(request).filter(reverses=None, reversal=None)
        may = request.user.has_perm("claims.reverse_settlement")
        return may and (object_id is None or standing.filter(pk=object_id).exists())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        shown = self.get_queryset(request).filter(pk=object_id)
        settlement = shown.select_related(*STATEMENT_READS).first()
        context = dict(extra_context or {})
        if settlement is not None:
            explanation = explained(settlement)
            context |= {"explanation": explanation, "tables": statement.tables(explanation)}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    @display(description=_("why no benefit"), label={"refused": "warning"})
    def reason_shown(self, settlement: Settlement) -> tuple[str, Any] | None:
        """Why the pooled fund pays nothing."""
        return ("refused", settlement.get_reason_display()) if settlement.reason else None

    @display(
        description=_("state"),
        label={"reversed": "danger", "reversal": "info", "provisional": "warning"},
    )
    def standing_shown(self, settlement: Any) -> tuple[str, Any] | None:
        """Whether it was reversed, is a reversal, or waits for a figure."""
        standings = (
            (settlement.is_reversed, "reversed", _("reversed")),
            (settlement.reverses_id is not None, "reversal", _("reversal")),
            (settlement.provisional, "provisional", _("provisional")),
        )
        return next(((key, said) for holds, key, said in standings if holds), None)


STATEMENT_READS = (
    "area",
    "member__person",
    "institution",
    "version__document",
    "visit",
    "year_total",
    "reverses",
    "made_by",
)
