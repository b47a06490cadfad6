"""The desk's pages on institutions."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bureau import roles
from facilities.models import Agreement, Institution
from facilities.selectors import search
from tests import cast

pytestmark = pytest.mark.django_db
BUDGET = 15
LISTS = ("institution", "agreement", "consortium", "department", "doctor")


def as_user(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer():
    return as_user(cast.staff(areas=[cast.area()], groups=[roles.FACILITIES_OFFICER]))


@pytest.fixture
def charlie():
    return as_user(cast.staff(areas=[cast.other_area()], groups=[roles.FACILITIES_OFFICER]))


def page(name: str) -> str:
    return reverse(f"admin:facilities_{name}_changelist")


def change_page(row) -> str:
    return reverse(f"admin:facilities_{row._meta.model_name}_change", args=[row.pk])


def deed(row, name: str) -> str:
    return reverse(f"admin:facilities_{row._meta.model_name}_{name}", args=[row.pk])


def populate(count: int = 1) -> Institution:
    for _ in range(count):
        hospital = cast.tertiary_hospital()
        cast.consortium(hospital)
        cast.department(hospital)
        cast.doctor(hospital)
    return hospital


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_few_queries_however_long_it_is(name, officer, django_assert_max_num_queries):
    populate(12)
    with django_assert_max_num_queries(BUDGET):
        response = officer.get(page(name))
    assert "result_list" in response.text


@pytest.mark.parametrize("name", LISTS)
def test_a_clerk_of_another_city_sees_nothing(name, charlie):
    populate()
    response = charlie.get(page(name))
    assert response.status_code == 200
    assert "Central Hospital" not in response.text
    assert "North Consortium" not in response.text


@pytest.mark.parametrize("name", LISTS)
def test_a_page_opens_here_and_not_elsewhere(name, officer, charlie):
    populate()
    row = Institution._meta.apps.get_model("facilities", name).objects.latest("pk")
    assert officer.get(change_page(row)).status_code == 200
    assert charlie.get(change_page(row)).status_code == 302


def test_institutions_are_found_by_name_spelling_initials_or_code(officer):
    asked = {
        "code": "H37020200001",
        "name": "市人民医院",
        "kind": "hospital",
        "area": cast.area().pk,
        "region": "370202",
        "tier": 3,
        "charge_class": 1,
        "direct_settlement": "on",
    }
    response = officer.post(reverse("admin:facilities_institution_add"), asked)
    assert response.status_code == 302, response.context["adminform"].form.errors
    hospital = Institution.objects.get()
    for text in ("人民", "renmin", "srmyy", "H370202", "h37020200001"):
        assert list(search.matching(Institution.objects.all(), text)) == [hospital], text
    for text in ("", "中医", "zhongyi", "P370202"):
        assert not search.matching(Institution.objects.all(), text).exists()
    assert "市人民医院" in officer.get(page("institution"), {"q": "srmyy"}).text


def test_an_agreement_is_signed_in_a_dialog_and_shown_as_designation(officer):
    hospital = cast.institution(designated=False)
    asked = {
        "number": "A1",
        "in_force_from": "2023-01-01",
        "pooling": "by_tier",
        "_form_submitted": "on",
    }
    response = officer.post(deed(hospital, "sign_agreement"), asked)
    assert response.headers.get("HX-Redirect"), response.text
    assert Agreement.objects.get().institution == hospital
    again = officer.post(deed(hospital, "sign_agreement"), {**asked, "number": "A2"})
    assert not again.headers.get("HX-Redirect")
    assert Agreement.objects.count() == 1


def test_an_agreement_is_ended_with_a_reason(officer):
    agreement = cast.institution().agreements.get()
    asked = {"on": "2024-01-01", "reason": "closed", "_form_submitted": "on"}
    officer.post(deed(agreement, "end_agreement"), asked)
    agreement.refresh_from_db()
    assert agreement.in_force_until == date(2024, 1, 1)


def test_an_institution_joins_and_leaves_a_consortium(officer):
    station, together = cast.community_station(), cast.consortium()
    asked = {"institution": station.code, "_form_submitted": "on"}
    officer.post(deed(together, "join"), {**asked, "on": "2023-01-01"})
    assert together.memberships.get().institution == station
    officer.post(deed(together, "leave"), {**asked, "on": "2024-01-01"})
    assert together.memberships.get().left_on == date(2024, 1, 1)
    refused = officer.post(deed(together, "leave"), {**asked, "on": "2024-01-01"})
    assert not refused.headers.get("HX-Redirect")


def test_what_names_several_institutions_asks_for_the_code(officer):
    together = cast.consortium()
    cast.tertiary_hospital()
    cast.tertiary_hospital()
    asked = {"institution": "Central", "on": "2023-01-01", "_form_submitted": "on"}
    response = officer.post(deed(together, "join"), asked)
    assert response.text.count("Central Hospital") >= 2
    assert not together.memberships.exists()
