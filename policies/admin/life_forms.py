"""What is asked at the steps in the life of a version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget

from policies.admin.widgets import DayInput
from policies.services import exchange


class CopyForm(forms.Form):
    """From which day the copy is to hold."""

    in_force_from = forms.DateField(
        label=gettext_lazy("in force from"), widget=DayInput(attrs={"class": "day"})
    )


class EndForm(forms.Form):
    """The first day on which the version no longer holds."""

    until = forms.DateField(
        label=gettext_lazy("the first day no longer in force"),
        widget=DayInput(attrs={"class": "day"}),
    )


class ReasonForm(forms.Form):
    """Why a version goes back to its author."""

    why = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )


class ImportForm(forms.Form):
    """A version as a YAML file, or pasted."""

    file = forms.FileField(
        label=gettext_lazy("YAML file"), required=False, widget=UnfoldAdminFileFieldWidget
    )
    text = forms.CharField(
        label=gettext_lazy("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "wide code"}),
    )

    def content(self) -> Any:
        """What the YAML says; raises UnreadableVersion."""
        uploaded = self.cleaned_data["file"]
        try:
            text = uploaded.read().decode("utf-8-sig") if uploaded else self.cleaned_data["text"]
        except UnicodeDecodeError:
            raise exchange.UnreadableVersion(_("The file is not UTF-8 text.")) from None
        return exchange.read_yaml(text)
