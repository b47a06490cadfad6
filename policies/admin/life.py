"""The life of a version as pages and buttons: copied, checked, submitted, published, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from bureau.admin.base import AreaScopedAdmin, signed_in
from policies.admin.life_forms import CopyForm, EndForm, ImportForm, ReasonForm
from policies.admin.tryout import try_out
from policies.models import PolicyVersion
from policies.selectors import differences, lifecycle, problems
from policies.services import exchange, publishing


def button(name: str, description: Any, icon: str, **looks: Any) -> Any:
    """A button on a version's page that opens a page of its own; what changes is POSTed there."""
    return action(
        description=description,
        url_path=name.replace("_", "-"),
        icon=icon,
        permissions=(name,),
        **looks,
    )


class LifeOfVersions(AreaScopedAdmin):
    """Pages and buttons for each step in the life of a version."""

    actions_list = ("import_yaml", "try_out_any")
    actions_detail = (
        "review",
        "try_out",
        {
            "title": gettext_lazy("More"),
            "icon": "more_horiz",
            "items": ["copy", "end_early", "export_yaml"],
        },
    )

    @action(description=gettext_lazy("Import YAML"), icon="upload", permissions=("add",))
    def import_yaml(self, request: HttpRequest) -> HttpResponse:
        """Make a draft from a YAML file."""
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                content = form.content()
                self._check_area(request, content)
                draft = exchange.import_version(content, by=signed_in(request))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Imported as a draft."))
                return self._to(draft)
        return self._page(
            request,
            "policies/form.html",
            title=_("Import a version from YAML"),
            form=form,
            submit=_("Import as a draft"),
            multipart=True,
        )

    def _check_area(self, request: HttpRequest, content: Any) -> None:
        area = content.get("area") if isinstance(content, dict) else None
        if area is not None and not signed_in(request).may_see(str(area)):
            raise ValidationError(
                _("You may not write policies of area %(area)s.") % {"area": area}
            )

    @action(description=gettext_lazy("Try out"), icon="science", permissions=("view",))
    def try_out_any(self, request: HttpRequest) -> HttpResponse:
        """Try out what is in force on a day."""
        del request
        return HttpResponseRedirect(reverse("admin:policies_tryout"))

    @button("try_out", gettext_lazy("Try out"), "science")
    def try_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try out this version, draft or not."""
        version = self._version(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:policies_tryout')}?version={version.pk}")

    @button("review", gettext_lazy("Check and compare"), "fact_check")
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Gaps, overlaps and differences, and the step that comes next."""
        version = self._version(request, object_id)
        reason = ReasonForm(request.POST if "send_back" in request.POST else None)
        refused: list[str] = []
        if request.method == "POST":
            try:
                if self._step(request, version, reason):
                    return self._to(version)
            except ValidationError as error:
                refused = error.messages
                version.refresh_from_db()
        old = differences.before(version)
        return self._page(
            request,
            "policies/review.html",
            title=_("Check and compare"),
            version=version,
            reason=reason,
            refused=refused,
            moves=lifecycle.moves(version, signed_in(request)),
            problems=[] if refused else problems.problems_of(version),
            before=old,
            headings=differences.headings(old, version) if old else [],
            differences=differences.between(old, version) if old else [],
        )

    def _step(self, request: HttpRequest, version: PolicyVersion, reason: ReasonForm) -> bool:
        """Take the step that was asked for; False where its form is not filled in."""
        user = signed_in(request)
        steps: dict[str, tuple[Callable[[], None], str]] = {
            "submit": (lambda: publishing.submit(version, by=user), _("Put up for review.")),
            "publish": (lambda: publishing.publish(version, by=user), _("Published.")),
            "send_back": (
                lambda: publishing.send_back(version, by=user, why=reason.cleaned_data["why"]),
                _("Sent back to its author."),
            ),
        }
        asked = next((name for name in steps if name in request.POST), "")
        if asked not in lifecycle.moves(version, user) and asked != "publish":
            raise PermissionDenied
        if asked == "publish" and not user.has_perm("policies.publish_policyversion"):
            raise PermissionDenied
        if asked == "send_back" and not reason.is_valid():
            return False
        take, said = steps[asked]
        take()
        messages.success(request, said)
        return True

    @button("copy", gettext_lazy("Copy as a draft"), "content_copy")
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Copy a version into a draft that begins on a day."""
        version = self._version(request, object_id)
        form = CopyForm(request.POST or None)
        if form.is_valid():
            begins = form.cleaned_data["in_force_from"]
            draft = publishing.copy_as_draft(version, in_force_from=begins, by=signed_in(request))
            messages.success(request, _("Copied. Edit the draft, then have it checked."))
            return self._to(draft)
        return self._page(
            request,
            "policies/form.html",
            title=_("Copy as a draft"),
            version=version,
            form=form,
            submit=_("Copy"),
            explanation=_("The draft has all rows of this version. The version itself stays."),
        )

    @button("end_early", gettext_lazy("End early"), "event_busy")
    def end_early(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Bring the end of a published version forward."""
        version = self._version(request, object_id)
        form = EndForm(request.POST or None)
        if form.is_valid():
            try:
                publishing.end_early(
                    version, until=form.cleaned_data["until"], by=signed_in(request)
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Its end was brought forward."))
                return self._to(version)
        return self._page(
            request,
            "policies/form.html",
            title=_("End early"),
            version=version,
            form=form,
            submit=_("End it"),
            explanation=_("A published version never changes, but its end can be brought forward."),
        )

    @button("export_yaml", gettext_lazy("Export YAML"), "download")
    def export_yaml(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The whole version as a YAML file."""
        version = self._version(request, object_id)
        name = f"{version.area_id}-{version.subject}-{version.in_force_from:%Y-%m-%d}.yaml"
        return HttpResponse(
            exchange.export_yaml(version),
            content_type="application/yaml; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def get_custom_urls(self) -> Any:
        return (("try-out/", "policies_tryout", _without_admin(try_out)),)

    def has_try_out_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """There is nothing to try of what an account may pay: its table says it."""
        mine = self.get_queryset(request).filter(pk=_number(object_id))
        return not mine.filter(subject="account_use").exists()

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(self.has_view_permission(request))

    def has_export_yaml_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(self.has_view_permission(request))

    def has_copy_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return "copy" in self._moves(request, object_id)

    def has_end_early_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return "end" in self._moves(request, object_id)

    def _moves(self, request: HttpRequest, object_id: Any) -> frozenset[str]:
        version = self.get_queryset(request).filter(pk=_number(object_id)).first()
        return lifecycle.moves(version, signed_in(request)) if version else frozenset()

    def _version(self, request: HttpRequest, object_id: str) -> PolicyVersion:
        version: PolicyVersion = get_object_or_404(
            self.get_queryset(request), pk=_number(object_id)
        )
        return version

    def _to(self, version: PolicyVersion) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:policies_policyversion_change", args=[version.pk])
        )

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        version = context.get("version")
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "media": self.media,
                "is_fullwidth": "1",
                **context,
                "title": f"{context['title']} · {version}" if version else context["title"],
            },
        )


def _without_admin(view: Callable[[HttpRequest], HttpResponse]) -> Any:
    """A page that is not a model's own."""
    return lambda request, **_of_admin: view(request)


def _number(object_id: Any) -> int | None:
    return int(object_id) if str(object_id).isdigit() else None
