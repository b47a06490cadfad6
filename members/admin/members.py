"""Members: an enrolment with all that belongs to it, and the deeds that change it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from bureau import clock
from bureau.admin.display import money
from facilities.admin.deeds import deed
from members.admin import member_deeds as asks
from members.admin import member_tabs as tabs
from members.admin.by_person import ByPersonAdmin
from members.models import Member, Person, StatusChange
from members.selectors import search
from members.services import (
    cards,
    contracts,
    contributions,
    enrolment,
    filings,
    statuses,
    stays,
)
from policies import labels


class EnrolForm(forms.ModelForm):  # type: ignore[type-arg]
    """An enrolment as the clerk enters it."""

    who = forms.CharField(
        label=_("identity number of the person"), widget=UnfoldAdminTextInputWidget()
    )
    status = forms.ChoiceField(
        label=_("status"), choices=labels.STATUSES, widget=UnfoldAdminSelectWidget()
    )

    class Meta:
        model = Member
        fields = (
            "who",
            "area",
            "scheme",
            "insured_from",
            "status",
            "has_account",
            "employer",
            "retirement_pension",
            "frozen_credit",
            "supplementary_scheme",
        )

    def clean_who(self) -> Person:
        found = list(search.people(self.cleaned_data["who"])[:2])
        if len(found) != 1:
            raise ValidationError(_("No single person is found by this: register them first."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if {"who", "area", "scheme", "insured_from"} <= asked.keys():
            enrolment.expect_enrollable(
                asked["who"],
                area=asked["area"],
                scheme=asked["scheme"],
                insured_from=asked["insured_from"],
            )
        return asked


@admin.register(Member)
class MemberAdmin(ByPersonAdmin):
    """Who is insured, found by any number or name."""

    member_path: ClassVar[str] = "pk"
    area_path: ClassVar[str] = "area"
    list_display = (
        "number",
        "name_shown",
        "identity_shown",
        "area",
        "scheme",
        "status_shown",
        "insured_from",
        "insured_until",
        "balance_shown",
    )
    list_display_links = ("number", "name_shown")
    list_filter = (
        "scheme",
        "area",
        "has_account",
        "employer_group",
        ("insured_until", admin.EmptyFieldListFilter),
    )
    list_select_related = ("person", "area", "account")
    ordering = ("-pk",)
    autocomplete_fields = ("employer",)
    inlines = tabs.ALL
    fieldsets = (
        (
            None,
            {"fields": ("number", "name_shown", "identity_shown", "born_shown", "status_shown")},
        ),
        (
            _("Insurance"),
            {"fields": ("area", "scheme", "insured_from", "insured_until", "has_account")},
        ),
        (_("Employer"), {"fields": ("employer", "employer_group", "supplementary_scheme")}),
        (
            _("Account"),
            {"fields": ("balance_plain", "retirement_pension", "frozen_credit", "entries_shown")},
        ),
    )
    readonly_fields = (
        "number",
        "name_shown",
        "identity_shown",
        "born_shown",
        "status_shown",
        "balance_plain",
        "entries_shown",
        "area",
        "scheme",
        "insured_from",
        "insured_until",
        "has_account",
    )
    actions_detail = (
        {
            "title": _("Contracts and filings"),
            "items": ["sign_contract", "file_elsewhere", "admit", "issue_card"],
        },
        {
            "title": _("Insurance"),
            "items": [
                "change_status",
                "record_contribution",
                "record_pension",
                "suspend",
                "join_group",
                "end_enrolment",
            ],
        },
    )

    sign_contract = deed(
        "sign_contract", _("Sign contract"), asks.Sign, contracts.sign, icon="handshake"
    )
    file_elsewhere = deed(
        "file_elsewhere",
        _("File treatment elsewhere"),
        asks.File,
        filings.file,
        icon="flight_takeoff",
    )
    admit = deed("admit", _("Admit"), asks.Admit, stays.admit, icon="hotel")
    issue_card = deed("issue_card", _("Issue card"), asks.Issue, cards.issue, icon="credit_card")
    change_status = deed(
        "change_status", _("Change status"), asks.ChangeStatus, statuses.change, icon="swap_vert"
    )
    record_contribution = deed(
        "record_contribution",
        _("Record contribution"),
        asks.Contribute,
        contributions.record,
        icon="payments",
    )
    record_pension = deed(
        "record_pension",
        _("Record pension"),
        asks.RecordPension,
        contributions.record_pension,
        icon="elderly",
    )
    suspend = deed("suspend", _("Suspend"), asks.Suspend, enrolment.suspend, icon="pause")
    join_group = deed(
        "join_group", _("Join special group"), asks.JoinGroup, statuses.join_group, icon="group_add"
    )
    end_enrolment = deed(
        "end_enrolment", _("End insurance"), asks.End, enrolment.end, icon="event_busy"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        latest = StatusChange.objects.filter(
            member=OuterRef("pk"), changed_on__lte=clock.today()
        ).order_by("-changed_on")
        rows: QuerySet[Member] = super().get_queryset(request)
        return rows.annotate(status_today=Subquery(latest.values("status")[:1]))

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = EnrolForm
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else ((None, {"fields": EnrolForm.Meta.fields}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: Any) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        asked = dict(form.cleaned_data)
        person = asked.pop("who")
        enrolled = enrolment.enrol(person, **asked, by=request.user)  # type: ignore[arg-type]
        obj.pk, obj.number, obj._state.adding = enrolled.pk, enrolled.number, False

    def member_of(self, row: Any) -> Member:
        member: Member = row
        return member

    @admin.display(description=_("identity number"))
    def identity_shown(self, member: Member) -> str:
        """The number, masked."""
        return member.person.identity_masked

    @admin.display(description=_("born on"))
    def born_shown(self, member: Member) -> Any:
        """The day of birth."""
        return member.person.born

    @admin.display(description=_("status"))
    def status_shown(self, member: Any) -> Any:
        """The latest status up to today."""
        return dict(labels.STATUSES).get(member.status_today, "–")

    @admin.display(description=_("balance"), ordering="account__balance")
    def balance_shown(self, member: Member) -> Any:
        """What the account holds."""
        return money(member.account.balance if hasattr(member, "account") else None)

    @admin.display(description=_("balance"))
    def balance_plain(self, member: Member) -> Any:
        """What the account holds, among the other fields."""
        return f"{member.account.balance:,.2f}" if hasattr(member, "account") else "–"

    @admin.display(description=_("latest entries"))
    def entries_shown(self, member: Member) -> Any:
        """The latest movements of the account, with the way to all of them."""
        return tabs.latest_entries(member)
