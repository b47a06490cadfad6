"""Doing the chunks of batch runs: the one loop that a Celery task and ``manage.py work`` share.

Claiming a chunk commits first. The work's own transaction then locks the chunk and checks that the
lease still holds, so a worker that was thought dead writes nothing. While it works it keeps that
lock, and the sweeper passes over locked chunks: a lease only has to outlive the moment between the
claim and the work, and a killed worker's lock goes with its connection.
"""

from __future__ import annotations

import logging
import os
import socket
import traceback
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from bureau import audit, batchkinds
from bureau.batchkinds import BatchKind, Counts
from bureau.models import BatchChunk, BatchException, BatchRun, ChunkState, RunState
from bureau.models.batches import UNFINISHED, WORKABLE

LEASE = timedelta(minutes=2)
ATTEMPTS = 3

logger = logging.getLogger(__name__)


def work_one() -> bool:
    """Claim a chunk and do it; tell whether there was one."""
    chunk = claim()
    if chunk is None:
        return False
    work(chunk)
    return True


def sweep() -> int:
    """Take up what dead workers left: put chunks back, end runs; return how many chunks."""
    requeued = requeue_expired()
    idle = BatchRun.objects.filter(state__in=WORKABLE).exclude(chunks__state__in=UNFINISHED)
    for run_id in idle.values_list("pk", flat=True):
        finish_if_over(run_id)
    return requeued


def claim() -> BatchChunk | None:
    """Lease the next waiting chunk to this process, in a transaction of its own."""
    with transaction.atomic():
        chunk = (
            BatchChunk.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=ChunkState.WAITING, run__state__in=WORKABLE)
            .order_by("run_id", "number")
            .first()
        )
        if chunk is None:
            return None
        BatchRun.objects.filter(pk=chunk.run_id, state=RunState.PLANNED).update(
            state=RunState.RUNNING, started_at=Now()
        )
        BatchChunk.objects.filter(pk=chunk.pk).update(
            state=ChunkState.RUNNING,
            attempts=F("attempts") + 1,
            lease_until=Now() + LEASE,
            worker=_name(),
        )
    chunk.refresh_from_db()
    return chunk


def work(chunk: BatchChunk) -> bool:
    """Do a leased chunk in one transaction; tell whether it was done.

    An error fails the chunk, to be tried again up to ``ATTEMPTS`` times, and never the worker.
    """
    try:
        with transaction.atomic():
            done = _work_under_lease(chunk)
    except Exception:  # whatever a kind raises belongs to its chunk
        logger.exception("batch chunk %s failed", chunk)
        _give_back(chunk, traceback.format_exc())
        done = False
    finish_if_over(chunk.run_id)
    return done


def requeue_expired() -> int:
    """Put back the chunks whose worker died; fail those that killed their worker too often."""
    with transaction.atomic():
        expired = list(
            BatchChunk.objects.select_for_update(skip_locked=True)
            .filter(state=ChunkState.RUNNING, lease_until__lt=Now())
            .order_by("pk")
        )
        for chunk in expired:
            _give_back(chunk, f"{chunk.worker} did not come back")
    return len(expired)


def finish_if_over(run_id: int) -> bool:
    """End a run once no chunk is left to do; of those who find that at once, one does it."""
    unfinished = BatchChunk.objects.filter(run=run_id, state__in=UNFINISHED)
    if unfinished.exists():
        return False
    with transaction.atomic():
        # NO KEY: workers that note exceptions hold a key-share lock on the run.
        run = BatchRun.objects.select_for_update(no_key=True).get(pk=run_id)
        if run.state not in WORKABLE or unfinished.exists():
            return False
        failed = run.chunks.filter(state=ChunkState.FAILED).exists()
        run.state = RunState.FAILED if failed else RunState.DONE
        run.totals = totals_of(run)
        run.finished_at = timezone.now()
        _follow_up(run)
        run.save()
        action = gettext_noop("batch failed") if failed else gettext_noop("batch done")
        audit.record(action, run, by=None, detail={"totals": run.totals})
    return True


def totals_of(run: BatchRun) -> dict[str, Any]:
    """Add up the counts of a run's chunks so far."""
    totals: dict[str, Any] = defaultdict(int)
    for counts in run.chunks.filter(state=ChunkState.DONE).values_list("counts", flat=True):
        for name, value in counts.items():
            totals[name] += Decimal(value) if isinstance(value, str) else value
    return dict(totals)


def _work_under_lease(chunk: BatchChunk) -> bool:
    held = (
        BatchChunk.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(pk=chunk.pk, state=ChunkState.RUNNING, attempts=chunk.attempts)
        .first()
    )
    if held is None:
        logger.warning("batch chunk %s: the lease was lost", chunk)
        return False
    counts = _do(batchkinds.get(held.run.kind), held)
    BatchException.objects.bulk_create(held.noted, batch_size=1000)
    held.counts = dict(counts)
    held.state, held.error, held.finished_at = ChunkState.DONE, "", timezone.now()
    held.save(update_fields=("counts", "state", "error", "finished_at"))
    return True


def _do(kind: BatchKind, chunk: BatchChunk) -> Counts:
    """Run the kind's work; of a preview only the counts and exceptions are kept."""
    with transaction.atomic():
        counts = kind.do(chunk.run, chunk)
        if chunk.run.is_preview:
            transaction.set_rollback(True)
    return counts


def _give_back(chunk: BatchChunk, error: str) -> None:
    """Let a chunk be tried again, or fail it; nothing where another worker has it by now."""
    again = chunk.attempts < ATTEMPTS
    mine = BatchChunk.objects.filter(pk=chunk.pk, state=ChunkState.RUNNING, attempts=chunk.attempts)
    mine.update(state=ChunkState.WAITING if again else ChunkState.FAILED, error=error)


def _follow_up(run: BatchRun) -> None:
    """Do what the kind wants done after its last chunk; an error there fails the run."""
    on_finished = batchkinds.get(run.kind).on_finished
    if on_finished is None or run.is_preview or run.state == RunState.FAILED:
        return
    try:
        with transaction.atomic():
            on_finished(run)
    except Exception:  # whatever a kind raises belongs to its run
        logger.exception("batch run %s could not be ended", run)
        run.state, run.error = RunState.FAILED, traceback.format_exc()


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
