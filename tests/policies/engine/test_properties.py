"""What holds for every policy, member and bill."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine import settle
from policies.engine.bill import Used
from policies.engine.checks import problems
from policies.engine.rows import Cap, Deductible, Ratio, Terms
from policies.engine.series import Amount
from policies.engine.vocabulary import Label
from tests import generators
from tests.policies.engine.invented import add, pay, tables, yuan_cap

seeds = st.integers(0, 2**32)
quick = settings(max_examples=40, deadline=None, database=None, derandomize=True)
BILLS = 8


def answers(seed: int):
    """Random bills under a random policy, with their answers."""
    rng = Random(seed)
    policy, series = generators.benefit_of(rng, Counter()), generators.figures(rng)
    for _ in range(BILLS):
        asked = generators.asked_of(rng)
        yield policy, series, asked, settle(policy, asked.bill, asked.person, asked.used, series)


@quick
@given(seeds)
def test_the_parts_add_up(seed):
    for _, _, asked, found in answers(seed):
        assert found.total == sum(line.amount for line in asked.bill.lines)
        split = found.self_funded + found.over_standard + found.pre_self_pay + found.eligible
        assert found.total == split
        below = found.deductible + found.fund + found.own_share + found.above_cap
        assert found.eligible == below
        assert found.total == found.fund + found.account + found.cash
        assert found.personal == found.account + found.cash


@quick
@given(seeds)
def test_no_part_is_negative_and_the_fund_pays_no_more_than_is_eligible(seed):
    for _, _, asked, found in answers(seed):
        assert all(part >= 0 for part in found[:12])
        assert all(part >= 0 for part in found.adds)
        assert found.fund <= found.eligible
        assert found.account <= asked.person.account_can_pay


@quick
@given(seeds)
def test_no_cap_is_passed(seed):
    for _, _, asked, found in answers(seed):
        room = found.room
        if room is not None and room.limit is not None and room.before <= room.limit:
            assert room.before + found.adds.counted <= room.limit
        if room is not None and room.overall_limit is not None:
            assert found.adds.overall <= max(room.overall_limit - asked.used.overall, 0)


@quick
@given(seeds)
def test_the_order_of_lines_changes_nothing(seed):
    for policy, series, asked, found in answers(seed):
        backwards = asked.bill._replace(lines=asked.bill.lines[::-1])
        other = settle(policy, backwards, asked.person, asked.used, series)
        assert other._replace(lines=()) == found._replace(lines=())


@quick
@given(seeds)
def test_the_steps_carry_every_fen_that_the_fund_pays(seed):
    paying = {Label.BAND, Label.ABOVE_CAP, Label.ITEM}
    for _, _, _, found in answers(seed):
        reckoned = sum(step.amount for step in found.steps if step.label in paying)
        capped = [step.amount for step in found.steps if step.label == Label.CAP]
        if capped:
            bands = sum(step.amount for step in found.steps if step.label == Label.BAND)
            reckoned += capped[0] - bands
        assert reckoned == found.fund


@quick
@given(seeds, st.integers(1, 300_000))
def test_a_dearer_bill_raises_what_the_fund_pays_by_no_more_than_itself(seed, more):
    for policy, series, asked, found in answers(seed):
        if asked.bill.lines:
            first, *rest = asked.bill.lines
            dearer = first._replace(amount=first.amount + more)
            bill = asked.bill._replace(lines=(dearer, *rest))
            other = settle(policy, bill, asked.person, asked.used, series)
            assert other.total - found.total == more
            if not policy.care("outpatient").items:
                assert other.eligible >= found.eligible
                assert other.fund - found.fund <= other.eligible - found.eligible + 3


BANDS = [
    Ratio(share=400_000, band_until=100_000),
    Ratio(share=600_000, band_from=100_000, band_until=500_000),
    Ratio(share=650_000, band_from=500_000),
]
POLICIES = {
    "bands": tables(ratios=BANDS),
    "deductible": tables(deductibles=[Deductible(amount=30_000)], ratios=BANDS),
    "after the deductible": tables(
        Terms(band_basis="after_deductible"), deductibles=[Deductible(amount=30_000)], ratios=BANDS
    ),
    "cap": tables(ratios=BANDS, caps=[yuan_cap("1700")]),
    "cap on spending": tables(Terms(cap_basis="eligible"), ratios=BANDS, caps=[yuan_cap("6000")]),
    "further share": tables(ratios=BANDS, caps=[yuan_cap("1700", above=300_000)]),
}


@quick
@given(st.sampled_from(sorted(POLICIES)), st.lists(st.integers(1, 200_000), min_size=2, max_size=8))
def test_many_visits_pay_as_one_within_a_fen_a_band(name, amounts):
    policy = POLICIES[name]
    at_once = pay(policy, f"{sum(amounts) / 100:.2f}")
    used, fund, deductible = Used(), 0, 0
    for amount in amounts:
        outcome = pay(policy, f"{amount / 100:.2f}", used=used)
        fund, deductible = fund + outcome.fund, deductible + outcome.deductible
        used = add(used, outcome)
    assert deductible == at_once.deductible
    assert abs(fund - at_once.fund) <= len(amounts) * (len(BANDS) + 1)


@quick
@given(st.integers(0, 3_000_000), st.integers(0, 3_000_000))
def test_a_higher_cap_never_pays_less(one, other):
    low, high = sorted((one, other))
    paid = [
        pay(
            tables(ratios=BANDS, caps=[Cap(amount=Amount(fixed=limit))]),
            "9000",
            used=Used(counted=50_000),
        ).fund
        for limit in (low, high)
    ]
    assert paid[0] <= paid[1]


def test_generated_policies_are_decided():
    """No gap and no overlap, or the properties would test less than they say."""
    for seed in range(20):
        policy = generators.benefit_of(Random(seed), Counter())
        gaps = [one for one in problems(policy) if one.table in ("deductibles", "caps")]
        assert gaps == []
