"""The batch console: runs with their progress, chunks and exceptions, and the levers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from bureau import batchkinds
from bureau.admin.base import (
    AreaScopedAdmin,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    signed_in,
)
from bureau.admin.display import progress
from bureau.models import BatchChunk, BatchException, BatchRun, PoolingArea
from bureau.selectors import areas
from bureau.services import batches, batchwork


class ChunkInline(ReadOnlyTabularInline):
    """What the run is cut into."""

    model = BatchChunk
    fields = ("number", "first_id", "last_id", "state", "attempts", "worker", "counts", "error")
    readonly_fields = fields
    verbose_name_plural = _("Chunks")


class ExceptionInline(ReadOnlyTabularInline):
    """Whom the run could not do."""

    model = BatchException
    fields = ("subject_id", "reason_shown", "detail")
    readonly_fields = fields
    verbose_name_plural = _("Exceptions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BatchException]:
        rows: QuerySet[BatchException] = super().get_queryset(request)
        return rows.select_related("run")

    @admin.display(description=_("reason"))
    def reason_shown(self, exception: BatchException) -> str:
        """Word why the run could not do it."""
        return batchkinds.reason(exception.run.kind, exception.reason)


class KindFilter(admin.AllValuesFieldListFilter):
    """Kinds, by their names for people."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": batchkinds.label(str(choice["display"]))}


class StartForm(BaseDialogForm):
    """What a run needs to be started."""

    kind = forms.ChoiceField(
        label=_("kind"), choices=batchkinds.startable, widget=UnfoldAdminSelectWidget()
    )
    area = forms.ModelChoiceField(
        label=_("pooling area"),
        queryset=PoolingArea.objects.none(),
        widget=UnfoldAdminSelectWidget(),
    )
    day = forms.DateField(
        label=_("month or year"),
        help_text=_("Any day in it."),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    is_preview = forms.BooleanField(
        label=_("preview"),
        help_text=_("Computes everything and keeps nothing."),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["area"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = areas.visible_to(
                signed_in(self.request), PoolingArea.objects.all(), path="pk"
            )

    def asked(self) -> dict[str, Any]:
        """The answers, by the names that the service gives them."""
        return {name: self.cleaned_data[name] for name in ("kind", "area", "day", "is_preview")}


def lever(name: str, description: Any, question: Any, do: Callable[..., None], icon: str) -> Any:
    """Return an action of a run's page that asks first and then calls one service.

    It asks by a form, so it is a POST with its token, never a link that changes something.
    """

    def pull(self: Any, request: HttpRequest, _form: Any, object_id: str) -> HttpResponse:
        run = get_object_or_404(self.get_queryset(request), pk=object_id)
        try:
            do(run, by=signed_in(request))
        except batches.BatchStateError as error:
            messages.error(request, str(error))
        return HttpResponse(headers={"HX-Redirect": self.page_of(run)})

    pull.__name__ = name
    return action(
        pull,
        description=description,
        permissions=("control",),
        url_path=name.replace("_", "-"),
        icon=icon,
        dialog={
            "title": description,
            "description": question,
            "form_class": None,
            "form_submit_text": description,
        },
    )


@admin.register(BatchRun)
class BatchRunAdmin(ReadOnlyAdmin, AreaScopedAdmin):
    """Batch runs: started, watched and steered here."""

    list_display = (
        "kind_shown", "area", "period_shown", "state_shown", "progress_shown", "exceptions_shown",
        "created_by", "created_at",
    )  # fmt: skip
    list_filter = ("state", ("kind", KindFilter), "area", "is_preview")
    list_select_related = ("area", "created_by")
    date_hierarchy = "created_at"
    inlines = (ChunkInline, ExceptionInline)
    fields = (
        "kind_shown", "area", "period_shown", "as_of", "state", "progress_shown", "totals_shown",
        "exceptions_shown", "error", "created_by", "created_at", "started_at", "finished_at",
    )  # fmt: skip
    readonly_fields = (
        "kind_shown", "period_shown", "progress_shown", "totals_shown", "exceptions_shown",
    )  # fmt: skip
    actions_detail = ("pause", "resume", "cancel", "retry_failed")
    actions_list = ("start",)

    @action(
        description=_("Start a run"),
        permissions=("start",),
        url_path="start",
        icon="play_arrow",
        dialog={
            "title": _("Start a run"),
            "description": _("A period runs once; a preview as often as you like."),
            "form_class": StartForm,
            "form_submit_text": _("Start"),
        },
    )
    def start(self, request: HttpRequest, form: StartForm) -> HttpResponse:
        """Plan a run and show its page, where its progress is seen."""
        run, is_new = batches.start(**form.asked(), by=signed_in(request))
        if not is_new:
            messages.info(request, gettext("This run was planned before; here it is."))
        return HttpResponse(headers={"HX-Redirect": self.page_of(run)})

    def has_start_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may start a run."""
        return request.user.has_perm("bureau.add_batchrun")

    pause = lever(
        "pause", _("Pause"),
        _("Workers finish the chunks that they hold and take no more."),
        batches.pause, "pause",
    )  # fmt: skip
    resume = lever(
        "resume", _("Resume"), _("Workers take chunks of this run again."),
        batches.resume, "play_arrow",
    )  # fmt: skip
    cancel = lever(
        "cancel", _("Cancel"),
        _("What no worker has begun is given up; what was done stays done."),
        batches.cancel, "cancel",
    )  # fmt: skip
    retry_failed = lever(
        "retry_failed", _("Retry failed"), _("Failed chunks are tried again."),
        batches.retry_failed, "replay",
    )  # fmt: skip

    def has_control_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Tell whether the user may pull the levers."""
        return request.user.has_perm("bureau.control_batchrun")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer the levers that the run's state allows."""
        found = self.get_queryset(request).filter(pk=object_id).values_list("state", flat=True)
        state = found.first()
        able = {name for name, states in batches.STATES.items() if state in states}
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if each.method.original_function_name in able]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BatchRun]:
        done = Q(chunks__state="done")
        rows: QuerySet[BatchRun] = super().get_queryset(request)
        return rows.annotate(
            chunk_count=Count("chunks", distinct=True),
            done_count=Count("chunks", filter=done, distinct=True),
            exception_count=Count("exceptions", distinct=True),
        )

    def page_of(self, run: Model) -> str:
        """Return the address of a run's page."""
        return reverse(f"{self.admin_site.name}:bureau_batchrun_change", args=[run.pk])

    @admin.display(description=_("kind"), ordering="kind")
    def kind_shown(self, run: BatchRun) -> str:
        """Name the kind for people, and say whether it only tries."""
        label = batchkinds.label(run.kind)
        return f"{label} · {gettext('preview')}" if run.is_preview else label

    @admin.display(description=_("period"), ordering="period")
    def period_shown(self, run: BatchRun) -> str:
        """Show the month."""
        return f"{run.period:%Y-%m}"

    @display(
        description=_("state"),
        ordering="state",
        label={"done": "success", "failed": "danger", "running": "info", "paused": "warning"},
    )
    def state_shown(self, run: BatchRun) -> tuple[str, str]:
        """Show the state as a coloured label."""
        return run.state, run.get_state_display()

    @admin.display(description=_("progress"))
    def progress_shown(self, run: Any) -> SafeString:
        """Draw how many chunks are done."""
        return progress(run.done_count, run.chunk_count)

    @admin.display(description=_("totals"))
    def totals_shown(self, run: BatchRun) -> SafeString:
        """Word what came of the run so far."""
        run.totals = run.totals or batchwork.totals_of(run)
        return format_html_join(mark_safe("<br>"), "{}", ((e,) for e in batchkinds.sentences(run)))

    @admin.display(description=_("exceptions"))
    def exceptions_shown(self, run: Any) -> int:
        """Count whom the run could not do."""
        return int(run.exception_count)
