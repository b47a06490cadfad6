"""Deductibles (起付标准): by the year or the visit, shared or of an own account, with a ceiling."""

import pytest

from policies.engine.bill import Used
from policies.engine.money import fen
from policies.engine.rows import Deductible, Terms
from tests.policies.engine.invented import (
    COMMUNITY,
    LI,
    TERTIARY,
    ZHANG,
    add,
    pay,
    same_visit,
    tables,
    yuan_cap,
)

BY_TIER = [
    Deductible(tiers=(0, 1)),
    Deductible(tiers=(2,), amount=fen(500)),
    Deductible(tiers=(3,), amount=fen(800), article="QD-2.1"),
]
SECONDARY = TERTIARY._replace(tier=2)


@pytest.mark.parametrize(
    ("amount", "borne", "fund"),
    [("799.99", "799.99", "0"), ("800", "800", "0"), ("800.01", "800", "0.01")],
    ids=["a fen below", "exact", "a fen above"],
)
def test_the_fund_pays_from_the_first_fen_above_the_deductible(amount, borne, fund):
    outcome = pay(tables(deductibles=BY_TIER), amount)
    assert (outcome.deductible, outcome.fund) == (fen(borne), fen(fund))


def test_who_changes_institution_owes_only_what_the_higher_one_asks_more():
    policy = tables(deductibles=BY_TIER)
    first = pay(policy, "600", where=SECONDARY)
    used = add(Used(), first)
    second = pay(policy, "1000", used=used)
    third = pay(policy, "1000", where=SECONDARY, used=add(used, second))
    assert [one.deductible for one in (first, second, third)] == [fen(500), fen(300), 0]


def test_a_deductible_by_the_visit_is_owed_again_at_the_next_visit():
    policy = tables(Terms(deductible_period="visit"), deductibles=[Deductible(amount=fen(80))])
    used = add(Used(), pay(policy, "100"))
    assert pay(policy, "100", used=used).deductible == fen(80)


def test_a_visit_settled_in_parts_bears_its_deductible_once():
    policy = tables(Terms(deductible_period="visit"), deductibles=[Deductible(amount=fen(80))])
    first = pay(policy, "50")
    second = pay(policy, "50", used=same_visit(Used(), first))
    assert (first.deductible, second.deductible) == (fen(50), fen(30))


@pytest.mark.parametrize(
    ("before", "borne"), [("219.99", "80"), ("220", "80"), ("220.01", "79.99"), ("300", "0")]
)
def test_a_deductible_by_the_visit_may_stop_at_a_yearly_ceiling(before, borne):
    row = Deductible(amount=fen(80), yearly_ceiling=fen(300))
    policy = tables(Terms(deductible_period="visit"), deductibles=[row])
    used = Used(eligible=fen(1000), deductible=fen(before))
    assert pay(policy, "500", used=used).deductible == fen(borne)


def test_a_named_account_and_the_shared_one_do_not_use_each_other_up():
    policy = tables(
        deductibles=[
            Deductible(community=False, amount=fen(300)),
            Deductible(community=True, amount=fen(100), account="community"),
        ]
    )
    first = pay(policy, "1000", where=COMMUNITY)
    used = add(Used(), first)
    second = pay(policy, "1000", used=used)
    third = pay(policy, "1000", where=COMMUNITY, used=add(used, second))
    assert [one.deductible for one in (first, second, third)] == [fen(100), fen(300), 0]
    assert [one.deductible_account for one in (first, second)] == ["community", ""]


def test_a_yearly_ceiling_holds_for_all_accounts_together():
    policy = tables(deductibles=[Deductible(amount=fen(300), account="a", yearly_ceiling=fen(400))])
    used = Used(eligible=fen(350), deductible=fen(350))
    assert pay(policy, "1000", used=used).deductible == fen(50)


def test_deductibles_may_differ_by_age():
    policy = tables(
        deductibles=[Deductible(age_until=60, amount=fen(200)), Deductible(age_from=60)]
    )
    assert pay(policy, "500", person=ZHANG).deductible == fen(200)
    assert pay(policy, "500", person=LI).deductible == 0


def test_a_deductible_is_borne_even_when_the_cap_is_spent():
    policy = tables(deductibles=BY_TIER, caps=[yuan_cap("1700")])
    outcome = pay(policy, "1000", used=Used(counted=fen(1700)))
    assert (outcome.deductible, outcome.fund, outcome.above_cap) == (fen(800), 0, fen(100))
