"""The kinds of batch that the apps register when they are ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bureau.clock import month_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from bureau.models import BatchChunk, BatchRun, PoolingArea

Counts = Mapping[str, int | Decimal]
Do = Callable[["BatchRun", "BatchChunk"], Counts]
OnFinished = Callable[["BatchRun"], None]
Says = Callable[["BatchRun"], list[str]]
Period = Callable[[date], date]
Ranges = Callable[["PoolingArea"], Iterable[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class BatchKind:
    """How a kind of batch is done, and what follows its last chunk."""

    key: str
    label: str | _StrPromise
    do: Do
    on_finished: OnFinished | None
    says: Says | None
    ranges: Ranges | None
    period: Period
    reasons: Mapping[str, str | _StrPromise]


_kinds: dict[str, BatchKind] = {}


def register(
    key: str,
    label: str | _StrPromise,
    do: Do,
    on_finished: OnFinished | None = None,
    *,
    says: Says | None = None,
    ranges: Ranges | None = None,
    period: Period = month_of,
    reasons: Mapping[str, str | _StrPromise] | None = None,
) -> None:
    """Make a kind known; call it from ``AppConfig.ready``.

    ``do(run, chunk)`` works on the subjects ``chunk.first_id`` to ``chunk.last_id``, both included,
    inside a transaction that the caller opened. It returns counts (whole numbers or yuan), which
    the run adds up, and notes those it cannot do by ``chunk.note(subject_id, reason, detail)``.
    It may run again after a crash, so what it writes needs keys of its own. ``on_finished(run)``
    runs once, in the transaction that ends a run in which every chunk was done. ``says(run)`` words
    the run's totals for people, a sentence each. ``ranges(area)`` cuts an area's subjects into
    chunks; a kind that has it can be started from the console. ``period(day)`` is the first day of
    the period that a day lies in. ``reasons`` words the reasons that ``chunk.note`` is given.
    """
    _kinds[key] = BatchKind(key, label, do, on_finished, says, ranges, period, reasons or {})


def get(key: str) -> BatchKind:
    """Return a registered kind.

    Raises:
        LookupError: no app registered it.
    """
    try:
        return _kinds[key]
    except KeyError:
        raise LookupError(f"No app registered the batch kind {key!r}.") from None


def label(key: str) -> str:
    """Return a kind's name for people, or its key where no app registers it any more."""
    return str(_kinds[key].label) if key in _kinds else key


def sentences(run: BatchRun) -> list[str]:
    """Word a run's totals for people; where its kind does not, name them one by one."""
    kind = _kinds.get(run.kind)
    if kind is not None and kind.says is not None and run.totals:
        return kind.says(run)
    return [f"{name} {value}" for name, value in run.totals.items()]


def reason(key: str, noted: str) -> str:
    """Word why a subject could not be done; what its kind does not word stands as it is."""
    kind = _kinds.get(key)
    return str(kind.reasons.get(noted, noted)) if kind is not None else noted


def startable() -> list[tuple[str, str]]:
    """Return the kinds that can be started from the console, each with its name for people."""
    return [(key, str(kind.label)) for key, kind in _kinds.items() if kind.ranges is not None]


def keys() -> list[str]:
    """Return the keys of all kinds, in the order of their registration."""
    return list(_kinds)
