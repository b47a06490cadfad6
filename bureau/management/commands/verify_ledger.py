"""Run every invariant over the whole database and show what breaks it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bureau import invariants
from bureau.invariants import Finding


class Command(BaseCommand):
    help = "Run every invariant as a query over the whole database; exit 1 on any violator."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(map(self._shown, invariants.check()))
        broken = sum(1 for finding in findings if finding.count)
        if broken:
            raise CommandError(f"{broken} of {len(findings)} invariants are broken")
        self.stdout.write(self.style.SUCCESS(f"{len(findings)} invariants hold"))

    def _shown(self, finding: Finding) -> Finding:
        style = self.style.ERROR if finding.count else self.style.SUCCESS
        name, says = finding.invariant.name, finding.invariant.says
        self.stdout.write(style(f"{finding.count:>8}  {name}: {says}"))
        for row in finding.first:
            shown = zip(finding.columns, row, strict=True)
            self.stdout.write("          " + ", ".join(f"{key}={value}" for key, value in shown))
        return finding
