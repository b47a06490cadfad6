"""Caps (最高支付限额): by visit, month, quarter and year; carried over; by formula; above them."""

from datetime import date

import pytest

from policies.engine.bill import Used
from policies.engine.errors import FigureMissing, TwoRows
from policies.engine.money import fen, millionths
from policies.engine.rows import Cap, Deductible, Ratio, Terms
from policies.engine.series import Amount, Figure, Series
from policies.engine.vocabulary import Label
from tests.policies.engine.invented import LI, ZHANG, add, pay, same_visit, tables, yuan_cap


@pytest.mark.parametrize(
    ("before", "fund", "above"),
    [
        ("1649.99", "50", "0"),
        ("1650", "50", "0"),
        ("1650.01", "49.99", "0.01"),
        ("1700", "0", "50"),
    ],
    ids=["a fen to spare", "exact", "a fen short", "spent"],
)
def test_the_fund_stops_at_the_fen_of_a_yearly_cap(before, fund, above):
    outcome = pay(tables(caps=[yuan_cap("1700")]), "100", used=Used(counted=fen(before)))
    assert (outcome.fund, outcome.above_cap) == (fen(fund), fen(above))
    assert outcome.own_share == fen(50)


def test_a_settlement_says_what_the_cap_was_and_what_stood_against_it():
    outcome = pay(tables(caps=[yuan_cap("1700", article="QD-2.1")]), "100", used=Used(counted=5))
    room = outcome.room
    assert (room.period, room.limit, room.before, room.left) == ("year", 170_000, 5, 169_995)
    assert room.article == "QD-2.1"


def test_a_cap_on_spending_counts_what_is_eligible_and_pays_only_within():
    policy = tables(Terms(cap_basis="eligible"), caps=[yuan_cap("15000")])
    outcome = pay(policy, "200", used=Used(counted=fen("14900.01")))
    assert outcome.fund == fen("50")  # half of 99.99, rounded half up
    assert (outcome.above_cap, outcome.adds.counted) == (fen("100.01"), fen("99.99"))


def test_the_deductible_uses_up_a_cap_on_spending():
    policy = tables(
        Terms(cap_basis="eligible"),
        deductibles=[Deductible(amount=fen(100))],
        caps=[yuan_cap("150")],
    )
    outcome = pay(policy, "300")
    assert (outcome.deductible, outcome.fund, outcome.above_cap) == (fen(100), fen(25), fen(150))


def test_retiring_raises_the_cap_from_then_on_less_what_was_paid():
    policy = tables(
        caps=[yuan_cap("5000", statuses=("in_service",)), yuan_cap("6000", statuses=("retired",))]
    )
    used = Used(counted=fen(5000))
    assert pay(policy, "1000", person=ZHANG, used=used).fund == 0
    assert pay(policy, "1000", person=LI, used=used).fund == fen(500)


def test_a_cap_a_visit_holds_for_all_its_parts():
    policy = tables(caps=[yuan_cap("60", period="visit")])
    first = pay(policy, "100")
    second = pay(policy, "100", used=same_visit(Used(), first))
    another = pay(policy, "100", used=add(Used(), first))
    assert [one.fund for one in (first, second, another)] == [fen(50), fen(10), fen(50)]


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_a_cap_that_does_not_carry_over_looks_at_its_own_period(period):
    policy = tables(caps=[yuan_cap("60", period=period)])
    used = Used(counted=fen(500), **{f"{period}_counted": fen(45)})
    assert pay(policy, "100", used=used).fund == fen(15)
    assert pay(policy, "100", used=Used(counted=fen(500))).fund == fen(50)


@pytest.mark.parametrize(
    ("day", "limit"),
    [(date(2024, 1, 31), 100), (date(2024, 2, 1), 200), (date(2024, 12, 31), 1200)],
)
def test_a_monthly_cap_that_carries_over_grows_month_by_month(day, limit):
    policy = tables(caps=[yuan_cap("100", period="month", carries_over=True)])
    outcome = pay(policy, "5000", day=day, used=Used(counted=fen(70)))
    assert (outcome.room.limit, outcome.fund) == (fen(limit), fen(limit - 70))


@pytest.mark.parametrize(
    ("day", "limit"), [(date(2024, 3, 31), 300), (date(2024, 4, 1), 600), (date(2024, 12, 1), 1200)]
)
def test_a_quarterly_cap_that_carries_over_grows_quarter_by_quarter(day, limit):
    policy = tables(caps=[yuan_cap("300", period="quarter", carries_over=True)])
    assert pay(policy, "9000", day=day).fund == fen(limit)


def test_a_policy_year_that_starts_in_july_begins_its_months_there():
    terms = Terms(year_starts=7)
    policy = tables(terms, caps=[yuan_cap("100", period="month", carries_over=True)])
    june, july = (
        pay(policy, "9000", day=date(2024, 6, 30)),
        pay(policy, "9000", day=date(2024, 7, 1)),
    )
    assert (june.policy_year, june.fund) == (2023, fen(1200))
    assert (july.policy_year, july.fund) == (2024, fen(100))
    assert terms.year_from(date(2024, 6, 30)) == date(2023, 7, 1)
    assert terms.quarter_from(date(2024, 6, 30)) == date(2024, 4, 1)
    assert terms.quarter_from(date(2024, 7, 1)) == date(2024, 7, 1)
    assert Terms().quarter_from(date(2024, 12, 31)) == date(2024, 10, 1)
    assert Terms(year_starts=2).quarter_from(date(2025, 1, 5)) == date(2024, 11, 1)


def test_a_yearly_cap_may_carry_over_what_the_year_before_left():
    used = Used(carried=fen(200), counted=fen(1000))
    carrying, plain = (tables(caps=[yuan_cap("1000", carries_over=one)]) for one in (True, False))
    assert pay(carrying, "1000", used=used).fund == fen(200)
    assert pay(plain, "1000", used=used).fund == 0


def test_of_several_caps_the_one_that_leaves_least_holds():
    policy = tables(
        caps=[yuan_cap("1000", article="Y"), yuan_cap("200", period="month", article="M")]
    )
    by_month = pay(policy, "1000", used=Used(counted=fen(300), month_counted=fen(150)))
    by_year = pay(policy, "1000", used=Used(counted=fen(980), month_counted=fen(150)))
    assert (by_month.fund, by_month.room.article) == (fen(50), "M")
    assert (by_year.fund, by_year.room.article) == (fen(20), "Y")


FORMULA = Cap(
    amount=Amount(
        series="average_wage", offset=-1, rate=millionths("0.05"), unit=100, fallback=fen(1700)
    )
)
WAGES = Series({("average_wage", 2023): Figure(fen(110_030))}, date(2024, 8, 1))


def test_a_cap_may_be_a_share_of_a_published_wage():
    outcome = pay(tables(caps=[FORMULA]), "20000", series=WAGES)
    assert (outcome.fund, outcome.provisional) == (fen(5502), False)


def test_until_the_wage_is_published_the_last_fixed_cap_stays_and_the_answer_is_provisional():
    outcome = pay(tables(caps=[FORMULA]), "20000")
    assert (outcome.fund, outcome.provisional) == (fen(1700), True)
    assert outcome.steps[-1].label == Label.PROVISIONAL


def test_a_cap_without_a_figure_or_a_fallback_is_an_error():
    policy = tables(caps=[Cap(amount=FORMULA.amount._replace(fallback=None))])
    with pytest.raises(FigureMissing, match=r"average_wage.*2023"):
        pay(policy, "100")


def test_a_cap_without_an_amount_caps_nothing():
    outcome = pay(tables(caps=[Cap()]), "1000000")
    assert (outcome.fund, outcome.room.limit) == (fen(500_000), None)


def test_above_a_cap_a_further_share_may_be_paid_that_stands_against_no_cap():
    policy = tables(caps=[yuan_cap("100", above=millionths("0.2"))])
    outcome = pay(policy, "500")
    assert outcome.fund == fen(100 + 300 * 0.2)
    assert (outcome.adds.fund, outcome.adds.counted) == (fen(160), fen(100))
    assert outcome.above_cap == fen(150 - 60)
    assert pay(policy, "100", used=Used(counted=fen(100))).fund == fen(20)


def test_a_further_share_is_of_the_spending_behind_what_the_cap_withholds():
    bands = [Ratio(share=800_000, band_until=fen(100)), Ratio(band_from=fen(100), share=400_000)]
    policy = tables(ratios=bands, caps=[yuan_cap("100", above=millionths("0.5"))])
    outcome = pay(
        policy, "200"
    )  # 80 + 40 reckoned; the 20 withheld stand for 50 of the second band
    assert outcome.fund == fen(100 + 25)


def test_spending_that_the_fund_does_not_share_in_gets_no_further_share():
    bands = [Ratio(share=500_000, band_until=fen(100)), Ratio(band_from=fen(100), share=0)]
    policy = tables(ratios=bands, caps=[yuan_cap("40", above=millionths("0.1"))])
    at_once = pay(policy, "300")
    first = pay(policy, "100")
    second = pay(policy, "200", used=add(Used(), first))
    assert at_once.fund == first.fund + second.fund == fen(40) + fen(2)


def overall(amount: str, own: str = "4000") -> list[Cap]:
    return [
        yuan_cap(own, counts_in_overall=True, article="SJZ-17"),
        yuan_cap(amount, scope="overall", article="SJZ-21"),
    ]


@pytest.mark.parametrize(
    ("before", "fund"), [("949.99", "50"), ("950", "50"), ("950.01", "49.99"), ("2000", "0")]
)
def test_what_counts_in_the_overall_limit_is_held_to_it(before, fund):
    outcome = pay(tables(caps=overall("1000")), "100", used=Used(overall=fen(before)))
    assert (outcome.fund, outcome.adds.overall) == (fen(fund), fen(fund))


def test_the_step_names_the_limit_that_held_the_fund_back():
    used = Used(overall=fen(990))
    outcome = pay(tables(caps=overall("1000")), "100", used=used)
    (step,) = [step for step in outcome.steps if step.label == Label.CAP]
    assert (step.base, step.note, step.article) == (fen(1000), "overall", "SJZ-21")
    assert (outcome.room.overall_limit, outcome.room.overall_before) == (fen(1000), fen(990))
    own = pay(tables(caps=overall("1000", own="10")), "100")
    (step,) = [step for step in own.steps if step.label == Label.CAP]
    assert (step.base, step.note, step.article) == (fen(10), "year", "SJZ-17")


def test_a_cap_that_does_not_count_leaves_the_overall_limit_alone():
    policy = tables(caps=[yuan_cap("1800"), yuan_cap("10", scope="overall")])
    outcome = pay(policy, "100", used=Used(overall=fen(10)))
    assert (outcome.fund, outcome.adds.overall, outcome.room.overall_limit) == (fen(50), 0, None)


def test_a_further_share_counts_in_the_overall_limit():
    policy = tables(
        caps=[
            yuan_cap("100", above=millionths("0.2"), counts_in_overall=True),
            yuan_cap("150", scope="overall"),
        ]
    )
    outcome = pay(policy, "1000")
    assert (outcome.fund, outcome.adds.overall) == (fen(150), fen(150))


def test_a_provisional_overall_limit_makes_the_answer_provisional():
    caps = [Cap(counts_in_overall=True), Cap(scope="overall", amount=FORMULA.amount)]
    assert pay(tables(caps=caps), "100").provisional


def test_two_caps_for_one_case_are_an_error():
    with pytest.raises(TwoRows, match="cap table"):
        pay(tables(caps=[yuan_cap("1"), yuan_cap("2")]), "100")
    with pytest.raises(TwoRows, match="overall cap"):
        pay(tables(caps=[*overall("1"), yuan_cap("2", scope="overall")]), "100")
