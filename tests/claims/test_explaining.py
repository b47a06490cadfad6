"""A settlement explains itself years later, and comes out again."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from claims.settlement.models import Settlement
from claims.settlement.services import explaining, reversal
from tests import cast
from tests.claims import desk

pytestmark = pytest.mark.usefixtures("policies")
DAY = desk.DAY


@pytest.fixture
def settled() -> Settlement:
    area = cast.area("150600")
    lines = ("3000.00", {"amount": "200.00", "item_class": "B", "self_pay": "0.1"})
    also = ({"amount": "80.00", "item_class": "C"}, {"amount": "90.00", "standard": "60.00"})
    li, hospital = cast.li(area=area, balance="300.00"), cast.tertiary_hospital(area=area)
    return desk.settle(li, hospital, DAY, *lines, *also, from_account=True)


def told(number: str, language: str = "en") -> str:
    out = StringIO()
    with translation.override(language):
        call_command("explain", number, stdout=out)
    return out.getvalue()


def test_it_comes_out_again_to_the_fen(settled: Settlement) -> None:
    outcome = explaining.recomputed(settled)
    assert (outcome.fund, outcome.account) == (int(settled.fund * 100), 30000)
    assert explaining.explained(settled).comes_out_again


def test_it_comes_out_again_after_all_has_changed(settled: Settlement) -> None:
    person, institution = settled.member.person, settled.institution
    person.born = person.born.replace(year=1999)
    person.save()
    institution.tier = 0
    institution.save()
    settled.member.status_changes.update(status="in_service")
    desk.settle(settled.member, institution, DAY, "500.00")
    assert explaining.explained(Settlement.objects.get(pk=settled.pk)).comes_out_again


def test_it_tells_each_step_with_its_article(settled: Settlement) -> None:
    said = told(settled.number)
    assert "Deductible 1,000.00, borne on this bill: 1,000.00" in said
    assert "65%+5%" in said
    assert "EO-10" in said
    assert "Fully self-funded: 80.00" in said
    assert "鄂府办发〔2022〕128号" in said


def test_it_tells_who_paid_and_the_year_before_and_after(settled: Settlement) -> None:
    again = desk.settle(settled.member, settled.institution, DAY, "100.00")
    said = told(again.number)
    assert "3,240.00 → 3,340.00" in said
    assert "1,000.00 → 1,000.00" in said
    assert "70.00" in said


def test_it_masks_the_member(settled: Settlement) -> None:
    said = told(settled.number)
    assert "李*" in said
    assert "李娜" not in said
    assert settled.member.person.identity_number not in said


def test_it_tells_the_reversal_on_both(settled: Settlement) -> None:
    mirror = reversal.reverse(settled, reason="entered twice", by=None, on=DAY)
    assert mirror.number in told(settled.number)
    said = told(mirror.number)
    assert settled.number in said
    assert "entered twice" in said
    assert explaining.explained(mirror).comes_out_again


def test_it_tells_why_there_is_no_benefit() -> None:
    area = cast.area("150600")
    lapsed = cast.tertiary_hospital(area=area, designated=False)
    refused = desk.settle(cast.zhang(area=area), lapsed, DAY, "100.00")
    assert "institution not designated" in told(refused.number)


def tamper(settled: Settlement, statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_settlement DISABLE TRIGGER USER")
        cursor.execute(statement, [*values, settled.pk])


def test_it_tells_what_does_not_come_out_again(settled: Settlement) -> None:
    facts = settled.facts | {"where": settled.facts["where"] | {"tier": 1}}
    tamper(settled, "UPDATE claims_settlement SET facts = %s WHERE id = %s", json.dumps(facts))
    with translation.override("en"):
        explanation = explaining.explained(Settlement.objects.get(pk=settled.pk))
    names = {found.name for found in explanation.mismatches}
    assert {"paid by the fund", "own share", "cash"} <= names
    with pytest.raises(SystemExit):
        told(settled.number)


def test_it_does_not_know_a_number_of_nobodys() -> None:
    with pytest.raises(CommandError, match="no settlement S1"):
        told("S1")


def test_of_a_settlement_by_a_published_figure_it_stores_the_figure() -> None:
    harbour = cast.area("370200")
    cast_hospital = cast.tertiary_hospital(area=harbour)
    li = cast.li(area=harbour)
    cast_contract(li, cast_hospital)
    made = desk.settle(li, cast_hospital, desk.date(2024, 3, 1), "9000.00")
    assert made.provisional
    assert made.fund == Decimal("1700.00")
    assert explaining.explained(made).comes_out_again


def cast_contract(member: Any, institution: Any) -> None:
    member.contracts.create(
        area=member.area, institution=institution, signed_from=desk.date(2023, 1, 1)
    )
