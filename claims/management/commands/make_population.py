"""Make an invented population of any size, for benchmarks and trials."""

from __future__ import annotations

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.population import making, source
from policies.services import loading

DEFAULT_SEED = 2025


class Command(BaseCommand):
    help = (
        "Make an invented population beside whoever is there already; never where people are real."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, required=True, metavar="N")
        parser.add_argument("--visits", type=int, default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument("--areas", nargs="*", default=[], metavar="CODE")

    def handle(
        self, *args: Any, members: int, visits: int, seed: int, areas: list[str], **options: Any
    ) -> None:
        try:
            chosen = source.areas(areas)
        except LookupError as error:
            raise CommandError(str(error)) from error
        for _said in loading.load_all():
            pass
        self._began = monotonic()
        made = making.make(chosen, members=members, visits=visits, seed=seed, progress=self._say)
        for what, count in made.items():
            self.stdout.write(f"{count:>12,} {what}")

    def _say(self, done: int, of: int) -> None:
        self.stdout.write(f"{done:>12,} of {of:,} members, {monotonic() - self._began:.0f} s")
