"""Play worked examples through the real services and print every difference."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.worked_examples.play import play
from policies.services import exchange


class Command(BaseCommand):
    help = (
        "Play the worked examples of YAML files in transactions that are rolled back. Prints each "
        "difference with the rule behind the actual figure; exits 0 only if all pass."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.yaml")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        passed = failed = 0
        for path in files:
            for name, problems in self._played(path):
                passed, failed = passed + (not problems), failed + bool(problems)
                if problems:
                    self.stdout.write(f"{path.name}: {name}")
                    for problem in problems:
                        self.stdout.write(f"    {problem}")
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            raise SystemExit(1)

    def _played(self, path: Path) -> list[tuple[str, list[str]]]:
        try:
            content = exchange.read_yaml(path.read_text(encoding="utf-8"))
            area, examples = str(content["area"]), content["examples"]
        except (OSError, ValidationError, KeyError, TypeError) as error:
            raise CommandError(f"{path} is not a file of worked examples: {error}") from error
        return [(str(example.get("name")), _problems(area, example)) for example in examples]


def _problems(area: str, example: dict[str, Any]) -> list[str]:
    try:
        return [str(difference) for difference in play(area, example)]
    except ValidationError as error:
        return error.messages
