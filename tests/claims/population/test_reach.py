"""What the population reaches: every reason, every structure that the areas' tables use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from claims.population import times
from claims.population.making import Chunk
from claims.population.rules import Rules
from claims.population.source import areas
from policies.engine import vocabulary
from policies.engine.vocabulary import REASON_OF, Channel, Label, Reason, Status
from policies.selectors import rulebook
from tests.claims.population.conftest import invent

pytestmark = pytest.mark.django_db

MEMBERS = 5_000
DAY = date(2025, 6, 1)
EMPLOYEES = "310"


@pytest.fixture(scope="module")
def chunks(policies: None) -> list[Chunk]:
    return list(invent(MEMBERS))


def reasons_of(area: str) -> Iterator[str]:
    """The reasons for which an area's tables can refuse a bill."""
    rules = Rules([area]).benefit(area, EMPLOYEES, DAY)
    care = rules.tables.care("outpatient")
    for row in care.requirements:
        yield REASON_OF[vocabulary.Test(row.test)].value
    if not care.terms.hand_open:
        yield Reason.NO_HAND_CLAIM.value
    if care.terms.hand_until_month:
        yield Reason.LATE.value


def test_every_reason_and_every_structure_is_reached(chunks: list[Chunk]) -> None:
    """One walk over one population: what is missing is named."""
    rows = [row for chunk in chunks for row in chunk.book.settlements]
    reached = Counter((row["area_id"], row["reason"]) for row in rows)
    wanted = [(area.code, reason) for area in areas() for reason in reasons_of(area.code)]
    missing = [one for one in wanted if not reached[one]]
    assert missing == []

    articles: Counter[tuple[str, int, object]] = Counter()
    for row in rows:
        for label, _amount, _article, base, rate, note in row["steps"]:
            articles[row["area_id"], label, rate if label == Label.BAND else note] += 1
            if label == Label.CAP:
                articles[row["area_id"], label, base] += 1
    missing = [one for one in structures() if not articles[one]]
    assert missing == []
    assert missing_kinds(chunks) == []


def structures() -> Iterator[tuple[str, int, object]]:
    """Every share that a band pays after adjustments, every fixed cap, every item rule."""
    for area in areas():
        care = Rules([area.code]).benefit(area.code, EMPLOYEES, DAY).tables.care("outpatient")
        for ratio in care.ratios:
            points = {0} | {one.points for one in care.adjustments}
            yield from ((area.code, Label.BAND.value, ratio.share + point) for point in points)
        for cap in care.caps:
            if cap.scope == "own" and cap.amount.fixed is not None:
                yield area.code, Label.CAP.value, cap.amount.fixed
        for item in care.items:
            yield from ((area.code, Label.ITEM.value, kind) for kind in item.item_kinds)


def test_whoever_a_credit_rule_names_is_there(chunks: list[Chunk]) -> None:
    lives = [life for chunk in chunks for life in chunk.lives]
    groups = {(life.area.code, one.group) for life in lives for one in life.special_groups}
    schemes = {(life.area.code, life.supplementary_scheme) for life in lives}
    for area in areas():
        for row in rulebook.credit_on(times.CREDITED_MONTH, area_id=area.code).tables.credits:
            assert {(area.code, name) for name in row.special_groups} <= groups
            assert {(area.code, name) for name in row.supplementary_schemes} <= schemes


def missing_kinds(chunks: list[Chunk]) -> list[str]:
    """Kinds of visits, people and bills of which there is none."""
    books = [chunk.book for chunk in chunks]
    every = [row for book in books for row in book.settlements]
    rows = [row for row in every if row["reverses_id"] is None]
    lives = [life for chunk in chunks for life in chunk.lives]
    of_visit = Counter(row["visit_id"] for row in rows)
    statuses = {status for life in lives for _day, status in life.statuses}
    found = {
        "reversal": len(every) > len(rows),
        "settled in parts or again": max(of_visit.values()) > 1,
        "settled again after a reversal": any(
            wave.lines for book in books for wave in book.waves[2:]
        ),
        "provisional": any(row["provisional"] for row in rows),
        "by hand": any(row["channel"] == Channel.HAND and row["fund"] for row in rows),
        "account": any(row["account"] for row in rows),
        "self-funded": any(row["self_funded"] for row in rows),
        "over standard": any(row["over_standard"] for row in rows),
        "first self-payment": any(row["pre_self_pay"] for row in rows),
        "deductible": any(row["deductible"] for row in rows),
        "overall limit": any(row["adds_overall"] for row in rows),
        "per visit": any(row["facts"]["used"]["visit_deductible"] for row in rows),
        "prescription": any(book.prescriptions for book in books),
        "elsewhere": any(row["facts"]["where"]["place"] == "elsewhere" for row in rows),
        "province": any(row["facts"]["where"]["place"] == "province" for row in rows),
        "internet": any(
            visit.institution.kind == "internet" for book in books for visit in book.visits
        ),
        "third party": any(
            visit.institution.is_third_party for book in books for visit in book.visits
        ),
        "residents": any(life.scheme == "390" for life in lives),
        "consortium": any(one.consortium_id for life in lives for one in life.contracts),
        "changed contract": any(len(life.contracts) > 1 for life in lives),
        "filing": any(life.filings for life in lives),
        "stay": any(life.stays for life in lives),
        "suspension": any(life.suspensions for life in lives),
        "death": any(life.died_on for life in lives),
        "left": any(life.insured_until for life in lives),
        "special group": any(life.special_groups for life in lives),
        "supplementary": any(life.supplementary_scheme for life in lives),
        "retires in the year": any(life.statuses[-1][0] >= date(2025, 1, 1) for life in lives),
        **{str(status): status.value in statuses for status in Status},
    }
    return [name for name, is_there in found.items() if not is_there]


def test_the_check_sees_what_is_missing(chunks: list[Chunk]) -> None:
    """Planted: without reversals, in-part visits and filings the same check names them."""
    for chunk in chunks:
        chunk.book.settlements[:] = [
            row for row in chunk.book.settlements if row["reverses_id"] is None
        ]
        for life in chunk.lives:
            life.filings.clear()
    assert missing_kinds(chunks) == ["reversal", "filing"]
