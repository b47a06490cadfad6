"""The desk's pages on people: found, few queries, nothing of another city, deeds by services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bureau import roles
from bureau.models import ActionRecord
from members import ledger
from members.models import Card, Filing, Member, Person, SignedContract, Stay, YearTotal
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 1)
BUDGET = 15
LISTS = (
    "person",
    "member",
    "employer",
    "signedcontract",
    "filing",
    "stay",
    "card",
    "account",
    "entry",
    "contribution",
    "yeartotal",
)


def as_user(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer():
    user = cast.staff(areas=[cast.area()], groups=[roles.MEMBERS_OFFICER])
    return as_user(user)


@pytest.fixture
def charlie():
    return as_user(cast.staff(areas=[cast.other_area()], groups=[roles.MEMBERS_OFFICER]))


def page(name: str) -> str:
    return reverse(f"admin:members_{name}_changelist")


def change_page(row) -> str:
    return reverse(f"admin:members_{row._meta.model_name}_change", args=[row.pk])


def deed(row, name: str) -> str:
    model = row._meta.model_name
    return reverse(f"admin:members_{model}_{name}", args=[row.pk])


def populate(count: int = 1) -> Member:
    """Members with a row of each kind; the last one."""
    for _ in range(count):
        member = cast.zhang(employer=cast.employer(), balance="300.00")
        cast.contribution(member, DAY)
        common = {"member": member, "area_id": member.area_id}
        YearTotal.objects.create(**common, care="outpatient", year=2023, opened_on=DAY)
        SignedContract.objects.create(
            **common, institution=cast.community_station(), signed_from=DAY
        )
        Filing.objects.create(member=member, region="310000", filed_from=DAY)
        Stay.objects.create(member=member, admitted_on=DAY, institution=cast.institution())
        Card.objects.create(member=member, number=f"C{member.pk}", issued_on=DAY)
        ledger.pay(member.account, Decimal("0.01"), key="settlement:1", on=DAY)
    return member


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_few_queries_however_long_it_is(name, officer, django_assert_max_num_queries):
    populate(12)
    with django_assert_max_num_queries(BUDGET):
        response = officer.get(page(name))
    assert response.status_code == 200
    assert "result_list" in response.text


@pytest.mark.parametrize("name", LISTS)
def test_a_clerk_of_another_city_sees_nothing(name, charlie):
    member = populate()
    response = charlie.get(page(name))
    assert response.status_code == 200
    assert "张伟" not in response.text
    assert member.number not in response.text
    assert "Harbour Cranes" not in response.text


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_another_city_does_not_open(name, charlie):
    populate()
    model = Member._meta.apps.get_model("members", name)
    response = charlie.get(change_page(model.objects.latest("pk")))
    assert response.status_code == 302


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ("person", "employer")])
def test_a_list_is_searched_by_name_spelling_or_number(name, officer):
    member = populate()
    cast.li()
    for text in ("张伟", "zhangwei", "zw", member.number, member.person.identity_number):
        response = officer.get(page(name), {"q": text})
        assert "张伟" in response.text, text
        assert "李娜" not in response.text
    assert "张伟" not in officer.get(page(name), {"q": "nobody"}).text


@pytest.mark.parametrize("name", LISTS)
def test_no_page_shows_an_identity_number_in_full(name, officer):
    member = populate()
    number = member.person.identity_number
    model = Member._meta.apps.get_model("members", name)
    for address in (page(name), change_page(model.objects.latest("pk"))):
        response = officer.get(address)
        assert response.status_code == 200
        assert number not in response.text


def test_a_members_page_shows_all_that_belongs_to_it(officer):
    member = populate()
    response = officer.get(change_page(member))
    for shown in ("Seaside Community Station", "310000", f"C{member.pk}", "299.99", "2023"):
        assert shown in response.text, shown


@pytest.mark.parametrize("name", ["entry", "account", "contribution", "yeartotal", "card"])
def test_history_is_neither_added_to_nor_changed_nor_deleted(name):
    chief = as_user(cast.chief())
    populate()
    row = Member._meta.apps.get_model("members", name).objects.latest("pk")
    assert chief.get(reverse(f"admin:members_{name}_add")).status_code == 403
    assert chief.post(change_page(row), {}).status_code == 403
    assert chief.post(reverse(f"admin:members_{name}_delete", args=[row.pk])).status_code == 403


class TestDeeds:
    def test_a_person_is_registered(self, officer):
        born = date(1990, 5, 1)
        asked = {
            "name": "王芳",
            "document_type": "resident_id",
            "number": cast.identity_number(born=born, sex="female"),
            "sex": "female",
            "born": "1990-05-01",
        }
        response = officer.post(reverse("admin:members_person_add"), asked)
        assert response.status_code == 302, response.context["adminform"].form.errors
        person = Person.objects.get()
        assert person.identity_number == asked["number"]
        assert "person registered" in ActionRecord.objects.values_list("action", flat=True)

    def test_a_mistyped_number_is_told_at_the_field(self, officer):
        asked = {
            "name": "王芳",
            "document_type": "resident_id",
            "number": "370202199005010010",
            "sex": "female",
            "born": "1990-05-01",
        }
        response = officer.post(reverse("admin:members_person_add"), asked)
        assert response.status_code == 200
        assert response.context["adminform"].form.errors["number"]
        assert not Person.objects.exists()

    def test_a_person_is_enrolled(self, officer):
        person = cast.person("王芳")
        asked = {
            "who": person.identity_number,
            "area": cast.area().pk,
            "scheme": "310",
            "insured_from": "2023-03-01",
            "status": "in_service",
            "has_account": "on",
        }
        response = officer.post(reverse("admin:members_member_add"), asked)
        assert response.status_code == 302, response.context["adminform"].form.errors
        assert Member.objects.get().account.balance == 0

    def test_nobody_is_enrolled_twice(self, officer):
        member = populate()
        asked = {
            "who": member.person.identity_number,
            "area": cast.area().pk,
            "scheme": "310",
            "insured_from": "2023-03-01",
            "status": "in_service",
        }
        response = officer.post(reverse("admin:members_member_add"), asked)
        assert response.status_code == 200
        assert Member.objects.count() == 1

    def test_a_contract_is_signed_by_the_initials_of_the_institution(self, officer):
        member, station = cast.zhang(), cast.community_station()
        asked = {
            "partner": station.code,
            "signed_from": "2023-03-01",
            "_form_submitted": "on",
        }
        response = officer.post(deed(member, "sign_contract"), asked)
        assert response.headers.get("HX-Redirect"), response.text
        assert member.contracts.get().institution == station

    def test_what_the_service_refuses_is_said_in_the_dialog(self, officer):
        member = populate()
        asked = {
            "partner": cast.tertiary_hospital().code,
            "signed_from": "2023-03-01",
            "_form_submitted": "on",
        }
        response = officer.post(deed(member, "sign_contract"), asked)
        assert "Seaside Community Station" in response.text
        assert member.contracts.count() == 1

    def test_a_lost_card_is_reported_once(self, officer):
        card = Card.objects.create(member=cast.zhang(), number="C1", issued_on=DAY)
        for _attempt in range(2):
            officer.post(deed(card, "report_loss"), {"_form_submitted": "on"})
        assert card.losses.count() == 1

    def test_a_number_is_shown_for_a_reason_on_record(self):
        supervisor = as_user(cast.chief())
        person = cast.person()
        asked = {"reason": "call from the ward", "_form_submitted": "on"}
        response = supervisor.post(deed(person, "reveal"), asked)
        assert person.identity_number in response.text
        assert "no-store" in response.headers["Cache-Control"]
        assert person.identity_number not in str(supervisor.cookies)
        record = ActionRecord.objects.latest("pk")
        assert record.detail == {"reason": "call from the ward"}
        assert person.identity_number not in supervisor.get(change_page(person)).text

    @pytest.mark.parametrize("name", ["sign_contract", "end_enrolment", "change_status"])
    def test_a_deed_on_another_citys_member_is_not_found(self, name, charlie):
        member = populate()
        response = charlie.post(deed(member, name), {"_form_submitted": "on", "on": "2023-03-01"})
        assert member.contracts.count() == 1
        assert response.status_code in (200, 404)

    def test_an_auditor_looks_but_does_nothing(self):
        auditor = as_user(cast.staff(areas=[cast.area()], groups=[roles.AUDITOR]))
        member = populate()
        assert auditor.get(change_page(member)).status_code == 200
        assert auditor.post(deed(member, "sign_contract"), {}).status_code == 403
