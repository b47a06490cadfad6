"""Deeds: buttons on a record's page that ask in a dialog and then call one service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from facilities.models import Consortium, Institution
from facilities.selectors import search

ANSWER = '<div id="dialog-form" class="mb-6 mt-6 font-semibold tabular-nums">{}</div>'
Code = TypeVar("Code", Institution, Consortium)
Choices = Sequence[tuple[Any, Any]]


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A field for a legal day."""
    widget = UnfoldAdminTextInputWidget(attrs={"type": "date"})
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A field for a line of text."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
    )


def amount(label: Any, *, required: bool = True) -> forms.DecimalField:
    """A field for yuan and fen."""
    return forms.DecimalField(
        label=label,
        required=required,
        max_digits=14,
        decimal_places=2,
        min_value=0,
        widget=UnfoldAdminDecimalFieldWidget(),
    )


def choice(label: Any, choices: Choices | Callable[[], Choices]) -> forms.ChoiceField:
    """A field for one of a few."""
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget())


def yes(label: Any) -> forms.BooleanField:
    """A switch."""
    return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanSwitchWidget())


class InstitutionField(forms.CharField):
    """An institution, by code, name, spelling or initials, as long as it is the only one."""

    widget = UnfoldAdminTextInputWidget

    def clean(self, value: Any) -> Institution | None:
        typed = super().clean(value)
        return only_one(search.matching(Institution.objects.all(), typed)) if typed else None


class PartnerField(forms.CharField):
    """Who can be signed: an institution, or a consortium by its code or name."""

    widget = UnfoldAdminTextInputWidget

    def clean(self, value: Any) -> Institution | Consortium:
        typed = super().clean(value).strip()
        by_code = Consortium.objects.filter(code=typed)
        consortia = by_code if by_code.exists() else Consortium.objects.filter(name=typed)
        if consortia.exists():
            return only_one(consortia)
        return only_one(search.matching(Institution.objects.all(), typed))


def only_one(found: QuerySet[Code]) -> Code:
    """The one record found; raises ValidationError naming some where there are several."""
    some = list(found.order_by("code")[:4])
    if not some:
        raise ValidationError(_("Nothing is found by this."))
    if len(some) > 1:
        several = "、".join(f"{one.name}（{one.code}）" for one in some[:3])
        raise ValidationError(_("Several are found: %(some)s … Give the code.") % {"some": several})
    return some[0]


class DeedForm(BaseDialogForm):
    """What a deed asks for."""

    def asked(self) -> dict[str, Any]:
        """The answers, by the names that the service gives them."""
        return {key: value for key, value in self.cleaned_data.items() if key in self.declared()}

    def declared(self) -> list[str]:
        """The names of the questions, without what the dialog itself sends."""
        return [name for name in self.fields if not name.startswith("_")]

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the service said, at the first question."""
        asked = self.declared()
        for message in refusal.messages:
            self.add_error(asked[0] if asked else None, message)


def deed(
    name: str,
    title: Any,
    form_class: type[DeedForm],
    do: Callable[..., object],
    *,
    icon: str,
    description: Any = "",
    permission: str = "change",
    shows_answer: bool = False,
) -> Any:
    """A record's action: asks by `form_class`, then calls `do(record, **asked, by=user)`.

    With `shows_answer` the dialog shows what the service returned, and it is kept nowhere: a
    message would travel in a cookie.
    """
    dialog = {
        "title": title,
        "description": description,
        "form_class": form_class,
        "form_submit_text": title,
    }

    def carry_out(self: Any, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        record: Model = get_object_or_404(self.get_queryset(request), pk=object_id)
        try:
            answer = do(record, **form.asked(), by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
            context = {"dialog": dialog, "form": form, "form_submit_text": title}
            return render(request, "unfold/helpers/dialog.html", context)
        if shows_answer:
            return HttpResponse(format_html(ANSWER, answer))
        messages.success(request, _("Done: %(deed)s.") % {"deed": title})
        return HttpResponse(headers={"HX-Redirect": request.META.get("HTTP_REFERER", "../change/")})

    carry_out.__name__ = name
    return action(
        carry_out,
        description=title,
        permissions=(permission,),
        url_path=name.replace("_", "-"),
        icon=icon,
        dialog=dialog,
    )
