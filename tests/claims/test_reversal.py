"""A settlement taken back: once, exactly, in any order, and nothing else moves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from bureau.models import ActionRecord, PoolingArea
from claims.settlement.models import ADDS, AMOUNTS, Settlement
from claims.settlement.services import reversal, settlement
from facilities.models import Institution
from members import ledger
from members.models import Member
from tests import cast
from tests.claims import desk
from tests.claims.desk import balance_of, settle, year_of

pytestmark = pytest.mark.usefixtures("policies")
DAY = desk.DAY
NOTHING = ("0.00", "0.00", "0.00")


@pytest.fixture
def area() -> PoolingArea:
    return cast.area("150600")


@pytest.fixture
def zhang(area: PoolingArea) -> Member:
    return cast.zhang(area=area, balance="700.00")


@pytest.fixture
def hospital(area: PoolingArea) -> Institution:
    return cast.tertiary_hospital(area=area)


def take_back(made: Settlement, on: date = DAY) -> Settlement:
    return reversal.reverse(made, reason="entered twice", by=None, on=on)


def test_it_gives_back_all_that_was_taken(zhang: Member, hospital: Institution) -> None:
    made = settle(zhang, hospital, DAY, "3000.00", from_account=True)
    assert (year_of(zhang), balance_of(zhang)) == (("3000.00", "1000.00", "1300.00"), "0.00")
    mirror = take_back(made)
    assert (year_of(zhang), balance_of(zhang)) == (NOTHING, "700.00")
    assert all(getattr(mirror, name) == -getattr(made, name) for name in (*AMOUNTS, *ADDS))


def test_it_leaves_a_record_of_who_and_why(zhang: Member, hospital: Institution) -> None:
    clerk = cast.clerk()
    made = settle(zhang, hospital, DAY, "3000.00")
    mirror = reversal.reverse(made, reason=" wrong member ", by=clerk, on=DAY)
    row = ActionRecord.objects.get(action="settlement reversed")
    assert (row.actor, row.detail, row.area_id) == (clerk, {"reason": "wrong member"}, "150600")
    assert (mirror.made_by, mirror.note) == (clerk, "wrong member")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_nothing_is_left(
    order: tuple[int, ...], zhang: Member, hospital: Institution
) -> None:
    made = [settle(zhang, hospital, DAY, amount, from_account=True) for amount in (700, 900, 5000)]
    for place in order:
        take_back(made[place])
    desk.check_at_commit()
    assert (year_of(zhang), balance_of(zhang)) == (NOTHING, "700.00")


def test_later_settlements_stay_as_they_are(zhang: Member, hospital: Institution) -> None:
    first = settle(zhang, hospital, DAY, "1000.00")
    second = settle(zhang, hospital, DAY, "1000.00")
    take_back(first)
    second.refresh_from_db()
    assert (second.deductible, second.fund) == (Decimal(0), Decimal("650.00"))
    assert year_of(zhang) == ("1000.00", "0.00", "650.00")


def test_the_deductible_given_back_is_owed_again(zhang: Member, hospital: Institution) -> None:
    take_back(settle(zhang, hospital, DAY, "1000.00"))
    assert settle(zhang, hospital, DAY, "1200.00").deductible == Decimal("1000.00")


def test_the_cap_given_back_can_be_used_again(zhang: Member, hospital: Institution) -> None:
    made = settle(zhang, hospital, DAY, "20000.00")
    assert settle(zhang, hospital, DAY, "100.00").fund == 0
    take_back(made)
    assert settle(zhang, hospital, DAY, "20000.00").fund == Decimal("5000.00")
    assert year_of(zhang)[2] == "5000.00"


def test_across_the_years_end_it_counts_in_the_year_of_service(
    zhang: Member, hospital: Institution
) -> None:
    made = settle(zhang, hospital, date(2023, 12, 30), "3000.00")
    settle(zhang, hospital, date(2024, 1, 2), "1500.00")
    take_back(made, on=date(2024, 1, 3))
    assert year_of(zhang, 2023) == NOTHING
    assert year_of(zhang, 2024) == ("1500.00", "1000.00", "325.00")


def test_a_balance_spent_since_is_given_back_all_the_same(
    zhang: Member, hospital: Institution
) -> None:
    made = settle(zhang, hospital, DAY, "500.00", from_account=True)
    settle(zhang, hospital, DAY, "200.00", from_account=True)
    assert balance_of(zhang) == "0.00"
    take_back(made)
    assert balance_of(zhang) == "500.00"


def test_a_closed_account_is_given_back_what_it_paid(zhang: Member, hospital: Institution) -> None:
    made = settle(zhang, hospital, DAY, "500.00", from_account=True)
    ledger.pay(zhang.account, Decimal(200), key="closing", on=DAY, kind="pay_out")
    zhang.account.closed_on = DAY
    zhang.account.save(update_fields=["closed_on"])
    take_back(made)
    assert balance_of(zhang) == "500.00"


def test_it_is_taken_back_after_death_too(zhang: Member, hospital: Institution) -> None:
    made = settle(zhang, hospital, DAY, "3000.00", from_account=True)
    zhang.person.died_on = DAY
    zhang.person.save()
    take_back(made)
    assert (year_of(zhang), balance_of(zhang)) == (NOTHING, "700.00")


def test_a_rejected_bill_can_be_taken_back(zhang: Member, area: PoolingArea) -> None:
    pharmacy = cast.pharmacy(area=area)
    refused = settle(zhang, pharmacy, DAY, "60.00", from_account=True)
    assert (refused.reason, balance_of(zhang)) == ("no_prescription", "640.00")
    take_back(refused)
    assert (year_of(zhang), balance_of(zhang)) == (NOTHING, "700.00")


def test_a_second_time_it_is_refused_in_words(zhang: Member, hospital: Institution) -> None:
    made = settle(zhang, hospital, DAY, "3000.00")
    mirror = take_back(made)
    with pytest.raises(reversal.CannotReverse, match=made.number):
        take_back(made)
    with pytest.raises(reversal.CannotReverse, match=mirror.number):
        take_back(mirror)


def test_it_wants_a_reason_and_a_later_day(zhang: Member, hospital: Institution) -> None:
    made = settle(zhang, hospital, DAY, "3000.00")
    with pytest.raises(reversal.CannotReverse):
        reversal.reverse(made, reason="  ", by=None, on=DAY)
    with pytest.raises(reversal.CannotReverse, match="2023-03-01"):
        reversal.reverse(made, reason="wrong", by=None, on=date(2023, 2, 28))


def test_its_lines_can_be_settled_again(zhang: Member, hospital: Institution) -> None:
    visit = desk.visit(zhang, hospital, DAY, "3000.00", "20.00")
    first = settlement.settle(visit, by=None, on=DAY)
    take_back(first)
    again = settlement.settle(visit, by=None, on=DAY)
    assert (again.fund, again.number != first.number) == (first.fund, True)
    assert {line.settled_by_id for line in visit.lines.all()} == {again.pk}
