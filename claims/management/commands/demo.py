"""Set up the demo: policies, an invented population, a credited month, a day, a new year."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from bureau import audit
from bureau.database.owner import as_owner
from bureau.models import ActionRecord, BatchRun, PoolingArea, RunState
from bureau.models.batches import WORKABLE
from bureau.services import batches, batchwork
from claims.population import making, source, staffing, summary, times
from claims.population.making import Population
from claims.population.workday import Workday
from claims.population.writing import Ids
from members.models import Member
from members.services import runs
from policies.services import loading

MADE = "demo population made"
DEFAULT_SEED = 2025


class Command(BaseCommand):
    help = "Set up invented people and a year of their settlements; run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument("--members", type=int, default=20_000)
        parser.add_argument("--visits", type=int, default=60_000)

    def handle(self, *args: Any, seed: int, members: int, visits: int, **options: Any) -> None:
        words = source.read("words")["steps"]
        self._areas = source.areas()
        self._step(words["policies"], self._load_policies)
        self._step(words["population"], lambda: self._populate(seed, members, visits))
        self._step(words["staff"], lambda: staffing.appoint(self._areas))
        self._step(words["year"].format(year=times.OPENED_YEAR), self._open_year)
        self._step(words["credit"].format(month=f"{times.CREDITED_MONTH:%Y-%m}"), self._credit)
        self._step(words["day"].format(day=times.SETTLED_DAY), lambda: self._settle_day(seed))
        self._step(words["verify"], self._verify)
        for line in summary.lines(self._areas):
            self.stdout.write(line)

    def _step(self, name: str, do: Callable[[], object]) -> None:
        """Do a step and say how long it took."""
        words = source.read("words")
        self.stdout.write(f"▸ {name}")
        began = monotonic()
        changed = do()
        said = words["done"].format(seconds=monotonic() - began)
        self.stdout.write(f"  {said}" + ("" if changed else f"，{words['there']}"))

    def _load_policies(self) -> int:
        return len(list(loading.load_all()))

    def _populate(self, seed: int, members: int, visits: int) -> bool:
        """Make the population in one transaction; refuse where somebody else's people are."""
        if ActionRecord.objects.filter(action=MADE).exists():
            return False
        if Member.objects.exists():
            raise CommandError(
                "There are members here who are not the demo's: nothing was changed."
            )
        with transaction.atomic():
            made = making.make(
                self._areas, members=members, visits=visits, seed=seed, progress=self._progress
            )
            for area in PoolingArea.objects.filter(pk__in=[area.code for area in self._areas]):
                audit.record(MADE, area, by=None, detail={"seed": seed, **made})
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return True

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done:>8,} / {of:,}")

    def _open_year(self) -> bool:
        return self._work(runs.OPEN_YEAR, times.OPENED, as_of=times.OPENED)

    def _credit(self) -> bool:
        return self._work(runs.CREDIT_MONTH, times.CREDITED_MONTH, as_of=times.LAST_DAY)

    def _work(self, kind: str, period: date, *, as_of: date) -> bool:
        """Plan a run in every area, and do its chunks here beside whatever workers there are."""
        planned = [
            batches.start(kind, area, period, by=None, as_of=as_of)
            for area in self._pooling_areas()
        ]
        ids = [run.pk for run, _is_new in planned]
        unfinished = BatchRun.objects.filter(pk__in=ids, state__in=WORKABLE)
        batchwork.sweep()
        while unfinished.exists() and batchwork.work_one():
            pass
        for run in BatchRun.objects.filter(pk__in=ids).select_related("area").order_by("pk"):
            for line in runs.summary(run):
                self.stdout.write(f"  {run.area.short_name}: {line}")
            if run.state == RunState.FAILED:
                raise CommandError(f"{run}: {run.error}")
        return any(is_new for _run, is_new in planned)

    def _pooling_areas(self) -> list[PoolingArea]:
        codes = [area.code for area in self._areas]
        return list(PoolingArea.objects.filter(pk__in=codes).order_by("pk"))

    def _settle_day(self, seed: int) -> bool:
        workday = Workday(Population(self._areas, seed=seed, ids=Ids.counted()))
        done = {area.code: workday.settle(area) for area in self._areas}
        return any(done.values())

    def _verify(self) -> bool:
        call_command("verify_ledger", stdout=self.stdout)
        return True
