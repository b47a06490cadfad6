"""People: registered, corrected, merged; their numbers masked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from bureau.admin.base import PortalAdmin, ReadOnlyTabularInline
from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, deed
from members.identity import documents
from members.models import IdentityChange, Member, Person, Relation
from members.selectors import search
from members.services import people


class EnrolmentInline(ReadOnlyTabularInline):
    """Where the person is insured."""

    model = Member
    fields = ("number", "area", "scheme", "insured_from", "insured_until")
    ordering = ("-insured_from",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        visible = search.visible_to(request.user)  # type: ignore[arg-type]
        return visible.select_related("area").order_by(*self.ordering)


class RelationInline(ReadOnlyTabularInline):
    """Spouse, parents and children."""

    model = Relation
    fk_name = "person"
    fields = ("relative", "kind", "since", "until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relation]:
        rows: QuerySet[Relation] = super().get_queryset(request)
        return rows.select_related("relative")


class IdentityChangeInline(ReadOnlyTabularInline):
    """Numbers that were corrected."""

    model = IdentityChange
    fields = ("document_type", "number_shown", "reason", "changed_at", "changed_by")
    readonly_fields = ("number_shown", "changed_at")

    @admin.display(description=_("identity number"))
    def number_shown(self, change: IdentityChange) -> str:
        """The former number, masked."""
        return change.identity_masked


class RegistrationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person as the clerk reads the document."""

    number = forms.CharField(
        label=_("identity number"), max_length=18, widget=UnfoldAdminTextInputWidget()
    )

    class Meta:
        model = Person
        fields = ("name", "document_type", "number", "sex", "born")

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if {"document_type", "number", "sex", "born"} <= asked.keys():
            try:
                people.expect_registrable(
                    asked["document_type"], asked["number"], born=asked["born"], sex=asked["sex"]
                )
            except ValidationError as refusal:
                self.add_error("number", refusal)
        return asked


class RenameForm(DeedForm):
    """A corrected or new name."""

    name = deeds.text(_("full name"))
    reason = deeds.text(_("reason"))


class CorrectForm(DeedForm):
    """The number as the document has it."""

    document_type = deeds.choice(_("identity document"), documents.DocumentType.choices)
    number = deeds.text(_("identity number"))
    born = deeds.day(_("born on"), required=False, help_text=_("Only where it changes too"))
    reason = deeds.text(_("reason"))


class DeathForm(DeedForm):
    """The day of death."""

    on = deeds.day(_("died on"))


class MergeForm(DeedForm):
    """The record that goes on."""

    into = forms.CharField(
        label=_("identity number of the record that goes on"), widget=UnfoldAdminTextInputWidget()
    )
    reason = deeds.text(_("reason"))

    def clean_into(self) -> Person:
        found = list(search.people(self.cleaned_data["into"])[:2])
        if len(found) != 1:
            raise ValidationError(_("No single person is found by this."))
        return found[0]


class RevealForm(DeedForm):
    """Why somebody needs to see the number."""

    reason = deeds.text(_("reason"), help_text=_("It is put on record with your name"))


@admin.register(Person)
class PersonAdmin(PortalAdmin):
    """People whom the user's areas insure, and those whom nobody insures yet."""

    list_display = ("name", "document_type", "identity_shown", "sex", "born", "died_on")
    list_filter = ("sex", "document_type")
    search_fields = ("name",)
    search_help_text = _("Name, pinyin, initials or the whole identity number")
    ordering = ("-pk",)
    readonly_fields = (
        "name",
        "document_type",
        "identity_shown",
        "sex",
        "born",
        "died_on",
        "merged_into",
        "registered_at",
    )
    fields = readonly_fields
    inlines = (EnrolmentInline, RelationInline, IdentityChangeInline)
    actions_detail = ("rename", "correct_identity", "record_death", "merge", "reveal")

    rename = deed("rename", _("Change name"), RenameForm, people.rename, icon="edit")
    correct_identity = deed(
        "correct_identity", _("Correct number"), CorrectForm, people.correct_identity, icon="badge"
    )
    record_death = deed(
        "record_death", _("Record death"), DeathForm, people.record_death, icon="event_busy"
    )
    merge = deed("merge", _("Merge records"), MergeForm, people.merge, icon="merge")
    reveal = deed(
        "reveal",
        _("Show number"),
        RevealForm,
        people.reveal_identity,
        icon="visibility",
        shows_answer=True,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        enrolled = Member.objects.filter(person=OuterRef("pk"))
        visible = search.visible_to(request.user).filter(  # type: ignore[arg-type]
            person=OuterRef("pk")
        )
        rows: QuerySet[Person] = super().get_queryset(request)
        return rows.filter(Exists(visible) | ~Exists(enrolled))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        return queryset.filter(pk__in=search.people(search_term)), False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = RegistrationForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else RegistrationForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: Any) -> None:
        if change:
            return
        asked = form.cleaned_data
        registered = people.register(**asked, by=request.user)  # type: ignore[arg-type]
        obj.pk, obj._state.adding = registered.pk, False

    @admin.display(description=_("identity number"))
    def identity_shown(self, person: Person) -> str:
        """The number, masked."""
        return person.identity_masked
