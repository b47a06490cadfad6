"""Years of people, told visit by visit, with what the year stands at after each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims.settlement.models import Settlement
from claims.settlement.services import reversal, settlement
from members.models import Filing, SignedContract, Stay
from tests import cast
from tests.claims import desk
from tests.claims.desk import balance_of, settle, year_of

pytestmark = pytest.mark.usefixtures("policies")


def paid(made: Settlement) -> tuple[str, str, str, str]:
    """Deductible borne, and what fund, account and cash paid."""
    return str(made.deductible), str(made.fund), str(made.account), str(made.cash)


def test_a_year_of_li_the_retiree() -> None:
    """Ordos: 1000 yuan first, then 70 or 80 or 90 %, until the fund has paid 6000."""
    area = cast.area("150600")
    li = cast.li(area=area, balance="900.00")
    hospital = cast.tertiary_hospital(area=area)
    county = cast.institution(area=area, tier=2)
    station = cast.community_station(area=area)
    pharmacy = cast.pharmacy(area=area)

    winter = settle(li, hospital, date(2023, 1, 10), "600.00", from_account=True)
    assert paid(winter) == ("600.00", "0.00", "600.00", "0.00")
    assert (year_of(li), balance_of(li)) == (("600.00", "600.00", "0.00"), "300.00")

    spring = settle(li, hospital, date(2023, 3, 2), "900.00", from_account=True)
    assert paid(spring) == ("400.00", "350.00", "300.00", "250.00")
    assert (year_of(li), balance_of(li)) == (("1500.00", "1000.00", "350.00"), "0.00")

    station_visit = settle(li, station, date(2023, 4, 5), "33.33")
    assert paid(station_visit) == ("0.00", "30.00", "0.00", "3.33")
    assert year_of(li) == ("1533.33", "1000.00", "380.00")

    written = desk.prescription(li, county, date(2023, 5, 1))
    filled = settle(li, pharmacy, date(2023, 5, 2), "250.00", prescription=written)
    assert paid(filled) == ("0.00", "200.00", "0.00", "50.00")

    without = settle(li, pharmacy, date(2023, 5, 3), "40.00")
    assert (without.reason, paid(without)) == (
        "no_prescription",
        ("0.00", "0.00", "0.00", "40.00"),
    )
    assert year_of(li) == ("1783.33", "1000.00", "580.00")

    operation = settle(li, hospital, date(2023, 9, 9), "8000.00")
    assert paid(operation) == ("0.00", "5420.00", "0.00", "2580.00")
    assert operation.above_cap == Decimal("180.00")
    assert year_of(li) == ("9783.33", "1000.00", "6000.00")

    last = settle(li, station, date(2023, 12, 31), "100.00")
    assert paid(last) == ("0.00", "0.00", "0.00", "100.00")

    new_year = settle(li, station, date(2024, 1, 1), "1000.01")
    assert paid(new_year) == ("1000.00", "0.01", "0.00", "1000.00")
    assert year_of(li, 2024) == ("1000.01", "1000.00", "0.01")
    assert year_of(li) == ("9883.33", "1000.00", "6000.00")


# Thresholds


@pytest.mark.parametrize(
    ("amount", "deductible", "fund"),
    [
        ("999.99", "999.99", "0.00"),
        ("1000.00", "1000.00", "0.00"),
        ("1000.01", "1000.00", "0.01"),
    ],
)
def test_the_deductible_to_the_fen(amount: str, deductible: str, fund: str) -> None:
    area = cast.area("150600")
    made = settle(cast.zhang(area=area), cast.tertiary_hospital(area=area), desk.DAY, amount)
    assert paid(made)[:2] == (deductible, fund)


@pytest.mark.parametrize(
    ("amount", "fund"),
    [
        ("999.99", "400.00"),  # 40 %: 399.996
        ("1000.00", "400.00"),
        ("1000.01", "400.01"),
        ("4999.99", "2799.99"),
        ("5000.00", "2800.00"),
        ("5000.01", "2800.01"),
        ("14999.99", "9299.99"),
        ("15000.00", "9300.00"),
        ("15000.01", "9300.00"),
    ],
)
def test_the_bands_to_the_fen(amount: str, fund: str) -> None:
    area = cast.area("320100")
    made = settle(cast.zhang(area=area), cast.tertiary_hospital(area=area), desk.DAY, amount)
    assert str(made.fund) == fund


@pytest.mark.parametrize("first", ["999.99", "1000.00", "1000.01"])
def test_bands_walked_in_two_visits_pay_as_in_one(first: str) -> None:
    area = cast.area("320100")
    zhang, hospital = cast.zhang(area=area), cast.tertiary_hospital(area=area)
    rest = Decimal("3000.00") - Decimal(first)
    together = settle(zhang, hospital, desk.DAY, first).fund
    together += settle(zhang, hospital, desk.DAY, rest).fund
    assert abs(together - Decimal("1600.00")) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("amount", "fund", "above"),
    [
        ("8692.30", "5000.00", "0.00"),  # 65 % of 7692.30: 4999.995
        ("8692.31", "5000.00", "0.00"),
        ("8692.33", "5000.00", "0.01"),
        ("8700.00", "5000.00", "5.00"),
    ],
)
def test_the_cap_to_the_fen(amount: str, fund: str, above: str) -> None:
    area = cast.area("150600")
    made = settle(cast.zhang(area=area), cast.tertiary_hospital(area=area), desk.DAY, amount)
    assert (str(made.fund), str(made.above_cap)) == (fund, above)


def test_a_cap_below_what_was_used_pays_nothing_and_breaks_nothing() -> None:
    """Shijiazhuang: whoever comes back to work has the lower cap, less what was paid."""
    area = cast.area("130100")
    li = cast.li(area=area)
    hospital = cast.tertiary_hospital(area=area)
    assert settle(li, hospital, date(2023, 2, 1), "4100.00").fund == Decimal("2800.00")
    li.status_changes.create(changed_on=date(2023, 2, 20), status="in_service")
    later = settle(li, hospital, date(2023, 3, 1), "1000.00")
    assert (later.fund, later.limit_amount) == (Decimal(0), Decimal("2500.00"))
    assert later.limit_before == Decimal("2800.00")
    assert year_of(li) == ("5100.00", "100.00", "2800.00")


def test_the_overall_limit_counts_what_the_fund_pays() -> None:
    area = cast.area("130100")
    zhang, hospital = cast.zhang(area=area), cast.tertiary_hospital(area=area)
    made = settle(zhang, hospital, desk.DAY, "1100.00")
    assert year_of(zhang, care="all") == ("0.00", "0.00", "600.00")
    reversal.reverse(made, reason="wrong", by=None, on=desk.DAY)
    assert year_of(zhang, care="all") == ("0.00", "0.00", "0.00")


# Parts of one visit


def test_a_visit_in_parts_bears_its_deductible_once() -> None:
    area = cast.area("140500")
    zhang, hospital = cast.zhang(area=area), cast.tertiary_hospital(area=area)
    visit = desk.visit(zhang, hospital, desk.DAY, "50.00")
    first = settlement.settle(visit, by=None, on=desk.DAY)
    desk.add_line(visit, "130.00", position=2)
    second = settlement.settle(visit, by=None, on=desk.DAY)
    assert (paid(first)[:2], paid(second)[:2]) == (("50.00", "0.00"), ("30.00", "50.00"))


def test_a_part_reversed_gives_the_visit_its_deductible_back() -> None:
    area = cast.area("140500")
    zhang, hospital = cast.zhang(area=area), cast.tertiary_hospital(area=area)
    visit = desk.visit(zhang, hospital, desk.DAY, "50.00")
    first = settlement.settle(visit, by=None, on=desk.DAY)
    desk.add_line(visit, "130.00", position=2)
    settlement.settle(visit, by=None, on=desk.DAY)
    reversal.reverse(first, reason="wrong part", by=None, on=desk.DAY)
    again = settlement.settle(visit, by=None, on=desk.DAY)
    assert paid(again)[:2] == ("50.00", "0.00")
    assert year_of(zhang) == ("180.00", "80.00", "50.00")


def test_only_given_lines_are_settled_and_no_strangers() -> None:
    area = cast.area("140500")
    zhang, hospital = cast.zhang(area=area), cast.tertiary_hospital(area=area)
    visit = desk.visit(zhang, hospital, desk.DAY, "100.00", "200.00")
    other = desk.visit(zhang, hospital, desk.DAY, "10.00")
    one, two = visit.lines.all()
    made = settlement.settle(visit, by=None, on=desk.DAY, lines=[two])
    assert made.total == Decimal("200.00")
    for lines in ([two], [one, two], [other.lines.get()]):
        with pytest.raises(settlement.CannotSettle, match=visit.number):
            settlement.settle(visit, by=None, on=desk.DAY, lines=lines)
    assert settlement.settle(visit, by=None, on=desk.DAY).total == Decimal("100.00")
    with pytest.raises(settlement.NothingToSettle, match=visit.number):
        settlement.settle(visit, by=None, on=desk.DAY)


def test_a_visit_is_not_settled_before_its_day() -> None:
    area = cast.area("140500")
    visit = desk.visit(cast.zhang(area=area), cast.tertiary_hospital(area=area), desk.DAY, "1.00")
    with pytest.raises(settlement.CannotSettle, match=visit.number):
        settlement.settle(visit, by=None, on=date(2023, 2, 28))


# By hand


@pytest.fixture
def unconnected() -> Any:
    """A hospital of another city of Shijiazhuang's province, without direct settlement."""
    return cast.institution(area=None, region="130600", tier=2, direct_settlement=False)


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [(date(2024, 6, 30), ""), (date(2024, 7, 1), "late")],
)
def test_a_claim_by_hand_until_30_june(claimed: date, reason: str, unconnected: Any) -> None:
    zhang = cast.zhang(area=cast.area("130100"))
    online = settle(zhang, unconnected, date(2023, 5, 1), "300.00")
    assert online.reason == "no_direct_settlement"
    by_hand = settle(zhang, unconnected, date(2023, 5, 1), "300.00", channel="hand", on=claimed)
    assert (by_hand.reason, by_hand.claimed_on, by_hand.policy_year) == (reason, claimed, 2023)
    assert by_hand.fund == (Decimal(0) if reason else Decimal("120.00"))


def test_a_claim_by_hand_counts_in_the_year_of_its_day(unconnected: Any) -> None:
    zhang = cast.zhang(area=cast.area("130100"))
    hospital = cast.tertiary_hospital(area=zhang.area)
    settle(zhang, hospital, date(2024, 1, 5), "200.00")
    late = {"channel": "hand", "on": date(2024, 2, 1)}
    settle(zhang, unconnected, date(2023, 12, 30), "300.00", **late)
    assert year_of(zhang, 2023) == ("300.00", "100.00", "120.00")
    assert year_of(zhang, 2024) == ("200.00", "100.00", "60.00")


# Prescriptions, consortia, internet hospitals, centres, filings


def harbour(**fields: Any) -> Any:
    return cast.zhang(area=cast.area("370200"), **fields)


def sign(member: Any, **fields: Any) -> None:
    SignedContract.objects.create(
        member=member, area=member.area, signed_from=date(2023, 1, 1), **fields
    )


def test_a_prescription_has_the_terms_of_who_wrote_it() -> None:
    zhang = harbour()
    station = cast.community_station(area=zhang.area)
    sign(zhang, institution=station)
    pharmacy = cast.pharmacy(area=zhang.area)
    written = desk.prescription(zhang, station)
    made = settle(zhang, pharmacy, desk.DAY, "100.00", prescription=written)
    assert (made.deductible, made.fund) == (Decimal(0), Decimal("75.00"))


@pytest.mark.parametrize("flaw", ["not designated", "later", "run out", "another member's"])
def test_a_prescription_that_does_not_count(flaw: str) -> None:
    zhang = harbour()
    station = cast.community_station(area=zhang.area, designated=flaw != "not designated")
    sign(zhang, institution=station)
    written = desk.prescription(zhang, station)
    day = date(2023, 2, 28) if flaw == "later" else desk.DAY
    if flaw == "run out":
        written.valid_until = day
        written.save()
    visit = desk.visit(zhang, cast.pharmacy(area=zhang.area), day, "100.00", prescription=written)
    if flaw == "another member's":
        visit.prescription.member_id = 0
    assert settlement.settle(visit, by=None, on=day).reason == "no_prescription"


def test_a_consortium_is_signed_as_a_whole() -> None:
    zhang = harbour()
    county = cast.institution(area=zhang.area, tier=2)
    station = cast.community_station(area=zhang.area)
    stranger = cast.community_station(area=zhang.area)
    sign(zhang, consortium=cast.consortium(county, station, area=zhang.area))
    assert settle(zhang, station, desk.DAY, "100.00").fund == Decimal("75.00")
    assert settle(zhang, county, desk.DAY, "600.00").fund == Decimal("60.00")
    assert settle(zhang, stranger, desk.DAY, "100.00").reason == "not_signed"


def test_a_third_party_centre_bills_through_who_ordered() -> None:
    zhang = harbour()
    station = cast.community_station(area=zhang.area)
    sign(zhang, institution=station)
    laboratory = cast.institution(
        "Laboratory", area=zhang.area, is_third_party=True, ordering=station, designated=False
    )
    made = settle(zhang, laboratory, desk.DAY, "100.00")
    desk.check_at_commit()
    assert (made.reason, made.fund) == ("", Decimal("75.00"))


def test_an_internet_hospital_has_the_terms_of_its_physical_one() -> None:
    area = cast.area("140500")
    zhang = cast.zhang(area=area)
    county = cast.institution(area=area, tier=2, charge_class=2)
    online = cast.internet_hospital(county)
    made = settle(zhang, online, desk.DAY, "150.00")
    assert (made.deductible, made.fund) == (Decimal("50.00"), Decimal("55.00"))
    lapsed = cast.internet_hospital(cast.institution(area=area, designated=False))
    assert settle(zhang, lapsed, desk.DAY, "150.00").reason == "not_designated"


def test_elsewhere_a_filing_has_to_cover_place_and_day() -> None:
    zhang = cast.zhang(area=cast.area("320100"))
    away = cast.institution(area=None, region="310115", tier=2)
    period = {"filed_from": date(2023, 3, 1), "filed_until": date(2023, 4, 1)}
    Filing.objects.create(member=zhang, region="310000", **period)
    reasons = {
        day: settle(zhang, away, day, "100.00").reason
        for day in (date(2023, 2, 28), date(2023, 3, 1), date(2023, 3, 31), date(2023, 4, 1))
    }
    assert list(reasons.values()) == ["no_filing", "", "", "no_filing"]


def test_the_day_of_discharge_is_an_inpatient_day() -> None:
    zhang = cast.zhang(area=cast.area("140500"))
    hospital = cast.tertiary_hospital(area=zhang.area)
    stay = {"admitted_on": date(2023, 3, 1), "discharged_on": date(2023, 3, 9)}
    Stay.objects.create(member=zhang, **stay)
    assert settle(zhang, hospital, date(2023, 3, 9), "200.00").reason == "inpatient"
    assert settle(zhang, hospital, date(2023, 3, 10), "200.00").reason == ""


# The account


def test_after_death_the_account_pays_nothing() -> None:
    zhang = cast.zhang(area=cast.area("150600"), balance="500.00")
    zhang.person.died_on = date(2023, 2, 28)
    zhang.person.save()
    hospital = cast.tertiary_hospital(area=zhang.area)
    made = settle(zhang, hospital, desk.DAY, "100.00", from_account=True)
    assert (made.reason, paid(made)) == ("not_insured", ("0.00", "0.00", "0.00", "100.00"))
    assert balance_of(zhang) == "500.00"


def test_a_closed_account_and_a_member_without_one_pay_cash() -> None:
    area = cast.area("150600")
    hospital = cast.tertiary_hospital(area=area)
    zhang, li = cast.zhang(area=area, balance="500.00"), cast.li(area=area, balance=None)
    zhang.account.closed_on = date(2023, 1, 1)
    zhang.account.save(update_fields=["closed_on"])
    for member in (zhang, li):
        made = settle(member, hospital, desk.DAY, "100.00", from_account=True)
        assert paid(made) == ("100.00", "0.00", "0.00", "100.00")


def test_where_no_table_of_purposes_is_in_force_the_account_pays_nothing() -> None:
    """Qingdao's residents have benefits, but no table says what an account may pay."""
    child = harbour(scheme="390", balance="50.00")
    hospital = cast.institution(area=child.area, tier=1)
    made = settle(child, hospital, desk.DAY, "100.00", from_account=True)
    assert paid(made) == ("0.00", "60.00", "0.00", "40.00")
