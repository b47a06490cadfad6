"""What was settled in bulk stands like what a clerk settled: it holds, and comes out again."""

from __future__ import annotations

import json

import pytest

from bureau import invariants
from claims.population import making, source
from claims.settlement.models import Settlement
from claims.settlement.selectors import whereabouts
from claims.settlement.services import record
from claims.settlement.services.explaining import mismatches
from claims.settlement.services.question import Question, bill_of
from members.models import Account, Member, Person
from members.selectors import standing
from policies.engine.bill import UNUSED
from policies.engine.series import NO_FIGURES
from policies.models import CatalogueItem
from policies.selectors import rulebook

pytestmark = pytest.mark.django_db
SMALL = 200


def test_a_small_population_breaks_no_invariant(made: dict[str, int]) -> None:
    assert made["members"] == Member.objects.count() == SMALL
    assert [finding for finding in invariants.check() if finding.count] == []


def test_every_settlement_comes_out_again_to_the_fen(made: dict[str, int]) -> None:
    settled = Settlement.objects.select_related("reverses", "year_total").prefetch_related(
        "lines__line"
    )
    assert settled.count() == made["settlements"]
    for settlement in settled:
        lines = tuple(settlement.lines.select_related("line"))
        assert list(mismatches(settlement, lines)) == []


def test_the_question_is_the_one_the_desk_would_ask(made: dict[str, int]) -> None:
    """Who the member is and where the visit was, read from the rows, is what was settled."""
    settlements = Settlement.objects.filter(reverses=None).select_related("visit__member__person")
    for settlement in settlements.order_by("pk")[::3]:
        visit = settlement.visit
        rules = rulebook.benefit_on(visit.day, area_id=visit.area_id, scheme=visit.member.scheme)
        where = whereabouts.of(visit, rules.tables.care(visit.care).terms)
        person = standing.on(
            visit.member,
            visit.day,
            terms_of=where.terms_of,
            referred=visit.referred,
            account_can_pay=settlement.facts["person"]["account_can_pay"],
        )
        asked = Question(
            rules, bill_of(visit, [], where.where, "online"), person, UNUSED, NO_FIGURES
        )
        facts = json.loads(json.dumps(record.facts(asked)))
        for name in ("where", "person"):
            assert facts[name] == settlement.facts[name], settlement.number


def test_balances_follow_the_payments(made: dict[str, int]) -> None:
    assert Account.objects.filter(balance__lt=0).count() == 0
    assert Account.objects.filter(balance__gt=0).exists()


def test_people_made_later_are_others(made: dict[str, int]) -> None:
    people = set(Person.objects.values_list("identity_index", flat=True))
    items = CatalogueItem.objects.count()
    making.make(source.areas(["320100"]), members=40, visits=80, seed=1)
    assert Person.objects.count() == len(people) + 40
    assert CatalogueItem.objects.count() == items
    assert [finding for finding in invariants.check() if finding.count] == []


@pytest.mark.parametrize("code", ["X", "Z", "T", "C", "0"])
def test_every_form_of_national_code_is_on_the_shelf(made: dict[str, int], code: str) -> None:
    items = CatalogueItem.objects.filter(code__startswith=code)
    assert items.exists()
    for item in items:
        item.full_clean()
