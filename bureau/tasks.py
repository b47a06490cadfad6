"""What Celery workers do for the bureau."""

from __future__ import annotations

from celery import shared_task

from bureau import bell
from bureau.services import batchwork


@shared_task(name=bell.TASK, ignore_result=True)
def work() -> int:
    """Do chunks until none waits; return how many."""
    batchwork.sweep()
    count = 0
    while batchwork.work_one():
        count += 1
    return count
