"""Settlements as somebody with the application's password would forge them, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from claims.settlement.models import SettledLine, Settlement, Visit
from claims.settlement.selectors import used
from claims.settlement.services import numbering, record
from claims.settlement.services.question import ask
from claims.settlement.services.settlement import lock_totals
from policies import engine
from policies.selectors import rulebook
from tests.claims.desk import check_at_commit


@dataclass
class Forgery:
    """The rows of an honest settlement, not yet written, to be changed before they are."""

    settlement: Settlement
    lines: list[SettledLine]
    also: Callable[[], Any] = field(default=lambda: None)

    def change(self, **columns: Any) -> Forgery:
        for name, value in columns.items():
            setattr(self.settlement, name, _amount(value))
        return self

    def change_line(self, place: int = 0, **columns: Any) -> Forgery:
        for name, value in columns.items():
            setattr(self.lines[place], name, _amount(value))
        return self

    def write(self) -> Settlement:
        """Insert the rows and have the database check them as at a commit."""
        self.settlement.save(force_insert=True)
        for line in self.lines:
            line.settlement = self.settlement
        SettledLine.objects.bulk_create(self.lines)
        self.also()
        check_at_commit()
        return self.settlement


def _amount(value: Any) -> Any:
    is_amount = isinstance(value, str) and value.lstrip("-").replace(".", "").isdigit()
    return Decimal(value) if is_amount else value


@transaction.atomic
def forgery(visit: Visit, **given: Any) -> Forgery:
    """The honest settlement of a visit, ready to be tampered with."""
    rules = rulebook.benefit_on(visit.day, area_id=visit.area_id, scheme=visit.member.scheme)
    care = rules.tables.care(visit.care)
    year, overall = lock_totals(visit, care, on=visit.day)
    lines = list(visit.lines.all())
    question = ask(
        visit, lines, rules=rules, used_before=used.before(visit, care, year, overall), **given
    )
    outcome = engine.settle(rules.tables, question.bill, question.person, question.used)
    number = numbering.settlement_number(visit.day)
    made = record.settlement(
        visit, question, outcome, year=year, on=visit.day, by=None, number=number
    )
    return Forgery(made, record.lines(made, lines, outcome))
