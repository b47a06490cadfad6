"""The desk's pages on claims: found, few queries, nothing of another city, nothing to change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bureau import roles
from claims.settlement.models import Settlement, Visit
from claims.settlement.services import reversal, settlement
from members.models import Member
from tests import cast
from tests.claims import desk

pytestmark = pytest.mark.usefixtures("policies")
DAY = desk.DAY
BUDGET = 15
SENT = {"_form_submitted": "on"}
LISTS = ("visit", "settlement", "prescription")


def as_user(*groups: str, area: str = "150600") -> Client:
    client = Client()
    user = cast.staff(areas=[cast.area(area)], groups=groups, display_name="Zhao, at the desk")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def supervisor() -> Client:
    return as_user(roles.SUPERVISOR)


@pytest.fixture
def clerk() -> Client:
    return as_user(roles.CLERK)


@pytest.fixture
def charlie() -> Client:
    """A supervisor of another city, who must see nothing of this one."""
    return as_user(roles.SUPERVISOR, area="320100")


@pytest.fixture
def li() -> Member:
    return cast.li(area=cast.area("150600"), balance="800.00")


def settled(member: Member, count: int = 1) -> Settlement:
    """Settlements with a filling of a prescription each; the last one."""
    area = member.area
    hospital, pharmacy = cast.tertiary_hospital(area=area), cast.pharmacy(area=area)
    for _number in range(count):
        written = desk.prescription(member, hospital)
        desk.settle(member, pharmacy, DAY, "20.00", prescription=written)
        lines = ({"amount": "1500.00", "name": "Endoscopy"}, {"amount": "9.00", "item_class": "C"})
        made = desk.settle(member, hospital, DAY, *lines, from_account=True)
    return made


def list_page(name: str, **asked: str) -> str:
    page = reverse(f"admin:claims_{name}_changelist")
    return page + "?" + "&".join(f"{key}={value}" for key, value in asked.items())


def page_of(row: Any) -> str:
    return reverse(f"admin:claims_{row._meta.model_name}_change", args=[row.pk])


def deed(row: Any, name: str) -> str:
    return reverse(f"admin:claims_{row._meta.model_name}_{name}", args=[row.pk])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_few_queries_however_long_it_is(
    name: str, li: Member, supervisor: Client, django_assert_max_num_queries: Any
) -> None:
    settled(li, 8)
    with django_assert_max_num_queries(BUDGET):
        response = supervisor.get(list_page(name))
    assert response.status_code == 200
    assert "李娜" in response.text


@pytest.mark.parametrize("name", LISTS)
def test_nothing_of_another_city_is_seen(name: str, li: Member, charlie: Client) -> None:
    made = settled(li)
    row = {"visit": made.visit, "settlement": made, "prescription": li.prescriptions.get()}[name]
    for page in (list_page(name), list_page(name, q="lina"), list_page(name, q=row.number)):
        shown = charlie.get(page).text
        assert "李娜" not in shown
        assert page_of(row) not in shown
    assert charlie.get(page_of(row)).status_code == 302
    assert charlie.post(page_of(row), {}).status_code in (302, 403)


def test_another_citys_settlement_cannot_be_reversed(li: Member, charlie: Client) -> None:
    made = settled(li)
    charlie.post(deed(made, "take_back"), {"reason": "mine now", **SENT})
    assert not Settlement.objects.filter(reverses=made).exists()


@pytest.mark.parametrize("asked", ["number", "李娜", "lina", "ln", "member"])
def test_a_settlement_is_found_by_number_name_or_spelling(
    asked: str, li: Member, clerk: Client
) -> None:
    made = settled(li)
    settled(cast.zhang(area=li.area))
    typed = {"number": made.number.lower(), "member": li.number}.get(asked, asked)
    found = clerk.get(list_page("settlement", q=typed)).text
    assert made.number in found
    assert "张伟" not in found


def test_filters_narrow_the_list(li: Member, clerk: Client) -> None:
    made = settled(li)
    refused = desk.settle(li, cast.pharmacy(area=li.area), DAY, "30.00")
    found = clerk.get(list_page("settlement", reason__exact="no_prescription")).text
    assert refused.number in found
    assert made.number not in found
    kind = clerk.get(list_page("settlement", institution__kind__exact="hospital")).text
    assert refused.number not in kind
    since = {"made_on_from": "2023-03-02", "made_on_to": "2023-12-31"}
    assert made.number not in clerk.get(list_page("settlement", **since)).text


def test_the_page_is_the_statement(
    li: Member, clerk: Client, django_assert_max_num_queries: Any
) -> None:
    made = settled(li)
    with django_assert_max_num_queries(25):
        page = clerk.get(page_of(made)).text
    for said in ("Endoscopy", "EO-10", "鄂府办发〔2022〕128号", "364.00", "800.00", "6,000.00"):
        assert said in page, said
    assert "account_can_pay" not in page, "the stored facts are told, not shown raw"
    assert li.person.identity_number not in page
    assert li.person.identity_masked in page


def test_the_page_of_each_is_read_only(li: Member, supervisor: Client) -> None:
    made = settled(li)
    for row in (made, made.visit, li.prescriptions.get()):
        page = supervisor.get(page_of(row)).text
        assert 'name="_save"' not in page
        assert supervisor.post(page_of(row), {"number": "S1"}).status_code == 403
        name = row._meta.model_name
        assert supervisor.get(reverse(f"admin:claims_{name}_add")).status_code == 403
        delete = reverse(f"admin:claims_{name}_delete", args=[row.pk])
        assert supervisor.post(delete, {"post": "yes"}).status_code == 403
    assert Settlement.objects.filter(pk=made.pk).exists()


def test_a_supervisor_reverses_with_a_reason(li: Member, supervisor: Client) -> None:
    made = settled(li)
    asked = supervisor.get(deed(made, "take_back"))
    assert 'name="reason"' in asked.text
    supervisor.post(deed(made, "take_back"), {"reason": "", **SENT})
    assert not Settlement.objects.filter(reverses=made).exists()
    response = supervisor.post(deed(made, "take_back"), {"reason": "entered twice", **SENT})
    assert "HX-Redirect" in response.headers, response.text
    mirror = Settlement.objects.get(reverses=made)
    assert (mirror.note, mirror.made_by.display_name) == ("entered twice", "Zhao, at the desk")
    assert "entered twice" in supervisor.get(page_of(made)).text
    assert made.number in supervisor.get(page_of(mirror)).text


def test_a_clerk_may_not_reverse(li: Member, clerk: Client) -> None:
    made = settled(li)
    assert deed(made, "take_back") not in clerk.get(page_of(made)).text
    assert clerk.post(deed(made, "take_back"), {"reason": "x", **SENT}).status_code == 403
    assert not Settlement.objects.filter(reverses=made).exists()


def test_what_was_reversed_offers_no_further_reversal(li: Member, supervisor: Client) -> None:
    made = settled(li)
    mirror = reversal.reverse(made, reason="wrong", by=None)
    for row in (made, mirror):
        assert deed(row, "take_back") not in supervisor.get(page_of(row)).text


def test_standing_and_reason_are_badges(li: Member, supervisor: Client) -> None:
    reversal.reverse(settled(li), reason="wrong", by=None)
    desk.settle(li, cast.pharmacy(area=li.area), DAY, "30.00")
    page = supervisor.get(list_page("settlement")).text
    shown = {cell for cell in ("bg-red-100", "bg-orange-100", "bg-blue-100") if cell in page}
    assert len(shown) == 3


def test_a_clerk_settles_an_unsettled_visit(li: Member, clerk: Client) -> None:
    visit = desk.visit(li, cast.tertiary_hospital(area=li.area), DAY, "1600.00")
    assert deed(visit, "settle_visit") in clerk.get(page_of(visit)).text
    clerk.post(deed(visit, "settle_visit"), {"from_account": "on", **SENT})
    made = Settlement.objects.get(visit=visit)
    assert (made.fund, made.account) == (Decimal("420.00"), Decimal("800.00"))
    assert deed(visit, "settle_visit") not in clerk.get(page_of(visit)).text


def test_where_no_policy_is_in_force_the_clerk_is_told(li: Member, clerk: Client) -> None:
    hospital = cast.tertiary_hospital(area=li.area)
    old: Visit = desk.visit(li, hospital, date(2019, 1, 1), "1600.00")
    answer = clerk.post(deed(old, "settle_visit"), dict(SENT)).text
    assert "2022-10-01" in answer
    assert not Settlement.objects.filter(visit=old).exists()


def test_a_page_takes_few_queries(
    li: Member, clerk: Client, django_assert_max_num_queries: Any
) -> None:
    visit = desk.visit(li, cast.tertiary_hospital(area=li.area), DAY, *["10.00"] * 20)
    settlement.settle(visit, by=None, on=DAY)
    with django_assert_max_num_queries(25):
        clerk.get(page_of(visit))
