"""Do the chunks of batch runs, where there are no Celery workers."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from bureau.services import batchwork

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the chunks of batch runs as they come; SIGTERM lets it finish the one at hand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when no chunk waits")
        parser.add_argument("--poll", type=float, default=2.0, metavar="SECONDS")

    def handle(self, *args: Any, once: bool, poll: float, **options: Any) -> None:
        stop = _stop_on_signals()
        count = 0
        while not stop.is_set():
            count += _work_until_idle(stop)
            if once:
                break
            stop.wait(poll)
        self.stdout.write(f"{count} chunks done")


def _work_until_idle(stop: threading.Event) -> int:
    """A database that goes away ends the round, not the worker: leases bring back what it held."""
    count = 0
    try:
        batchwork.sweep()
        while not stop.is_set() and batchwork.work_one():
            count += 1
    except (OperationalError, InterfaceError):
        logger.exception("the database is away")
        connection.close()
    return count


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: stop.set())
    return stop
