"""Invented people: who they are follows from the seed, and their documents check."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from claims.population import source
from claims.population.naming import numbered
from members.identity import documents
from members.identity.documents import DocumentType
from tests.claims.population.conftest import invent

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
PLACES = ("370200", "150600", "130100", "320100", "140500")


def told(seed: int) -> list[object]:
    return [
        (
            [(life.name, life.document, life.statuses, life.balance) for life in chunk.lives],
            [
                (
                    row["day"],
                    row["total"],
                    row["fund"],
                    row["account"],
                    row["reason"],
                    row["number"],
                )
                for row in chunk.book.settlements
            ],
        )
        for chunk in invent(150, seed=seed)
    ]


def test_the_same_seed_invents_the_same_people_and_settlements(policies: None) -> None:
    assert told(7) == told(7)


def test_another_seed_invents_others(policies: None) -> None:
    assert told(7) != told(8)


def test_identity_numbers_check_and_fit_birthday_sex_and_division(policies: None) -> None:
    seen = Counter(life.document for chunk in invent(600, mean=0) for life in chunk.lives)
    assert max(seen.values()) == 1
    for chunk in invent(600, mean=0):
        for life in chunk.lives:
            kind, number = life.document
            assert documents.check(kind, number, born=life.born, sex=life.sex) == number
            if kind == DocumentType.RESIDENT_ID:
                assert number[:6] in life.area.divisions


def test_numbers_stay_apart_as_long_as_there_are_places() -> None:
    divisions = ["370202", "370203"]
    numbers = {numbered(divisions, index, 1980, "male")[0] for index in range(100_000)}
    assert len(numbers) == 100_000


def test_a_leap_years_birthdays_exist() -> None:
    for index in range(2_000):
        _number, born = numbered(["370202"], index, 1984, "female")
        assert born.year == 1984
        assert born <= date(1984, 12, 31)


def test_members_are_shared_out_to_the_last_one() -> None:
    areas = source.areas()
    for total in (1, 7, 200, 20_000):
        assert sum(source.shares_out(total, areas).values()) == total


def test_an_area_without_invented_people_is_named() -> None:
    with pytest.raises(LookupError, match="999999"):
        source.areas(["999999"])


def test_no_area_is_named_in_the_code() -> None:
    for path in (ROOT / "claims").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [place for place in PLACES if place in text], path
