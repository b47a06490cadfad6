"""Open a new year for an area: totals start again, incentives are awarded."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from bureau.services import batches
from members.management.running import RunCommand
from members.services import runs


class Command(RunCommand):
    help = "Open a new year for an area; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("year", type=int, metavar="YYYY")

    def handle(self, *args: Any, area: str, year: int, **options: Any) -> None:
        run, is_new = batches.start(
            runs.OPEN_YEAR,
            self.area(area),
            date(year, 1, 1),
            by=None,
            as_of=options["as_of"],
            is_preview=options["dry_run"],
        )
        self.finish(run, is_new=is_new)
