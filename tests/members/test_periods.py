"""Periods that may not overlap: whoever writes at once, whatever code is used."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from members.models import (
    Card,
    CardLoss,
    Filing,
    Relation,
    SignedContract,
    SpecialGroupMembership,
    Stay,
    Suspension,
)
from tests import cast

pytestmark = pytest.mark.django_db
FIRST, NEXT, LAST = date(2023, 1, 1), date(2023, 7, 1), date(2024, 1, 1)


def contract(member, **fields):
    return SignedContract.objects.create(member=member, area_id=member.area_id, **fields)


def refuses(constraint: str):
    """The block breaks the constraint; afterwards the test goes on."""
    return pytest.raises(DatabaseError, match=constraint)


def test_contracts_of_one_order_number_do_not_overlap():
    zhang, hospital, station = cast.zhang(), cast.tertiary_hospital(), cast.community_station()
    contract(zhang, institution=hospital, signed_from=FIRST, signed_until=LAST)
    with refuses("contracts_never_overlap"), transaction.atomic():
        contract(zhang, institution=station, signed_from=NEXT)
    contract(zhang, institution=station, signed_from=LAST)
    contract(zhang, institution=station, signed_from=NEXT, slot=2)


def test_a_contract_is_with_one_institution_or_one_consortium():
    zhang, hospital = cast.zhang(), cast.tertiary_hospital()
    together = cast.consortium(hospital)
    rule = "contract_is_with_an_institution_or_a_consortium"
    with refuses(rule), transaction.atomic():
        contract(zhang, signed_from=FIRST)
    with refuses(rule), transaction.atomic():
        contract(zhang, institution=hospital, consortium=together, signed_from=FIRST)


def test_a_contract_that_ends_when_it_begins_is_refused():
    with refuses("contract_ends_after_it_starts"):
        contract(
            cast.zhang(), institution=cast.institution(), signed_from=FIRST, signed_until=FIRST
        )


def test_stays_do_not_overlap_but_for_the_day_of_a_transfer():
    zhang = cast.zhang()
    Stay.objects.create(member=zhang, admitted_on=FIRST, discharged_on=NEXT)
    Stay.objects.create(member=zhang, admitted_on=NEXT)
    with refuses("stays_never_overlap"):
        Stay.objects.create(member=zhang, kind="home_bed", admitted_on=LAST)


def test_a_stay_of_one_day_is_a_stay():
    assert Stay.objects.create(member=cast.zhang(), admitted_on=FIRST, discharged_on=FIRST).pk


def test_a_discharge_before_the_admission_is_refused():
    with refuses("discharge_is_not_before_admission"):
        Stay.objects.create(member=cast.zhang(), admitted_on=NEXT, discharged_on=FIRST)


def test_filings_of_one_place_do_not_overlap_those_of_two_may():
    zhang = cast.zhang()
    Filing.objects.create(member=zhang, region="310000", filed_from=FIRST)
    Filing.objects.create(member=zhang, region="330100", filed_from=FIRST)
    with refuses("filings_of_a_place_never_overlap"):
        Filing.objects.create(member=zhang, region="310000", filed_from=NEXT)


@pytest.mark.parametrize(
    ("filed", "place", "covered"),
    [
        ("310000", "310115", True),
        ("310000", "320500", False),
        ("320500", "320583", True),
        ("320500", "320500", True),
        ("320500", "320100", False),
        ("320583", "320583", True),
        ("320583", "320500", False),
    ],
)
def test_a_filing_covers_what_lies_in_its_place(filed, place, covered):
    assert Filing(region=filed).covers(place) is covered


def test_suspensions_do_not_overlap():
    zhang = cast.zhang()
    Suspension.objects.create(member=zhang, suspended_from=FIRST)
    with refuses("suspensions_never_overlap"):
        Suspension.objects.create(member=zhang, suspended_from=NEXT)


def test_a_special_group_is_joined_once_at_a_time():
    zhang = cast.zhang()
    SpecialGroupMembership.objects.create(member=zhang, group="veterans", joined_on=FIRST)
    SpecialGroupMembership.objects.create(member=zhang, group="others", joined_on=FIRST)
    with refuses("special_group_once_at_a_time"):
        SpecialGroupMembership.objects.create(member=zhang, group="veterans", joined_on=NEXT)


def test_two_people_are_related_in_one_way_at_a_time_and_nobody_to_themselves():
    one, other = cast.person(), cast.person()
    Relation.objects.create(person=one, relative=other, kind="spouse", since=FIRST)
    with refuses("relatives_related_one_way_at_a_time"), transaction.atomic():
        Relation.objects.create(person=one, relative=other, kind="child", since=NEXT)
    with refuses("nobody_is_their_own_relative"):
        Relation.objects.create(person=one, relative=one, kind="spouse", since=FIRST)


def test_a_card_is_reported_lost_once_at_a_time():
    card = Card.objects.create(member=cast.zhang(), number="C1", issued_on=FIRST)
    noon = datetime(2023, 1, 1, 12, tzinfo=UTC)
    CardLoss.objects.create(card=card, reported_at=noon, lifted_at=noon)
    CardLoss.objects.create(card=card, reported_at=noon)
    with pytest.raises(IntegrityError, match="card_reported_lost_once_at_a_time"):
        CardLoss.objects.create(card=card, reported_at=noon)


def test_nobody_dies_before_being_born():
    with refuses("person_dies_after_birth"):
        cast.person(born=NEXT, died_on=FIRST)
