"""The columnar engine credits as the scalar one, to the fen, over random tables and members."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine import columns, credit
from policies.engine.columns.member import NO_CREDITS
from policies.engine.vocabulary import CreditBase, NoCredit
from tests import generators
from tests.policies.engine import packed

MEMBERS = 60


def credit_differences(seed: int, reached: Counter[str]) -> list[str]:
    """Where both engines disagree about random members' credits of random months."""
    rng = Random(seed)
    tables = generators.credit_tables_of(rng, reached)
    series = generators.figures(rng)
    month = date(rng.randrange(2020, 2026), rng.randrange(1, 13), 1)
    people = [generators.credit_person_of(rng, month) for _ in range(MEMBERS)]
    scalar = [credit(tables, person, month, series) for person in people]
    for outcome in scalar:
        note_credit(reached, tables, outcome)
    found = columns.credit_columns(tables, packed.members(people), month, series, chunk=25)
    return [
        f"member {row}: {value} and not {wanted}"
        for row, wanted in enumerate(map(as_row, scalar))
        if wanted != (value := columns_row(tables, found, row))
    ]


def as_row(outcome):
    parts = {part.rule: part.amount for part in outcome.parts}
    return outcome.amount, parts, outcome.provisional, outcome.reason


def columns_row(tables, found, row):
    parts = {}
    if found.main[row] >= 0:
        parts[tables.credits[found.main[row]].rule] = int(found.main_amount[row])
    for place, amounts in found.on_top.items():
        if amounts[row]:
            parts[tables.credits[place].rule] = int(amounts[row])
    provisional = bool(found.provisional[row])
    return int(found.amount[row]), parts, provisional, NO_CREDITS[found.reason[row]]


def note_credit(reached: Counter[str], tables, outcome) -> None:
    rows = {row.rule: row for row in tables.credits}
    for part in outcome.parts:
        row = rows[part.rule]
        reached[f"base {row.base}"] += 1
        reached["supplement"] += row.supplement > 0
        reached["on top of another rule"] += row.on_top and len(outcome.parts) > 1
        reached["provisional credit"] += part.provisional
    if outcome.reason:
        reached[f"no credit {outcome.reason}"] += 1


CREDITS_WANTED = {
    *(f"base {base}" for base in CreditBase),
    *(f"no credit {reason}" for reason in NoCredit),
    *(f"credit match {name}" for name in generators.CREDIT_DIMENSIONS),
    "supplement",
    "on top of another rule",
    "provisional credit",
}


def test_both_engines_credit_the_same_fen_and_every_structure_is_reached():
    reached: Counter[str] = Counter()

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(st.integers(0, 2**32))
    def agree(seed: int) -> None:
        assert credit_differences(seed, reached) == []

    agree()
    assert {name for name in CREDITS_WANTED if not reached[name]} == set()


@pytest.mark.parametrize("seed", range(5))
def test_cases_too_many_for_a_dense_memory_are_found_all_the_same(seed, monkeypatch):
    monkeypatch.setattr("policies.engine.columns.tables.DENSE", 0)
    assert credit_differences(seed, Counter()) == []


def rounds_down(monkeypatch):
    monkeypatch.setattr("policies.engine.columns.payment.HALF", 0)


def takes_an_age_a_day_early(monkeypatch):
    born_by = columns.credit.born_by
    monkeypatch.setattr(
        "policies.engine.columns.credit.born_by", lambda *asked: born_by(*asked) + 1
    )


def forgets_who_was_flexible_before(monkeypatch):
    monkeypatch.setattr("policies.engine.columns.credit.FLEXIBLE", -1)


@pytest.mark.parametrize(
    "plant", [rounds_down, takes_an_age_a_day_early, forgets_who_was_flexible_before]
)
def test_a_planted_fault_turns_the_property_red(plant, monkeypatch):
    plant(monkeypatch)
    assert any(credit_differences(seed, Counter()) for seed in range(150))
