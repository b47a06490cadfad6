"""Planning batch runs and steering them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, batchkinds, bell, clock
from bureau.models import BatchChunk, BatchRun, ChunkState, PoolingArea, RunState, User
from bureau.models.batches import WORKABLE


class BatchStateError(Exception):
    """A run is not in a state in which that can be done; the message says so."""


def plan(
    *,
    kind: str,
    area: PoolingArea,
    period: date,
    ranges: Iterable[tuple[int, int]],
    by: User | None,
    as_of: date | None = None,
    parameters: dict[str, Any] | None = None,
    is_preview: bool = False,
) -> tuple[BatchRun, bool]:
    """Plan a run over ranges of subject ids, both ends included; tell whether it is new.

    The run of that kind, area and period is planned once however often this is called: a run that
    was not cancelled is returned as it stands. A preview is always new.

    Raises:
        LookupError: no app registered that kind.
    """
    batchkinds.get(kind)
    wanted: dict[str, Any] = {"kind": kind, "area": area, "period": period}
    fresh = {
        "as_of": as_of or clock.today(),
        "parameters": parameters or {},
        "created_by": by,
    }
    with transaction.atomic():
        if is_preview:
            run, created = BatchRun.objects.create(**wanted, **fresh, is_preview=True), True
        else:
            run, created = _standing_runs().get_or_create(**wanted, defaults=fresh)
        if created:
            _cut(run, ranges)
            audit.record("batch planned", run, by=by, detail={"kind": kind, "period": str(period)})
            transaction.on_commit(bell.ring)
    return run, created


def start(
    kind: str,
    area: PoolingArea,
    day: date,
    *,
    by: User | None,
    as_of: date | None = None,
    is_preview: bool = False,
) -> tuple[BatchRun, bool]:
    """Plan a run of a kind over an area, for the period that a day lies in; tell whether it is new.

    Raises:
        LookupError: no app registered that kind, or it cannot be started so.
    """
    known = batchkinds.get(kind)
    if known.ranges is None:
        raise LookupError(f"The batch kind {kind!r} is planned by what it belongs to.")
    return plan(
        kind=kind,
        area=area,
        period=known.period(day),
        ranges=known.ranges(area),
        by=by,
        as_of=as_of,
        is_preview=is_preview,
    )


# Which states each lever may be pulled in.
STATES: dict[str, tuple[RunState, ...]] = {
    "pause": WORKABLE,
    "resume": (RunState.PAUSED,),
    "cancel": (*WORKABLE, RunState.PAUSED, RunState.FAILED),
    "retry_failed": (RunState.FAILED,),
}


def pause(run: BatchRun, *, by: User | None) -> None:
    """Let workers finish the chunks they hold and take no more of this run."""
    with transaction.atomic():
        _change(run, STATES["pause"], RunState.PAUSED)
        audit.record("batch paused", run, by=by)


def resume(run: BatchRun, *, by: User | None) -> None:
    """Let workers take chunks of a paused run again."""
    with transaction.atomic():
        _change(run, STATES["resume"], RunState.RUNNING)
        audit.record("batch resumed", run, by=by)
        transaction.on_commit(bell.ring)


def cancel(run: BatchRun, *, by: User | None) -> None:
    """Give up what no worker has begun; what was done stays done."""
    with transaction.atomic():
        _change(run, STATES["cancel"], RunState.CANCELLED)
        waiting = run.chunks.filter(state__in=(ChunkState.WAITING, ChunkState.FAILED))
        waiting.update(state=ChunkState.CANCELLED)
        audit.record("batch cancelled", run, by=by)


def retry_failed(run: BatchRun, *, by: User | None) -> None:
    """Let workers try the failed chunks of a failed run again, with all their attempts."""
    with transaction.atomic():
        _change(run, STATES["retry_failed"], RunState.RUNNING)
        failed = run.chunks.filter(state=ChunkState.FAILED)
        count = failed.update(state=ChunkState.WAITING, attempts=0, error="")
        audit.record("batch retried", run, by=by, detail={"chunks": count})
        transaction.on_commit(bell.ring)


def _standing_runs() -> Any:
    return BatchRun.objects.filter(is_preview=False).exclude(state=RunState.CANCELLED)


def _cut(run: BatchRun, ranges: Iterable[tuple[int, int]]) -> None:
    BatchChunk.objects.bulk_create(
        (
            BatchChunk(run=run, number=number, first_id=first, last_id=last)
            for number, (first, last) in enumerate(ranges, start=1)
        ),
        batch_size=1000,
    )


def _change(run: BatchRun, before: tuple[RunState, ...], after: RunState) -> None:
    """Compare and swap: of two who press at once, one is told that it came too late."""
    changed = BatchRun.objects.filter(pk=run.pk, state__in=before).update(state=after, error="")
    run.refresh_from_db()
    if not changed:
        raise BatchStateError(
            _("%(run)s is %(state)s: this cannot be done now.")
            % {"run": run, "state": run.get_state_display()}
        )
