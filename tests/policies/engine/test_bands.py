"""Bands (费用段) on what is eligible, on what is left after the deductible, or on the visit."""

from datetime import date

import pytest

from policies.engine.bill import Used
from policies.engine.errors import NoRow, NoTerms, TwoRows
from policies.engine.money import fen, millionths
from policies.engine.rows import Adjustment, Deductible, Ratio, Terms
from policies.engine.vocabulary import Label
from tests.policies.engine.invented import COMMUNITY, LI, TERTIARY, pay, same_visit, tables


def ratio(share: str, low: str = "0", high: str | None = None, **columns) -> Ratio:
    until = None if high is None else fen(high)
    return Ratio(share=millionths(share), band_from=fen(low), band_until=until, **columns)


NJ = [ratio("0.4", "0", "1000"), ratio("0.6", "1000", "5000"), ratio("0.65", "5000", "15000")]


@pytest.mark.parametrize(
    ("before", "amount", "fund"),
    [
        ("0", "999.99", "400"),
        ("0", "1000", "400"),
        ("0", "1000.02", "400.01"),
        ("999.99", "0.02", "0.01"),
        ("4999.99", "0.01", "0.01"),
        ("5000", "100", "65"),
        ("14999.99", "0.01", "0.01"),
    ],
)
def test_bands_count_what_was_eligible_this_year(before, amount, fund):
    assert pay(tables(ratios=NJ), amount, used=Used(eligible=fen(before))).fund == fen(fund)


def test_above_the_last_band_nothing_is_paid_and_a_step_says_so():
    outcome = pay(tables(ratios=NJ), "200", used=Used(eligible=fen("14900")))
    assert outcome.fund == fen(65)
    (step,) = [step for step in outcome.steps if step.label == Label.NO_BENEFIT]
    assert step.base == fen(100)


def test_the_deductible_takes_the_first_part_of_the_bands():
    policy = tables(deductibles=[Deductible(amount=fen(300))], ratios=NJ)
    assert pay(policy, "1500").fund == fen(700 * 0.4 + 500 * 0.6)


def test_bands_may_begin_after_the_deductible():
    policy = tables(
        Terms(band_basis="after_deductible"), deductibles=[Deductible(amount=fen(300))], ratios=NJ
    )
    assert pay(policy, "1500").fund == fen(1000 * 0.4 + 200 * 0.6)
    used = Used(eligible=fen(1500), deductible=fen(300))
    assert pay(policy, "100", used=used).fund == fen(60)


def test_bands_on_the_visit_begin_anew_with_each_visit():
    policy = tables(Terms(band_basis="visit"), ratios=NJ)
    first = pay(policy, "800")
    anew = pay(policy, "800", used=Used(eligible=fen(800)))
    going_on = pay(policy, "800", used=same_visit(Used(), first))
    assert [one.fund for one in (first, anew, going_on)] == [
        fen(320),
        fen(320),
        fen(200 * 0.4 + 600 * 0.6),
    ]


def test_a_ratio_may_drop_above_a_threshold_and_never_stop():
    policy = tables(ratios=[ratio("0.7", "0", "2000"), ratio("0.3", "2000")])
    assert pay(policy, "1000000").fund == fen(1400) + fen(998_000 * 0.3)


def test_points_are_added_for_the_retired():
    plus_five = Adjustment(statuses=("retired",), points=millionths("0.05"), article="QD-2.1")
    policy = tables(ratios=[ratio("0.45")], adjustments=[plus_five])
    outcome = pay(policy, "100", person=LI)
    assert outcome.fund == fen(50)
    (step,) = [step for step in outcome.steps if step.label == Label.BAND]
    assert (step.rate, step.note, step.article) == (500_000, "45%+5%", "QD-2.1")
    assert pay(policy, "100").fund == fen(45)


def test_points_are_taken_off_without_a_referral():
    policy = tables(adjustments=[Adjustment(referred=False, points=-millionths("0.1"))])
    referred = LI._replace(referred=True)
    assert pay(policy, "100", person=LI).fund == fen(40)
    assert pay(policy, "100", person=referred).fund == fen(50)


def test_a_factor_out_of_the_area_comes_after_all_points():
    policy = tables(
        adjustments=[
            Adjustment(places=("elsewhere",), factor=millionths("0.9")),
            Adjustment(family_doctor=True, points=millionths("0.1")),
        ]
    )
    away = TERTIARY._replace(place="elsewhere")
    outcome = pay(policy, "100", person=LI._replace(family_doctor=True), where=away)
    assert outcome.fund == fen(54)
    assert [s.note for s in outcome.steps if s.label == Label.BAND] == ["(50%+10%)×90%"]


def test_factors_multiply_exactly_and_round_once():
    factors = [Adjustment(factor=333_333), Adjustment(factor=999_999), Adjustment(factor=500_001)]
    shares = {
        pay(tables(adjustments=order), "1000000").fund
        for order in (factors, factors[::-1], [factors[1], factors[2], factors[0]])
    }
    assert shares == {fen("83333")}


def test_a_share_stays_within_nothing_and_everything():
    more = tables(adjustments=[Adjustment(points=600_000)])
    less = tables(adjustments=[Adjustment(points=-600_000)])
    assert (pay(more, "100").fund, pay(less, "100").fund) == (fen(100), 0)


def test_a_special_group_and_a_community_may_have_terms_of_their_own():
    policy = tables(
        adjustments=[
            Adjustment(special_groups=("model_worker",), points=100_000),
            Adjustment(community=True, points=50_000),
        ]
    )
    honoured = LI._replace(special_groups=frozenset({"model_worker"}))
    assert pay(policy, "100", person=honoured, where=COMMUNITY).fund == fen(65)


@pytest.mark.parametrize(
    ("day", "fund"), [(date(2023, 3, 31), "45"), (date(2023, 4, 1), "50")], ids=["march", "april"]
)
def test_an_age_bracket_from_the_month_after_the_birthday(day, fund):
    policy = tables(
        Terms(age_rule="month_after"),
        ratios=[ratio("0.45", age_until=70), ratio("0.5", age_from=70)],
    )
    seventy = LI._replace(born=date(1953, 3, 15))
    assert pay(policy, "100", person=seventy, day=day).fund == fen(fund)


def test_a_pharmacy_may_have_its_own_terms_or_those_of_the_prescriber():
    rows = [ratio("0.5", kinds=("hospital",)), ratio("0.3", kinds=("pharmacy",))]
    pharmacy = TERTIARY._replace(kind="pharmacy")
    own, prescriber = (Terms(pharmacy_terms=one) for one in ("own", "prescriber"))
    assert pay(tables(own, ratios=rows), "100", where=pharmacy).fund == fen(30)
    assert pay(tables(prescriber, ratios=rows), "100", where=pharmacy).fund == fen(50)


def test_what_the_tables_do_not_decide_is_an_error():
    with pytest.raises(NoRow, match="ratio"):
        pay(tables(ratios=[ratio("0.5", statuses=("retired",))]), "100")
    with pytest.raises(TwoRows, match="2 rows of the ratio table"):
        pay(tables(ratios=[ratio("0.5"), ratio("0.6", "100")]), "100")
    with pytest.raises(NoRow, match="deductible"):
        pay(tables(deductibles=[]), "100")
    with pytest.raises(NoTerms, match="chronic"):
        pay(tables(), "100", care="chronic")
