"""Worked examples: edited as YAML, run on the spot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from bureau.admin.base import AreaScopedAdmin
from policies.labels import SCHEMES
from policies.models import WorkedExample
from policies.selectors.wording import label_of
from policies.services import exchange, worked_examples


class ExampleForm(forms.ModelForm):  # type: ignore[type-arg]
    """An example whose body is typed as YAML."""

    text = forms.CharField(
        label=gettext_lazy("example"),
        widget=forms.Textarea(attrs={"rows": 26, "class": "example-text", "spellcheck": "false"}),
        help_text=gettext_lazy("A member, institutions, what happens, and what must come out."),
    )

    scheme = forms.ChoiceField(
        label=gettext_lazy("scheme"), choices=SCHEMES, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = WorkedExample
        fields = ("area", "scheme", "name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            self.fields["text"].initial = worked_examples.as_text(self.instance)

    def clean_text(self) -> dict[str, Any]:
        """The YAML as what it says."""
        return worked_examples.from_text(self.cleaned_data["text"])

    def save(self, commit: bool = True) -> Any:
        self.instance.body = exchange.as_json(self.cleaned_data["text"])
        return super().save(commit)


@admin.register(WorkedExample)
class WorkedExampleAdmin(AreaScopedAdmin):
    """The examples that every version of their area must pass."""

    form = ExampleForm
    list_display = ("name", "area", "scheme_shown", "is_active")
    list_filter = ("area", "scheme", "is_active")
    list_select_related = ("area",)
    search_fields = ("name",)
    fieldsets = ((None, {"fields": (("area", "scheme"), ("name", "is_active"), "text")}),)
    actions_detail = ("run_example",)

    class Media:
        css = {"all": ("policies/policies.css",)}

    @admin.display(description=gettext_lazy("scheme"), ordering="scheme")
    def scheme_shown(self, example: WorkedExample) -> str:
        """Name the scheme."""
        return label_of(example.scheme, SCHEMES)

    @action(description=gettext_lazy("Run"), icon="play_arrow", url_path="run")
    def run_example(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Play the example as it was saved, and show what differs."""
        pk = int(object_id) if object_id.isdigit() else None
        example = get_object_or_404(self.get_queryset(request), pk=pk)
        played = worked_examples.can_be_played()
        return TemplateResponse(
            request,
            "policies/example_run.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Run: %(name)s") % {"name": example.name},
                "media": self.media,
                "example": example,
                "played": played,
                "found": worked_examples.run(example) if played else [],
                "text": worked_examples.as_text(example),
            },
        )
