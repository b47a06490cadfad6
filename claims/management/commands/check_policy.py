"""Play worked examples through the real services and print every difference."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bureau.models import PoolingArea
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
        for path, (area, examples) in [(path, _read(path)) for path in files]:
            for number, example in enumerate(examples, start=1):
                problems = _problems(area, example)
                passed, failed = passed + (not problems), failed + bool(problems)
                if problems:
                    self._show(f"{path.name}: {_name(example, number)}", problems)
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            raise SystemExit(1)

    def _show(self, name: str, problems: list[str]) -> None:
        self.stdout.write(name)
        for problem in problems:
            self.stdout.write(f"    {problem}")


def _read(path: Path) -> tuple[str, list[Any]]:
    """The area and the examples of a file; raises CommandError where it is not such a file."""
    try:
        content = exchange.read_yaml(path.read_text(encoding="utf-8"))
        area, examples = str(content["area"]), content["examples"]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("%(file)s: %(why)s") % {"file": path, "why": error}) from error
    except ValidationError as error:
        why = "; ".join(error.messages)
        raise CommandError(_("%(file)s: %(why)s") % {"file": path, "why": why}) from error
    except (KeyError, TypeError):
        raise CommandError(_not_of_examples(path)) from None
    if not isinstance(examples, list):
        raise CommandError(_not_of_examples(path))
    if not PoolingArea.objects.filter(pk=area).exists():
        unknown = {"file": path, "area": area}
        raise CommandError(_("%(file)s: pooling area %(area)s is not known here") % unknown)
    return area, examples


def _not_of_examples(path: Path) -> str:
    wanted = _("%(file)s is not a file of worked examples: it needs “area” and a list “examples”")
    return wanted % {"file": path}


def _name(example: Any, number: int) -> str:
    named = example.get("name") if isinstance(example, dict) else None
    return str(named or _("example %(number)s") % {"number": number})


def _problems(area: str, example: Any) -> list[str]:
    try:
        return [str(difference) for difference in play(area, example)]
    except ValidationError as error:
        return error.messages
