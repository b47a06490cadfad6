"""Inventing the next chunk while the database still checks the last one."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

Made = TypeVar("Made")


def ahead(making: Iterable[Made]) -> Iterator[Made]:
    """Yield what is made, one piece ahead of who takes it; made in a thread of its own."""
    iterator = iter(making)
    with ThreadPoolExecutor(max_workers=1) as maker:
        try:
            waiting = maker.submit(next, iterator, None)
            while (made := _taken(waiting)) is not None:
                waiting = maker.submit(next, iterator, None)
                yield made
        finally:
            maker.submit(_leave).result()


def _taken(waiting: Future[Made | None]) -> Made | None:
    return waiting.result()


@contextmanager
def collecting_between() -> Iterator[None]:
    """Leave garbage to the end: looking for some among so much that lives is slow."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def _leave() -> None:
    """Close the connection of the thread that calls."""
    connection.close()
