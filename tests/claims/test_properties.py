"""What holds of any bill: reversing undoes settling, the order of lines is irrelevant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.settlement.models import AMOUNTS, Settlement
from claims.settlement.services import reversal
from claims.settlement.services.explaining import explained
from members.models import Account, Member, YearTotal
from tests import cast
from tests.claims import desk

pytestmark = pytest.mark.usefixtures("policies")
DAY = desk.DAY
EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
AMOUNT = st.decimals("0.01", "9000", places=2)
LINE = st.fixed_dictionaries(
    {
        "amount": AMOUNT,
        "item_class": st.sampled_from("AAABC"),
        "self_pay": st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("0.333333")]),
        "standard": st.none() | AMOUNT,
        "kind": st.sampled_from(["drug", "consultation", "examination"]),
    }
)
BILL = st.lists(LINE, min_size=1, max_size=5)
AREA = st.sampled_from(["130100", "140500", "150600", "320100"])


def standing(member: Member) -> tuple[Any, ...]:
    """The totals of all years and the balance."""
    columns = ("care", "year", "eligible", "deductible", "fund", "counted")
    totals = YearTotal.objects.filter(member=member).order_by("care", "year")
    return (*totals.values_list(*columns), Account.objects.get(member=member).balance)


def amounts(made: Settlement) -> dict[str, Decimal]:
    return {name: getattr(made, name) for name in AMOUNTS}


@EXAMPLES
@given(area=AREA, before=BILL, bill=BILL, from_account=st.booleans())
def test_settling_and_reversing_leaves_all_as_it_was(
    area: str, before: list[Any], bill: list[Any], from_account: bool
) -> None:
    li = cast.li(area=cast.area(area), balance="1234.56")
    hospital = cast.tertiary_hospital(area=li.area)
    desk.settle(li, hospital, DAY, *before, from_account=from_account)
    was = standing(li)
    made = desk.settle(li, hospital, DAY, *bill, from_account=from_account)
    mirror = reversal.reverse(made, reason="a try", by=None, on=DAY)
    desk.check_at_commit()
    assert standing(li) == was
    assert amounts(mirror) == {name: -amount for name, amount in amounts(made).items()}


@EXAMPLES
@given(area=AREA, bill=BILL, order=st.randoms(use_true_random=False))
def test_the_order_of_lines_is_irrelevant(area: str, bill: list[Any], order: Any) -> None:
    shuffled = order.sample(bill, len(bill))
    hospital = cast.tertiary_hospital(area=cast.area(area))
    one, other = (cast.li(area=hospital.area) for _ in "ab")
    made = desk.settle(one, hospital, DAY, *bill)
    assert amounts(desk.settle(other, hospital, DAY, *shuffled)) == amounts(made)


@EXAMPLES
@given(area=AREA, bills=st.lists(BILL, min_size=1, max_size=4))
def test_every_settlement_comes_out_again(area: str, bills: list[Any]) -> None:
    li = cast.li(area=cast.area(area), balance="500.00")
    hospital = cast.tertiary_hospital(area=li.area)
    for bill in bills:
        made = desk.settle(li, hospital, DAY, *bill, from_account=True)
        assert 0 <= made.fund <= made.eligible <= made.total
        assert explained(Settlement.objects.get(pk=made.pk)).comes_out_again
    desk.check_at_commit()
