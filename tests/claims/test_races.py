"""Many clerks at one member, with a connection each: nothing is doubled, no cap is passed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from bureau.models import PoolingArea
from claims.settlement.models import Settlement
from claims.settlement.services import reversal, settlement
from claims.settlement.services.explaining import explained
from facilities.models import Institution
from members import ledger
from members.models import Account, Entry, Member, YearTotal
from policies.models import PolicyVersion
from policies.services import publishing
from tests import cast
from tests.claims import desk
from tests.claims.desk import TransactionalDesk

DAY = desk.DAY
CLERKS = 12


@pytest.fixture
def area(clerks: TransactionalDesk) -> PoolingArea:
    return cast.area("150600")


@pytest.fixture
def zhang(area: PoolingArea) -> Member:
    return cast.zhang(area=area, balance="2000.00")


@pytest.fixture
def hospital(area: PoolingArea) -> Institution:
    return cast.tertiary_hospital(area=area)


def sums_of(member: Member) -> dict[str, Decimal]:
    """What all settlements and reversals of a member add, and what they took from the account."""
    found = Settlement.objects.filter(member=member).aggregate(
        **{name: Sum(f"adds_{name}", default=Decimal(0)) for name in TOTALS},
        account=Sum("account", default=Decimal(0)),
    )
    return dict(found)


TOTALS = ("eligible", "deductible", "fund", "counted")


def assert_consistent(member: Member, *, cap: str) -> None:
    """Totals are the sum of settlements, balances that of entries; no cap passed at any moment."""
    sums = sums_of(member)
    year = YearTotal.objects.get(member=member, care="outpatient", year=2023)
    assert {name: getattr(year, name) for name in TOTALS} == {name: sums[name] for name in TOTALS}
    account = Account.objects.get(member=member)
    entries = Entry.objects.filter(account=account).aggregate(held=Sum("amount"))
    assert account.balance == entries["held"] >= 0
    for made in Settlement.objects.filter(member=member, reverses=None):
        assert made.counted_before + made.adds_counted <= Decimal(cap)
        assert explained(made).comes_out_again


def test_the_cap_is_reached_exactly(
    clerks: TransactionalDesk, zhang: Member, hospital: Institution
) -> None:
    visits = [desk_visit(zhang, hospital, "777.77") for _ in range(24)]
    made = clerks.at_once([settling(visit) for visit in visits], clerks=16)
    assert all(isinstance(one, Settlement) for one in made), made
    assert sums_of(zhang)["fund"] == Decimal("5000.00")
    assert sums_of(zhang)["deductible"] == Decimal("1000.00")
    assert_consistent(zhang, cap="5000.00")


def test_one_bill_is_settled_once(
    clerks: TransactionalDesk, zhang: Member, hospital: Institution
) -> None:
    visit = desk_visit(zhang, hospital, "3000.00")
    made = clerks.at_once([settling(visit, from_account=True)] * CLERKS, clerks=CLERKS)
    assert Counter(map(type, made)) == {Settlement: 1, settlement.NothingToSettle: CLERKS - 1}
    assert_consistent(zhang, cap="5000.00")


def test_one_reversal_wins_and_the_others_are_told(
    clerks: TransactionalDesk, zhang: Member, hospital: Institution
) -> None:
    made = settling(desk_visit(zhang, hospital, "3000.00"), from_account=True)()
    tries = clerks.at_once([reversing(made)] * CLERKS, clerks=CLERKS)
    assert Counter(map(type, tries)) == {Settlement: 1, reversal.CannotReverse: CLERKS - 1}
    assert sums_of(zhang)["fund"] == 0
    assert_consistent(zhang, cap="5000.00")


def test_settling_reversing_and_paying_at_once(
    clerks: TransactionalDesk, zhang: Member, hospital: Institution
) -> None:
    """Whatever runs at once, in whatever order: what is refused is told, nothing is lost."""
    chance = Random(20230301)
    standing = [settling(desk_visit(zhang, hospital, "900.00"), from_account=True)() for _ in "123"]
    deeds: list[Any] = [reversing(made) for made in standing * 2]
    for number in range(18):
        amount = f"{chance.randint(100, 90_000) / 100:.2f}"
        visit = desk_visit(zhang, hospital, amount)
        deeds.append(settling(visit, from_account=number % 2 == 0))
        deeds.append(paying(zhang, Decimal(chance.randint(1, 15_000)) / 100, f"shop:{number}"))
    chance.shuffle(deeds)
    results = clerks.at_once(deeds, clerks=8)
    told = {reversal.CannotReverse, ledger.InsufficientBalanceError}
    assert {type(one) for one in results} <= {Settlement, Entry} | told
    assert Settlement.objects.filter(reverses__isnull=False).count() == len(standing)
    assert_consistent(zhang, cap="5000.00")


def test_members_do_not_wait_for_each_other_for_ever(
    clerks: TransactionalDesk, area: PoolingArea, hospital: Institution
) -> None:
    people = [cast.zhang(area=area, balance="100.00") for _ in range(4)]
    visits = [desk_visit(one, hospital, "1500.00") for one in people * 4]
    made = clerks.at_once([settling(visit, from_account=True) for visit in visits], clerks=8)
    assert all(isinstance(one, Settlement) for one in made), made
    for one in people:
        assert_consistent(one, cap="5000.00")


def test_a_version_does_not_end_under_a_settlement_that_is_being_made(
    clerks: TransactionalDesk, zhang: Member, hospital: Institution
) -> None:
    version = PolicyVersion.objects.get(area="150600", subject="benefit")
    end = waiting(lambda: publishing.end_early(version, until=DAY, by=None))
    with transaction.atomic():
        settling(desk_visit(zhang, hospital, "3000.00"))()
        assert not end.done_within(0.3)
    assert isinstance(end.result(), Exception)
    version.refresh_from_db()
    assert version.in_force_until == date(2027, 10, 1)


def test_a_death_waits_for_the_settlement_that_is_being_made(
    clerks: TransactionalDesk, zhang: Member, hospital: Institution
) -> None:
    person = zhang.person

    def record() -> None:
        person.died_on = date(2023, 2, 1)
        person.save()

    death = waiting(record)
    with transaction.atomic():
        made = settling(desk_visit(zhang, hospital, "3000.00"))()
        assert not death.done_within(0.3)
    assert death.result() is None
    later = settling(desk_visit(zhang, hospital, "3000.00"))()
    assert (made.reason, later.reason) == ("", "not_insured")


# What the clerks do


def desk_visit(member: Member, institution: Institution, amount: str) -> Any:
    return desk.visit(member, institution, DAY, amount)


def settling(visit: Any, **given: Any) -> Any:
    return lambda: settlement.settle(visit, by=None, on=DAY, **given)


def reversing(made: Settlement) -> Any:
    return lambda: reversal.reverse(made, reason="wrong", by=None, on=DAY)


def paying(member: Member, amount: Decimal, key: str) -> Any:
    account = Account.objects.get(member=member)
    return lambda: ledger.pay(account, amount, key=key, on=DAY)


class waiting:  # noqa: N801 - reads as what it does
    """A deed that another connection does meanwhile, once it is looked at."""

    def __init__(self, deed: Any) -> None:
        self._done = Event()
        self._result: Any = None
        self._thread = Thread(target=self._do, args=(deed,))

    def done_within(self, seconds: float) -> bool:
        self._thread.start()
        return self._done.wait(seconds)

    def result(self) -> Any:
        self._thread.join(10)
        return self._result

    def _do(self, deed: Any) -> None:
        self._result = desk.done(deed)
        self._done.set()
