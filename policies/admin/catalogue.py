"""The catalogue: items with their classes and payment standards, and loading them from a file."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget

from bureau import clock
from bureau.admin.base import AreaScopedAdmin, AreaScopedTabularInline, PortalAdmin, signed_in
from bureau.models import PoolingArea, User
from policies.admin.widgets import DayInput, PercentField, PercentInput
from policies.models import CatalogueItem, ItemTerms, PaymentStandard
from policies.models.fields import ShareField
from policies.services import catalogue_import, catalogue_sheet, uploads

LARGEST = 20 * 1024 * 1024
SHOWN = 50


class FileForm(forms.Form):
    """A file of catalogue rows, and what its rows leave out."""

    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy(
            "xlsx, xls, ods, or CSV in UTF-8 or GBK; the first row is headings."
        ),
    )
    area = forms.ModelChoiceField(
        PoolingArea.objects.none(),
        label=gettext_lazy("classes and payment standards of"),
        required=False,
        empty_label=gettext_lazy("no area: items alone"),
    )
    begins = forms.DateField(
        label=gettext_lazy("in force from"),
        help_text=gettext_lazy("Where a row does not say it."),
        widget=DayInput(attrs={"class": "day"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = user.visible_areas()  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        """The file's content."""
        uploaded = self.cleaned_data["file"]
        if uploaded.size > LARGEST:
            raise ValidationError(_("The file is larger than 20 MB; split it."))
        content: bytes = uploaded.read()
        return content


class TermsInline(AreaScopedTabularInline):
    """Classes by area and date."""

    model = ItemTerms
    extra = 0
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _own_areas(super().get_queryset(request), request)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, ShareField):
            return PercentField(
                label=f"{db_field.verbose_name} (%)",
                initial=0,
                min_value=0,
                max_value=1,
                widget=PercentInput(attrs={"class": "share-input", "inputmode": "decimal"}),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class StandardInline(AreaScopedTabularInline):
    """The item's own payment standards by area and date."""

    model = PaymentStandard
    fields = ("area", "price", "in_force_from", "in_force_until")
    extra = 0
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _own_areas(super().get_queryset(request), request)


@admin.register(CatalogueItem)
class CatalogueItemAdmin(PortalAdmin):
    """Drugs, services and consumables; found by code, name or pinyin."""

    list_display = (
        "code", "name", "kind", "specification", "manufacturer", "generic_group", "flags_shown",
    )  # fmt: skip
    list_filter = ("kind", "essential", "negotiated", "dual_channel")
    search_fields = ("code__istartswith", "name", "name_pinyin", "generic_group")
    search_help_text = gettext_lazy("Code, name, pinyin or its initials, or generic group")
    inlines = (TermsInline, StandardInline)
    actions_list = ("load_file",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "kind"),
                    ("name", "generic_group"),
                    ("specification", "unit"),
                    ("manufacturer",),
                    ("essential", "negotiated", "dual_channel"),
                )
            },
        ),
        (
            gettext_lazy("Limits"),
            {
                "fields": (
                    ("only_sex", "age_from", "age_until"),
                    ("quantity_limit", "days_limit"),
                )
            },
        ),
    )

    class Media:
        css: ClassVar[Any] = {"all": ("policies/policies.css",)}

    @display(description=gettext_lazy("marks"), label=True)
    def flags_shown(self, item: CatalogueItem) -> list[str]:
        """What an item is marked as."""
        marks = ("essential", "negotiated", "dual_channel")
        return [
            str(item._meta.get_field(mark).verbose_name)  # type: ignore[union-attr]
            for mark in marks
            if getattr(item, mark)
        ]

    @action(description=gettext_lazy("Load from a file"), icon="upload_file", permissions=("add",))
    def load_file(self, request: HttpRequest) -> HttpResponse:
        """Show what loading a file would do; load it once that is confirmed."""
        if "confirm" in request.POST:
            return self._load(request)
        if "template" in request.GET:
            return _template()
        form = FileForm(
            request.POST or None,
            request.FILES or None,
            user=signed_in(request),
            initial={"begins": clock.today()},
        )
        plan, token = None, ""
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                plan = catalogue_import.plan(said["file"], area=said["area"], begins=said["begins"])
            except ValidationError as error:
                form.add_error("file", error)
            else:
                token = uploads.keep(
                    said["file"],
                    by=signed_in(request),
                    area=said["area"].pk if said["area"] else "",
                    begins=said["begins"].isoformat(),
                )
        return self._page(request, form=form, plan=plan, token=token)

    def _load(self, request: HttpRequest) -> HttpResponse:
        user = signed_in(request)
        try:
            kept = uploads.kept(request.POST["confirm"], by=user)
            area = user.visible_areas().filter(pk=kept.said["area"]).first()
            if kept.said["area"] and area is None:
                raise PermissionDenied
            begins = forms.DateField().clean(kept.said["begins"])
            plan = catalogue_import.load(kept.content, area=area, begins=begins, by=user)
        except signing.BadSignature:
            messages.error(request, _("The preview has run out; choose the file again."))
            return HttpResponseRedirect(request.path)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)
        uploads.forget(kept)
        messages.success(
            request,
            _(
                "Loaded: %(new)s new items, %(changed)s changed, %(terms)s classes, "
                "%(standards)s payment standards."
            )
            % catalogue_import.counts(plan),
        )
        return HttpResponseRedirect(reverse("admin:policies_catalogueitem_changelist"))

    def _page(self, request: HttpRequest, *, form: FileForm, plan: Any, token: str) -> HttpResponse:
        errors = plan.errors[:SHOWN] if plan else []
        headings = plan.headings if plan else {}
        return TemplateResponse(
            request,
            "policies/load_catalogue.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Load the catalogue from a file"),
                "media": self.media,
                "form": form,
                "submit": _("Check and preview"),
                "multipart": True,
                "plan": plan,
                "counts": catalogue_import.counts(plan) if plan else {},
                "errors": [(one.row, headings.get(one.column, ""), one.what) for one in errors],
                "token": token,
                "new": plan.new[:SHOWN] if plan else [],
                "changed": plan.changed[:SHOWN] if plan else [],
                "shown": SHOWN,
            },
        )


@admin.register(PaymentStandard)
class PaymentStandardAdmin(AreaScopedAdmin):
    """Payment standards of generic groups and of items."""

    list_display = ("generic_group", "item", "area", "price", "in_force_from", "in_force_until")
    list_filter = ("area",)
    list_select_related = ("area", "item")
    search_fields = ("generic_group", "item__name", "item__code__istartswith", "item__name_pinyin")
    autocomplete_fields = ("item",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("area", "price"),
                    ("generic_group", "item"),
                    ("in_force_from", "in_force_until"),
                )
            },
        ),
    )


def _own_areas(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    return rows.filter(Q(area__in=signed_in(request).visible_areas()))


def _template() -> HttpResponse:
    """An empty file with the headings, which Excel opens as it is."""
    headings = ",".join(map(catalogue_sheet.heading_of, catalogue_sheet.COLUMNS))
    return HttpResponse(
        f"\ufeff{headings}\r\n".encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="catalogue.csv"'},
    )
