"""Explain a settlement years later, and reckon it again from what it stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from claims.settlement.models import ADDS, AMOUNTS, PARTS, SettledLine, Settlement
from claims.settlement.services import record
from claims.settlement.services.question import as_line
from policies import engine
from policies.engine.benefit import Outcome
from policies.engine.bill import Bill, Person, Used, Where
from policies.engine.errors import PolicyError
from policies.engine.explain import Step
from policies.engine.money import yuan
from policies.engine.series import Figure, Series
from policies.selectors import rulebook
from policies.selectors.explanation import ToldStep, all_told


class Mismatch(NamedTuple):
    """What a settlement stored and what reckoning it again gives, where they are not the same."""

    name: str
    stored: str
    recomputed: str


class Moved(NamedTuple):
    """A total of the year before a settlement and after it, yuan."""

    name: str
    before: Decimal
    after: Decimal


class Explanation(NamedTuple):
    """A settlement as it is read: its lines, steps, totals, and whether it comes out again."""

    settlement: Settlement
    explained: Settlement
    """The settlement itself; of a reversal, the settlement that it takes back."""
    reversal: Settlement | None
    lines: tuple[SettledLine, ...]
    steps: tuple[ToldStep, ...]
    totals: tuple[Moved, ...]
    mismatches: tuple[Mismatch, ...]

    @property
    def comes_out_again(self) -> bool:
        """Whether reckoning again gives the same, to the fen."""
        return not self.mismatches


TOTALS = {
    "eligible": _("eligible spending"),
    "deductible": _("deductible borne"),
    "fund": _("paid by the fund"),
    "counted": _("counted against the cap"),
    "overall": _("counted in the overall annual limit"),
}
"""The totals of a year that a settlement names before it; each moves by `adds_…`."""


def explained(settlement: Settlement) -> Explanation:
    """Explain a settlement or a reversal from what it stored, and reckon it again."""
    original = settlement.reverses or settlement
    lines = tuple(settlement.lines.select_related("line", "line__item"))
    reversal = Settlement.objects.filter(reverses=original).first()
    return Explanation(
        settlement,
        original,
        reversal,
        lines,
        tuple(all_told(Step(*step) for step in original.steps)),
        tuple(_moved(settlement)),
        tuple(mismatches(settlement, lines)),
    )


def recomputed(settlement: Settlement, lines: tuple[SettledLine, ...] = ()) -> Outcome:
    """Reckon a settlement again: its stored facts, by the tables of its version.

    Of a reversal, the settlement that it takes back. Raises PolicyError where the tables do not
    decide, which they did when it was settled.
    """
    original = settlement.reverses or settlement
    rows = lines or tuple(settlement.lines.select_related("line"))
    facts = original.facts
    bill = Bill(
        original.day,
        tuple(as_line(settled.line) for settled in rows),
        Where(**facts["where"]),
        original.care,
        original.channel,
        original.claimed_on,
        facts["from_account"],
    )
    tables = rulebook.benefit_rules(original.version_id).tables
    return engine.settle(
        tables, bill, _person(facts["person"]), Used(**facts["used"]), _series(facts["figures"])
    )


def mismatches(settlement: Settlement, lines: tuple[SettledLine, ...] = ()) -> Iterator[Mismatch]:
    """What does not come out again; nothing where all does, to the fen."""
    rows = lines or tuple(settlement.lines.select_related("line"))
    try:
        outcome = recomputed(settlement, rows)
    except PolicyError as error:
        yield Mismatch("steps", "", str(error))
        return
    sign = -1 if settlement.reverses_id else 1
    again = record.amounts(outcome)
    for name in (*AMOUNTS, *ADDS):
        yield from _differs(settlement, name, getattr(settlement, name), sign * again[name])
    yield from _differs(settlement, "reason", settlement.reason, outcome.reason)
    original = settlement.reverses or settlement
    if [list(step) for step in outcome.steps] != original.steps:
        yield Mismatch(_label(settlement, "steps"), str(original.steps), str(outcome.steps))
    for row, parts in zip(rows, outcome.lines, strict=True):
        for name in PARTS:
            yield from _differs(row, name, getattr(row, name), sign * yuan(getattr(parts, name)))


def _differs(
    row: Settlement | SettledLine, name: str, stored: Any, again: Any
) -> Iterator[Mismatch]:
    if stored != again:
        yield Mismatch(_label(row, name), str(stored), str(again))


def _label(row: Settlement | SettledLine, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _moved(settlement: Settlement) -> Iterator[Moved]:
    for name, label in TOTALS.items():
        before = getattr(settlement, f"{name}_before")
        added = getattr(settlement, f"adds_{name}")
        if name != "overall" or added:
            yield Moved(str(label), before, before + added)


def _person(stored: Mapping[str, Any]) -> Person:
    return Person(
        **{
            **stored,
            "born": date.fromisoformat(stored["born"]),
            "statuses": tuple((date.fromisoformat(day), word) for day, word in stored["statuses"]),
            "special_groups": frozenset(stored["special_groups"]),
        }
    )


def _series(figures: list[tuple[str, int, int]]) -> Series:
    return Series({(name, year): Figure(value) for name, year, value in figures}, date.max)
