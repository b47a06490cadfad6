"""Print a settlement with every step and article, and reckon it again."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from claims.settlement.models import Settlement
from claims.settlement.services import statement
from claims.settlement.services.explaining import explained

LAST_NARROW = 0x2E7F
"""The last code point before those that take two places on a terminal."""


class Command(BaseCommand):
    help = (
        "Print a settlement: whose, where, under which policy, its lines, each step with its "
        "article, who paid what, the year before and after; and whether it comes out again to the "
        "fen. Exits 1 if it does not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="settlement number")

    def handle(self, *args: Any, number: str, **options: Any) -> None:
        settlement = statement.by_number(number)
        if settlement is None:
            raise CommandError(_("There is no settlement %(number)s.") % {"number": number})
        explanation = explained(settlement)
        for line in _told(settlement, statement.sections(explanation)):
            self.stdout.write(line)
        if not explanation.comes_out_again:
            raise SystemExit(1)


def _told(settlement: Settlement, sections: Iterator[statement.Section]) -> Iterator[str]:
    yield str(settlement)
    for section in sections:
        yield ""
        yield f"{section.title}"
        width = max((_width(row[0]) for row in section.rows), default=0)
        for first, *rest in section.rows:
            padding = " " * (width - _width(first))
            yield "  " + "  ".join([first + padding, *rest]).rstrip()


def _width(text: str) -> int:
    """How wide a text is on a terminal: Chinese characters take two places."""
    return sum(2 if ord(character) > LAST_NARROW else 1 for character in text)
