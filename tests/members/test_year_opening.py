"""A new year: totals at zero, awards for clean years, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from bureau.models import PoolingArea
from bureau.services import batches, batchwork
from claims.settlement.models import BillLine, Visit
from claims.settlement.services import numbering, settlement
from members.models import Entry, Member, YearTotal
from members.services import runs, year_opening
from members.services.enrolment import resume, suspend
from tests import cast
from tests.shipped import policies_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def policies(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Two areas with their shipped policies: one with a health incentive, one without."""
    with policies_in_force(django_db_blocker, "320100", "370200"):
        yield


@pytest.fixture
def area(db: None) -> PoolingArea:
    """An area with a health incentive."""
    return PoolingArea.objects.get(pk="320100")


def awards(member: Member, year: int) -> Decimal:
    """Open a year and return what the member's account was awarded for the one before."""
    enrolled = Member.objects.select_related("person").get(pk=member.pk)
    year_opening.open_year([enrolled], area_id=member.area_id, year=year, as_of=date(year, 1, 1))
    entry = Entry.objects.filter(account=member.account, key=f"incentive:{year - 1}").first()
    return entry.amount if entry else Decimal(0)


def test_clean_years_in_a_row_are_worth_more_up_to_the_most(area: PoolingArea) -> None:
    zhang = cast.zhang(area=area)
    found = [awards(zhang, year) for year in (2023, 2024, 2025, 2026, 2027)]
    assert found == [Decimal(amount) for amount in ("0", "200", "300", "400", "500")]


def test_a_year_with_a_payment_of_the_fund_breaks_the_row(area: PoolingArea) -> None:
    zhang = cast.zhang(area=area)
    paid_in(zhang, 2024)
    assert [awards(zhang, year) for year in (2024, 2025, 2026)] == [200, 0, 200]


def test_a_year_not_insured_throughout_is_not_clean(area: PoolingArea) -> None:
    zhang = cast.zhang(area=area)
    suspension = suspend(zhang, since=date(2024, 3, 1), reason="left work", by=None)
    resume(suspension, on=date(2024, 4, 1), by=None)
    late = cast.zhang(person=cast.person("赵敏"), area=area, since=date(2024, 1, 2))
    assert [awards(zhang, year) for year in (2024, 2025, 2026)] == [200, 0, 200]
    assert [awards(late, year) for year in (2025, 2026)] == [0, 200]


def test_opening_a_year_twice_changes_nothing(area: PoolingArea) -> None:
    zhang = cast.zhang(area=area, balance="12.34")
    for _time in range(2):
        run, _ = batches.start(
            runs.OPEN_YEAR, area, date(2024, 1, 1), by=None, as_of=date(2024, 1, 1)
        )
        while batchwork.work_one():
            pass
        awards(zhang, 2024)
    zhang.account.refresh_from_db()
    assert zhang.account.balance == Decimal("212.34")
    total = YearTotal.objects.get(member=zhang, year=2024)
    assert (total.eligible, total.fund, total.counted) == (0, 0, 0)
    run.refresh_from_db()
    assert run.totals["awards"] == 1


def test_an_area_without_an_incentive_awards_nothing() -> None:
    zhang = cast.zhang(area=PoolingArea.objects.get(pk="370200"))
    assert awards(zhang, 2025) == 0


def paid_in(member: Member, year: int) -> None:
    """Let the fund pay something for the member in a year, by settling a visit."""
    day = date(year, 5, 1)
    visit = Visit.objects.create(
        area_id=member.area_id,
        number=numbering.visit_number(day),
        member=member,
        institution=cast.tertiary_hospital(area=member.area),
        day=day,
    )
    BillLine.objects.create(visit=visit, amount=Decimal(100), price=Decimal(100))
    settlement.settle(visit, by=None, on=day)
