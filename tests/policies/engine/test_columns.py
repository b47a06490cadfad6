"""The columnar engine answers as the scalar one, to the fen, over random tables and people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine import columns, settle
from policies.engine.bill import Bill, Line, Person, Used, Where
from policies.engine.columns import person
from policies.engine.columns.bill import REASONS
from policies.engine.columns.tables import CaseColumns
from policies.engine.errors import NoRow
from policies.engine.rows import Deductible, Ratio, Terms
from policies.engine.tables import BenefitTables, CareTables
from policies.engine.vocabulary import (
    BandBasis,
    CapBasis,
    CapPeriod,
    DeductiblePeriod,
    Label,
    Reason,
)
from tests import generators
from tests.policies.engine import packed

AMOUNTS = (
    "total",
    "self_funded",
    "over_standard",
    "pre_self_pay",
    "eligible",
    "deductible",
    "fund",
    "own_share",
    "above_cap",
    "personal",
    "account",
    "cash",
    "policy_year",
    "provisional",
)
TOTALS = ["eligible", "deductible", "fund", "counted", "overall"]
VISITS = 60
ZHANG = Person(date(1980, 5, 1))


def differences(seed: int, reached: Counter[str]) -> list[str]:
    """Where both engines disagree about random visits under random tables."""
    rng = Random(seed)
    care = generators.care_of(rng, reached)
    series = generators.figures(rng)
    asked = [generators.asked_of(rng) for _ in range(VISITS)]
    tables = BenefitTables([care])
    scalar = [settle(tables, one.bill, one.person, one.used, series) for one in asked]
    for one, outcome in zip(asked, scalar, strict=True):
        note(reached, care, one, outcome)
    found = columns.settle_columns(care, packed.visits(asked), series, chunk=25)
    return [
        f"visit {row}, {name}: {value} and not {wanted}"
        for name, wanted_column, column in compared(scalar, found)
        for row, (wanted, value) in enumerate(zip(wanted_column, column, strict=True))
        if wanted != value
    ]


def compared(scalar, found):
    yield "reason", [one.reason for one in scalar], [REASONS[code] for code in found.reason]
    for name in AMOUNTS:
        yield name, [getattr(one, name) for one in scalar], getattr(found, name).tolist()
    for name in TOTALS:
        wanted = [getattr(one.adds, name) for one in scalar]
        yield f"adds {name}", wanted, getattr(found, f"adds_{name}").tolist()


def note(reached: Counter[str], care, asked, outcome) -> None:
    """Count the structures that mattered for an answer."""
    terms, room = care.terms, outcome.room
    if room is None:
        reached[f"refused {outcome.reason}"] += 1
        return
    labels = [step.label for step in outcome.steps]
    reached["lines over a standard"] += outcome.over_standard > 0
    reached["first self-payment"] += outcome.pre_self_pay > 0
    reached["account pays"] += outcome.account > 0
    reached["policy year not natural"] += outcome.policy_year != asked.bill.day.year
    reached["provisional"] += outcome.provisional
    reached["claim by hand paid"] += asked.bill.channel == "hand" and outcome.fund > 0
    if outcome.deductible:
        reached[f"deductible a {terms.deductible_period}"] += 1
        reached["deductible of an own account"] += bool(outcome.deductible_account)
    if labels.count(Label.BAND) > 1:
        reached[f"several bands {terms.band_basis}"] += 1
    reached["spending past the last band"] += Label.NO_BENEFIT in labels
    reached["adjusted share"] += any("+" in step.note or "×" in step.note for step in outcome.steps)
    by_rule = {step.note for step in outcome.steps if step.label == Label.ITEM}
    for row in care.items:
        if by_rule.intersection(row.item_kinds):
            reached["items left out" if row.left_out else "items that count"] += 1
            reached["items at a share" if row.fixed is None else "items at a fixed amount"] += 1
    if Label.CAP in labels:
        reached[f"cap on {terms.cap_basis}"] += 1
        step = next(step for step in outcome.steps if step.label == Label.CAP)
        reached[f"cap a {step.note}"] += 1
        if any(cap.carries_over for cap in care.caps if cap.period == room.period):
            reached[f"cap with carry-over a {room.period}"] += 1
    reached["share above a cap"] += Label.ABOVE_CAP in labels


WANTED = {
    *(f"refused {reason}" for reason in Reason),
    *(f"deductible a {period}" for period in DeductiblePeriod),
    *(f"several bands {basis}" for basis in BandBasis),
    *(f"cap on {basis}" for basis in CapBasis),
    *(f"cap a {period}" for period in (*CapPeriod, "overall")),
    *(f"cap with carry-over a {period}" for period in ("month", "quarter", "year")),
    *(f"match {name}" for name in (*generators.DIMENSIONS, "special_groups")),
    "lines over a standard",
    "first self-payment",
    "account pays",
    "policy year not natural",
    "provisional",
    "claim by hand paid",
    "deductible of an own account",
    "spending past the last band",
    "adjusted share",
    "items left out",
    "items that count",
    "items at a share",
    "items at a fixed amount",
    "share above a cap",
}


def test_both_engines_settle_to_the_same_fen_and_every_structure_is_reached():
    reached: Counter[str] = Counter()

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(st.integers(0, 2**32))
    def agree(seed: int) -> None:
        assert differences(seed, reached) == []

    agree()
    assert {name for name in WANTED if not reached[name]} == set()


@pytest.mark.parametrize("seed", range(5))
def test_cases_too_many_for_a_dense_memory_are_found_all_the_same(seed, monkeypatch):
    monkeypatch.setattr("policies.engine.columns.tables.DENSE", 0)
    assert differences(seed, Counter()) == []


@pytest.mark.parametrize("seed", range(5))
def test_visits_may_share_people_and_come_already_split(seed):
    rng = Random(seed)
    care = generators.care_of(rng, Counter())
    asked = [generators.asked_of(rng) for _ in range(VISITS)]
    visits = packed.visits(asked)
    whole = columns.settle_columns(care, visits)
    kinds = tuple(sorted({kind for row in care.items for kind in row.item_kinds}))
    drugs_only = np.array([one.bill.where.kind == "pharmacy" for one in asked])
    drugs_only &= care.terms.pharmacy_drugs_only
    order = np.array(rng.sample(range(VISITS), VISITS))
    shared = replace(
        visits,
        amounts=visits.amounts.split(slice(0, VISITS), drugs_only, kinds),
        people=packed.PeopleColumns.of(
            [(asked[place].person.born, asked[place].person.statuses) for place in order]
        ),
        person=np.argsort(order),
    )
    again = columns.settle_columns(care, shared, chunk=7)
    for name in ("total", "deductible", "fund", "account", "adds_counted", "adds_overall"):
        assert np.array_equal(getattr(whole, name), getattr(again, name))


def rounds_down(monkeypatch):
    monkeypatch.setattr("policies.engine.columns.payment.HALF", 0)


def ends_each_band_a_fen_late(monkeypatch):
    numbers = CaseColumns._numbers

    def late(self, plan, year):
        for name, value in numbers(self, plan, year):
            yield name, value + name.startswith("until")

    monkeypatch.setattr(CaseColumns, "_numbers", late)


def raises_each_cap_by_a_fen(monkeypatch):
    caps = CaseColumns._caps

    def more(self, plan, year):
        for name, value in caps(self, plan, year):
            yield name, value + name.startswith("cap")

    monkeypatch.setattr(CaseColumns, "_caps", more)


def forgets_what_carried_over(monkeypatch):
    caps = CaseColumns._caps

    def without(self, plan, year):
        return ((n, v) for n, v in caps(self, plan, year) if not n.startswith("carries"))

    monkeypatch.setattr(CaseColumns, "_caps", without)


def lets_a_birthday_count_a_day_early(monkeypatch):
    monkeypatch.setattr(
        "policies.engine.columns.benefit.age_code", lambda day: person.age_code(day) + 1
    )


FAULTS = [
    rounds_down,
    ends_each_band_a_fen_late,
    raises_each_cap_by_a_fen,
    forgets_what_carried_over,
    lets_a_birthday_count_a_day_early,
]


@pytest.mark.parametrize("plant", FAULTS)
def test_a_planted_fault_turns_the_property_red(plant, monkeypatch):
    plant(monkeypatch)
    assert any(differences(seed, Counter()) for seed in range(150))


def test_a_case_that_the_tables_leave_open_is_an_error_in_both_engines():
    care = CareTables(Terms(), deductibles=[Deductible()], ratios=[Ratio(statuses=("retired",))])
    asked = [generators.Asked(Bill(date(2024, 1, 1), (Line(100),), Where()), ZHANG, Used())]
    with pytest.raises(NoRow):
        settle(BenefitTables([care]), asked[0].bill, asked[0].person)
    with pytest.raises(NoRow):
        columns.settle_columns(care, packed.visits(asked))


def test_no_visits_and_no_members_are_no_question():
    care = generators.care_of(Random(1), Counter())
    asked = [generators.asked_of(Random(1))]
    nobody = packed.visits(asked)
    empty = {name: getattr(nobody, name)[:0] for name in ("days", "where", "standing", "by_hand")}
    assert len(columns.settle_columns(care, replace(nobody, **empty))) == 0
