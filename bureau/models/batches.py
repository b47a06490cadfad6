"""Batch runs: rows that say what is to be done, by whom it is being done, and what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import PoolingArea


class RunState(models.TextChoices):
    """Where a run stands."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class ChunkState(models.TextChoices):
    """Where a chunk stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


WORKABLE = (RunState.PLANNED, RunState.RUNNING)
UNFINISHED = (ChunkState.WAITING, ChunkState.RUNNING)


class BatchRun(models.Model):
    """One run of a kind of batch over an area, for a period that is a parameter, never “now”."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    kind = models.CharField(_("kind"), max_length=40)
    area = models.ForeignKey(
        PoolingArea, models.PROTECT, verbose_name=_("pooling area"), related_name="batch_runs"
    )
    period = models.DateField(_("period"), help_text=_("The first day of the month or year."))
    as_of = models.DateField(_("as known on"), help_text=_("What was known on that day counts."))
    is_preview = models.BooleanField(
        _("preview"), default=False, help_text=_("Computes everything and keeps nothing.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.PLANNED
    )
    parameters = models.JSONField(
        _("parameters"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    totals = models.JSONField(_("totals"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(_("error"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("planned by"),
        null=True,
        blank=True,
        related_name="batch_runs",
    )
    created_at = models.DateTimeField(_("planned at"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch run")
        verbose_name_plural = _("batch runs")
        ordering = ("-created_at", "-pk")
        permissions = (("control_batchrun", _("Can pause, resume, cancel and retry batch runs")),)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "area", "period"),
                condition=Q(is_preview=False) & ~Q(state="cancelled"),
                name="one_run_of_a_kind_area_and_period",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="run_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{gettext(self.kind)} {self.area_id} {self.period:%Y-%m}"


class BatchChunk(models.Model):
    """A range of subjects that one worker does in one transaction."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    run = models.ForeignKey(
        BatchRun, models.CASCADE, verbose_name=_("batch run"), related_name="chunks"
    )
    number = models.PositiveIntegerField(_("number"))
    first_id = models.BigIntegerField(_("first subject"))
    last_id = models.BigIntegerField(_("last subject"))
    state = models.CharField(
        _("state"), max_length=10, choices=ChunkState.choices, default=ChunkState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("Also the number by which a lease is known.")
    )
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    worker = models.CharField(_("worker"), max_length=120, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(_("error"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch chunk")
        verbose_name_plural = _("batch chunks")
        ordering = ("run_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="chunk_number_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(first_id__lte=F("last_id")), name="chunk_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ChunkState.values), name="chunk_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="running_chunk_is_leased",
            ),
            ExclusionConstraint(
                name="no_subject_in_two_chunks_of_a_run",
                expressions=[
                    ("run", "="),
                    (
                        Func(F("first_id"), F("last_id"), Value("[]"), function="int8range"),
                        "&&",
                    ),
                ],
            ),
        )
        indexes = (
            models.Index(
                fields=("run", "number"),
                condition=Q(state__in=("waiting", "running")),
                name="unfinished_chunk",
            ),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noted: list[BatchException] = []

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

    def note(self, subject_id: int, reason: str, detail: str = "") -> None:
        """Note a subject that could not be done; kept together with the chunk's result."""
        self.noted.append(
            BatchException(
                run_id=self.run_id,
                chunk=self,
                subject_id=subject_id,
                reason=reason,
                detail=detail,
            )
        )


class BatchException(models.Model):
    """A subject that a run could not do, and why; it never fails its chunk."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    run = models.ForeignKey(
        BatchRun, models.CASCADE, verbose_name=_("batch run"), related_name="exceptions"
    )
    chunk = models.ForeignKey(
        BatchChunk, models.CASCADE, verbose_name=_("batch chunk"), related_name="exceptions"
    )
    subject_id = models.BigIntegerField(_("subject"))
    reason = models.CharField(_("reason"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)

    class Meta:
        verbose_name = _("batch exception")
        verbose_name_plural = _("batch exceptions")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.subject_id}: {self.reason}"
