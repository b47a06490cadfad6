"""Where an institution stands on a day, and what its records may not say."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import translation

from bureau.models import ActionRecord
from facilities.models import Institution
from facilities.selectors import standing
from facilities.services import agreements, consortia, institutions
from tests import cast

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2023, 1, 1), date(2024, 1, 1)


def test_an_institution_is_designated_from_the_first_day_to_before_the_last():
    hospital = cast.institution(designated=False)
    cast.agreement(hospital, since=FIRST, in_force_until=LAST)
    days = [date(2022, 12, 31), FIRST, date(2023, 12, 31), LAST]
    assert [standing.designated(hospital, on) for on in days] == [False, True, True, False]


def test_an_internet_hospital_stands_as_its_physical_one():
    hospital = cast.tertiary_hospital()
    online = cast.internet_hospital(hospital)
    together = cast.consortium(hospital)
    assert standing.physical(online) == hospital
    assert standing.agreement_on(online, FIRST) == standing.agreement_on(hospital, FIRST)
    assert standing.consortium_on(online, FIRST) == together


def test_a_physical_institution_is_its_own():
    hospital = cast.tertiary_hospital()
    assert standing.physical(hospital) == hospital


def test_an_institution_belongs_to_the_consortium_of_the_day():
    station = cast.community_station()
    north, south = cast.consortium(), cast.consortium()
    first = consortia.join(north, station, on=FIRST, by=None)
    consortia.leave(first, on=LAST, by=None)
    consortia.join(south, station, on=LAST, by=None)
    assert standing.consortium_on(station, date(2022, 12, 31)) is None
    assert standing.consortium_on(station, date(2023, 12, 31)) == north
    assert standing.consortium_on(station, LAST) == south


def test_an_institution_is_in_one_consortium_at_a_time():
    station = cast.community_station()
    cast.consortium(station)
    with pytest.raises(ValidationError):
        consortia.join(cast.consortium(), station, on=LAST, by=None)


def test_agreements_of_one_institution_do_not_overlap():
    hospital = cast.institution()
    with pytest.raises(ValidationError):
        agreements.sign(hospital, number="A2", in_force_from=LAST, by=None)
    with pytest.raises(DatabaseError, match="agreements_never_overlap"):
        cast.agreement(hospital, since=LAST)


def test_an_agreement_is_signed_and_ended_on_record():
    hospital, clerk = cast.institution(designated=False), cast.clerk()
    signed = agreements.sign(hospital, number="A1", in_force_from=FIRST, by=clerk)
    ended = agreements.end(signed, on=LAST, reason="fraud", by=clerk)
    assert (ended.in_force_until, ended.ended_reason) == (LAST, "fraud")
    records = ActionRecord.objects.order_by("pk").values_list("action", "area_id")
    assert list(records) == [("agreement signed", "370200"), ("agreement ended", "370200")]


def test_the_end_of_an_agreement_is_not_moved_back():
    hospital = cast.institution(designated=False)
    signed = agreements.sign(
        hospital, number="A1", in_force_from=FIRST, in_force_until=LAST, by=None
    )
    with pytest.raises(ValidationError):
        agreements.end(signed, on=date(2025, 1, 1), reason="longer", by=None)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"kind": "internet"}, "internet_hospital_names_its_physical_one"),
        ({"tier": 4}, "institution_tier_is_known"),
        ({"charge_class": 0}, "institution_charge_class_is_known"),
        ({"kind": "pharmacy", "community": True}, "pharmacy_is_no_community_institution"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(fields, rule):
    with pytest.raises(DatabaseError, match=rule):
        cast.institution(**fields)


def test_a_hospital_has_no_physical_institution_nor_bills_through_another():
    hospital = cast.institution()
    with pytest.raises(DatabaseError, match="names_its_physical_one"), transaction.atomic():
        cast.institution(physical=hospital)
    with pytest.raises(DatabaseError, match="only_third_party"), transaction.atomic():
        cast.institution(ordering=hospital)
    assert cast.institution(ordering=hospital, is_third_party=True).pk


def test_an_internet_hospital_of_an_internet_hospital_is_refused_by_name():
    online = cast.internet_hospital(cast.tertiary_hospital())
    second = Institution(
        code="H37020299999", name="Second", kind="internet", physical=online, region="370200"
    )
    english = translation.override("en")
    with english, pytest.raises(ValidationError, match="medical institution"):
        institutions.register(second, by=None)


@pytest.mark.parametrize("code", ["X37020200001", "H3702020001", "h37020200001"])
def test_a_code_of_another_form_is_refused(code):
    with pytest.raises(ValidationError):
        institutions.register(Institution(code=code, name="A", region="370200"), by=None)


def test_an_institution_is_found_by_its_spelling():
    hospital = Institution(code="H37020200001", name="市人民医院", region="370200")
    institutions.register(hospital, by=None)
    assert (hospital.name_pinyin, hospital.name_initials) == ("shirenminyiyuan", "srmyy")


@pytest.mark.parametrize(("tier", "primary"), [(0, True), (1, True), (2, False), (3, False)])
def test_primary_is_unrated_or_tier_1(tier, primary):
    assert Institution(tier=tier).is_primary is primary


def test_the_application_deletes_no_institutions(as_application):
    hospital = cast.institution()
    with pytest.raises(DatabaseError, match="permission denied"), as_application():
        Institution.objects.filter(pk=hospital.pk)._raw_delete("default")
