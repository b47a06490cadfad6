"""What the commands that start a batch run have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bureau.models import BatchRun, PoolingArea, RunState
from bureau.services import batchwork
from members.services import runs


class RunCommand(BaseCommand):
    """A command that plans a run and, where there is no broker, does it here."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("area", help="division code of the pooling area")
        parser.add_argument(
            "--dry-run", action="store_true", help="reckon everything and keep nothing"
        )
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="what was known on that day counts (default: today)",
        )

    def area(self, code: str) -> PoolingArea:
        """The pooling area, or an error that lists those there are."""
        try:
            return PoolingArea.objects.get(pk=code)
        except PoolingArea.DoesNotExist:
            known = ", ".join(PoolingArea.objects.values_list("pk", flat=True))
            raise CommandError(f"There is no pooling area {code}; there are: {known}") from None

    def finish(self, run: BatchRun, *, is_new: bool) -> None:
        """Do the run here where no worker does it, and say what came of it."""
        if not is_new:
            self.stdout.write(f"{run}: planned before, {run.get_state_display()}")
        if not settings.CELERY_BROKER_URL:
            batchwork.sweep()
            while _is_unfinished(run) and batchwork.work_one():
                pass
        run.refresh_from_db()
        self.stdout.write(f"{run}: {run.get_state_display()}")
        for line in runs.summary(run):
            self.stdout.write(f"  {line}")
        if run.state == RunState.FAILED:
            raise CommandError(run.error or "Some chunks failed; see the batch console.")


def _is_unfinished(run: BatchRun) -> bool:
    return BatchRun.objects.filter(
        pk=run.pk, state__in=(RunState.PLANNED, RunState.RUNNING)
    ).exists()
