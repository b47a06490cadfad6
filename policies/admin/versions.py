"""Policy versions: the list, and the page where a draft's tables are edited as grids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bureau import clock
from bureau.admin.base import AreaScopedAdmin, signed_in
from policies.admin.grid import GRIDS
from policies.admin.life import LifeOfVersions
from policies.admin.widgets import DayInput
from policies.models import AdjustmentRow, PolicyVersion
from policies.selectors import lifecycle, reading
from policies.selectors.tables import tables_of
from policies.services import drafting

BADGES = {
    "draft": "warning",
    "in_review": "info",
    "in_force": "success",
    "future": "primary",
    "superseded": "default",
}


class StandingFilter(admin.SimpleListFilter):
    """By where a version stands today."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        return list(lifecycle.STANDINGS)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PolicyVersion]
    ) -> QuerySet[PolicyVersion]:
        del request
        wanted = self.value()
        return lifecycle.having(queryset, wanted, clock.today()) if wanted else queryset


class VersionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The heading of a version."""

    class Meta:
        model = PolicyVersion
        fields = (
            "area", "scheme", "subject", "title", "document", "in_force_from", "in_force_until",
            "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The document is one of the same area."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        area = said.get("area") or getattr(self.instance, "area", None)
        document = said.get("document")
        if document is not None and area is not None and document.area_id != area.pk:
            self.add_error("document", _("This document is another area's."))
        return said


@admin.register(PolicyVersion)
class PolicyVersionAdmin(LifeOfVersions, AreaScopedAdmin):
    """Versions: drafts are edited, what is published is read."""

    form = VersionForm
    list_display = (
        "title_shown", "area", "scheme", "subject", "standing_shown", "in_force_from",
        "in_force_until", "author", "published_by",
    )  # fmt: skip
    list_filter = (StandingFilter, "area", "scheme", "subject", "state")
    list_filter_submit = False
    ordering = ("area", "scheme", "subject", "-in_force_from")
    list_select_related = ("area", "author", "published_by")
    search_fields = ("title", "document__number", "note")
    change_form_before_template = "policies/version_facts.html"
    change_form_after_template = "policies/version_tables.html"
    formfield_overrides: ClassVar[Any] = AreaScopedAdmin.formfield_overrides
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "document"),
                    ("in_force_from", "in_force_until"),
                    "note",
                )
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    ("area", "scheme", "subject"),
                    ("title", "document"),
                    ("in_force_from", "in_force_until"),
                    "note",
                )
            },
        ),
    )

    class Media:
        css = {"all": ("policies/policies.css",)}
        js = ("policies/grid.js",)

    @admin.display(description=_("title"), ordering="title")
    def title_shown(self, version: PolicyVersion) -> SafeString:
        """The title, with where it comes from."""
        shipped = _("shipped") if version.shipped else ""
        return format_html("{} <small>{}</small>", version.title, shipped)

    @display(description=_("standing"), label=BADGES)
    def standing_shown(self, version: PolicyVersion) -> tuple[str, str]:
        """Where the version stands today, as a coloured label."""
        standing = lifecycle.standing(version, clock.today())
        return standing, str(dict(lifecycle.STANDINGS)[standing])

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.state == "draft")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.state == "draft"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        versions: QuerySet[PolicyVersion] = super().get_queryset(request)
        return versions.select_related("area", "document", "author", "published_by", "copied_from")

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> PolicyVersion | None:
        """A version to be saved is locked, so that it is not submitted meanwhile."""
        version: PolicyVersion | None = super().get_object(request, object_id, from_field)
        if version is not None and request.method == "POST":
            held = PolicyVersion.objects.select_for_update().only("state").get(pk=version.pk)
            version.state = held.state
        if version is not None:
            adjusting = AdjustmentRow.objects.filter(version=version)
            version.adjusting = list(adjusting)  # type: ignore[attr-defined]
        return version

    def get_inlines(self, request: HttpRequest, obj: Any) -> Sequence[Any]:
        if obj is None or not self.has_change_permission(request, obj):
            return ()
        return [GRIDS[table.name] for table in tables_of(obj.subject)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in {"in_force_from", "in_force_until"}:
            return db_field.formfield(widget=DayInput(attrs={"class": "day"}))
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "note":
            field.widget.attrs["rows"] = 2
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        version = kwargs.get("obj")
        if version is not None:
            context["standing"] = self.standing_shown(version)
            context["badge"] = BADGES[context["standing"][0]]
            context["is_fullwidth"] = "1"
            if not self.has_change_permission(request, version):
                context["readings"] = reading.read(version)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: PolicyVersion, form: ModelForm[Any], change: bool
    ) -> None:
        if not change:
            obj.author = signed_in(request)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm[Any], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(rows.has_changed() for rows in formsets):
            drafting.edited(form.instance, by=signed_in(request))
