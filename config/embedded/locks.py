"""Locks on files, which the kernel lets go when their process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def hold(path: Path, kind: int) -> int:
    """Return a descriptor of the file, locked until ``os.close``.

    Forked children share the lock; programs started by ``exec`` do not inherit it.

    Raises:
        BlockingIOError: ``kind`` says LOCK_NB and another process holds the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, kind)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def held(path: Path, kind: int) -> Iterator[None]:
    """Hold the lock within a block."""
    descriptor = hold(path, kind)
    try:
        yield
    finally:
        os.close(descriptor)
