"""Credit a month to the personal accounts of an area."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from bureau.services import batches
from members.management.running import RunCommand
from members.services import runs


class Command(RunCommand):
    help = "Credit a month to the personal accounts of an area; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("month", type=_month, metavar="YYYY-MM")

    def handle(self, *args: Any, area: str, month: date, **options: Any) -> None:
        run, is_new = batches.start(
            runs.CREDIT_MONTH,
            self.area(area),
            month,
            by=None,
            as_of=options["as_of"],
            is_preview=options["dry_run"],
        )
        self.finish(run, is_new=is_new)


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
