"""Monthly credits (个人账户划入) and the health incentive (健康激励), told month by month."""

from datetime import date

import pytest

from policies.engine import CreditTables, award, credit
from policies.engine.credit import CreditPerson
from policies.engine.errors import TwoRows
from policies.engine.money import fen, millionths
from policies.engine.rows import Credit, CreditTerms, Incentive
from policies.engine.series import NO_FIGURES, Amount, Figure, Series
from policies.engine.vocabulary import Label

MARCH = date(2024, 3, 1)
ZHANG = CreditPerson(
    date(1985, 5, 1),
    ((date(2008, 7, 1), "in_service"),),
    contribution_base=fen(8000),
    contribution_received=True,
    pension=fen(5000),
    retirement_pension=fen(4500),
    frozen=fen(216),
)
LI = ZHANG._replace(
    born=date(1954, 3, 1),
    statuses=((date(1980, 7, 1), "in_service"), (date(2014, 3, 12), "retired")),
)


def given(person=ZHANG, *rows, month=MARCH, series=NO_FIGURES, **terms):
    return credit(CreditTables(CreditTerms(**terms), rows), person, month, series)


def by_age(rate: str, low: int | None, high: int | None) -> Credit:
    return Credit(
        rule=f"QD-3.8a-{low}",
        base="contribution",
        rate=millionths(rate),
        age_from=low,
        age_until=high,
    )


def test_a_share_of_the_own_base_is_rounded_half_up():
    rule = Credit(rule="A", base="contribution", rate=millionths("0.021"), article="QD-3.8a")
    outcome = given(ZHANG._replace(contribution_base=fen("8000.50")), rule)
    assert outcome.amount == fen("168.01")
    assert outcome.parts == (("A", fen("168.01"), "own", "QD-3.8a", False),)


def test_a_contribution_not_yet_received_gives_nothing_yet():
    rule = Credit(rule="A", base="contribution", rate=20_000)
    for person in (
        ZHANG._replace(contribution_received=False),
        ZHANG._replace(contribution_base=None),
    ):
        outcome = given(person, rule)
        assert (outcome.amount, outcome.reason) == (0, "not_received")


@pytest.mark.parametrize(
    ("month", "rate"),
    [(date(2030, 4, 1), "168"), (date(2030, 5, 1), "200"), (date(2030, 6, 1), "200")],
    ids=["before", "on the first of the month", "after"],
)
def test_the_age_is_that_of_the_first_of_the_month(month, rate):
    rows = [by_age("0.02", None, 35), by_age("0.021", 35, 45), by_age("0.025", 45, None)]
    assert given(ZHANG, *rows, month=month).amount == fen(rate)


def test_the_age_may_count_from_the_month_after():
    rows = [by_age("0.021", None, 45), by_age("0.025", 45, None)]
    may = given(ZHANG, *rows, month=date(2030, 5, 1), age_rule="month_after")
    june = given(ZHANG, *rows, month=date(2030, 6, 1), age_rule="month_after")
    assert (may.amount, june.amount) == (fen(168), fen(200))


WORKING = Credit(rule="W", statuses=("in_service",), base="contribution", rate=20_000)
PENSION = Credit(rule="P", statuses=("retired",), base="pension", rate=25_000, source="pooled")


def test_retired_terms_count_from_the_following_month():
    retiring = ZHANG._replace(statuses=(*ZHANG.statuses, (date(2024, 3, 12), "retired")))
    march, april = (
        given(retiring, WORKING, PENSION, month=one) for one in (MARCH, date(2024, 4, 1))
    )
    assert (march.amount, april.amount) == (fen(160), fen(125))
    assert april.parts[0].source == "pooled"


@pytest.mark.parametrize(
    ("base", "rate", "amount"),
    [
        ("pension", "0.025", "125"),
        ("retirement_pension", "0.054", "243"),
        ("frozen", "0", "216"),
        ("frozen", "0.5", "108"),
    ],
)
def test_other_bases_of_the_members_own(base, rate, amount):
    row = Credit(rule="A", base=base, rate=millionths(rate))
    assert given(LI, row).amount == fen(amount)
    lacking = given(LI._replace(**{base: None}), row)
    assert (lacking.amount, lacking.reason) == (0, "base_missing")


def test_retired_within_a_window_by_the_day_of_retirement():
    rows = [
        Credit(rule="before", base="frozen", retired_until=date(2023, 1, 1)),
        Credit(rule="during", base="fixed", amount=Amount(fixed=1), retired_from=date(2023, 1, 1)),
    ]

    def retired(day: date) -> CreditPerson:
        return LI._replace(statuses=(LI.statuses[0], (day, "retired")))

    assert given(retired(date(2022, 12, 31)), *rows).parts[0].rule == "before"
    assert given(retired(date(2023, 1, 1)), *rows).parts[0].rule == "during"
    assert given(ZHANG, *rows).reason == "no_rule"


PENSIONS = {
    ("average_pension", 2022): Figure(fen(4000)),
    ("average_pension", 2023): Figure(fen(4200), date(2024, 7, 15)),
}
OF_2023 = Credit(
    rule="QD-3.8d",
    base="series",
    amount=Amount(series="average_pension", year=2023, earliest=2022),
    rate=20_000,
    article="QD-3.8d",
)


def test_an_earlier_figure_stands_in_until_the_right_one_is_published():
    before = given(LI, OF_2023, series=Series(PENSIONS, date(2024, 7, 14)))
    after = given(LI, OF_2023, series=Series(PENSIONS, date(2024, 7, 15)))
    assert (before.amount, before.provisional) == (fen(80), True)
    assert (after.amount, after.provisional) == (fen(84), False)
    assert before.steps[-1].label == Label.PROVISIONAL


def test_the_step_shows_the_figure_that_the_rate_is_of():
    step = given(LI, OF_2023, series=Series(PENSIONS, date(2024, 8, 1))).steps[0]
    assert (step.base, step.rate, step.amount) == (fen(4200), 20_000, fen(84))
    assert (step.note, step.article) == ("average_pension", "QD-3.8d")


def test_a_missing_figure_gives_nothing_yet():
    outcome = given(LI, OF_2023)
    assert (outcome.amount, outcome.reason) == (0, "figure_missing")


def test_the_year_before_the_credited_one():
    row = Credit(
        rule="EO-4c", base="series", amount=Amount(series="average_pension", offset=-1), rate=20_000
    )
    figures = Series(PENSIONS, date(2024, 8, 1))
    assert given(LI, row, month=date(2023, 12, 1), series=figures).amount == fen(80)
    assert given(LI, row, month=date(2024, 1, 1), series=figures).amount == fen(84)


def test_a_stated_amount_may_stand_in_for_a_figure():
    row = Credit(
        rule="A", base="series", amount=Amount(series="none", fallback=fen(70)), rate=20_000
    )
    outcome = given(LI, row)
    assert (outcome.amount, outcome.provisional) == (fen(70), True)


def test_a_row_that_gives_nothing_says_so_with_its_article():
    outcome = given(ZHANG, Credit(rule="SJZ-4", base="nothing", article="SJZ-4"))
    assert (outcome.amount, outcome.reason, outcome.parts) == (0, "no_rule", ())
    assert outcome.steps[0].article == "SJZ-4"


def test_an_empty_table_gives_nobody_anything():
    assert given(ZHANG).reason == "no_rule"


def test_a_supplement_comes_on_top_for_a_special_group():
    supplement = Credit(rule="EO-4d", special_groups=("disabled",), supplement=fen(50), on_top=True)
    member = ZHANG._replace(special_groups=frozenset({"disabled"}))
    outcome = given(member, WORKING, supplement)
    assert [(part.rule, part.amount) for part in outcome.parts] == [
        ("W", fen(160)),
        ("EO-4d", fen(50)),
    ]
    assert given(ZHANG, WORKING, supplement).amount == fen(160)


@pytest.mark.parametrize("base", ["nothing", "fixed"])
def test_a_supplement_alone_is_explained_by_one_step(base):
    outcome = given(ZHANG, Credit(rule="EO-4d", base=base, supplement=fen(50)))
    assert [(step.label, step.amount) for step in outcome.steps] == [(Label.SUPPLEMENT, fen(50))]


def test_a_supplementary_scheme_has_a_ratio_of_its_own_on_top():
    scheme = Credit(
        rule="SJZ-6",
        base="contribution",
        rate=10_000,
        supplementary_schemes=("big",),
        on_top=True,
        source="supplementary",
    )
    outcome = given(ZHANG._replace(supplementary_scheme="big"), WORKING, scheme)
    assert outcome.amount == fen(240)


def test_the_first_reason_is_given_when_nothing_can_be_credited():
    top = Credit(rule="T", base="pension", rate=1, on_top=True)
    waiting = ZHANG._replace(contribution_received=False, pension=None)
    assert given(waiting, WORKING, top).reason == "not_received"


def test_months_bound_a_rule():
    rule = Credit(
        rule="A",
        base="frozen",
        month_from=date(2022, 12, 1),
        month_until=date(2024, 1, 1),
    )
    paid = [
        given(ZHANG, rule, month=month).amount > 0
        for month in (date(2022, 11, 1), date(2022, 12, 1), date(2023, 12, 1), date(2024, 1, 1))
    ]
    assert paid == [False, True, True, False]


def test_without_an_account_or_insurance_there_is_no_credit():
    assert given(ZHANG._replace(has_account=False), WORKING).reason == "no_account"
    assert given(ZHANG._replace(has_account=False), WORKING, account_needed=False).amount > 0
    assert given(ZHANG._replace(insured=False), WORKING).reason == "not_insured"


def test_retired_after_flexible_work_counts_with_the_enterprises_where_terms_say_so():
    rows = [
        Credit(rule="E", base="frozen", employer_groups=("enterprise",)),
        Credit(rule="I", base="pension", rate=20_000, employer_groups=("institution",)),
    ]
    flexible = LI._replace(
        employer_group="institution",
        statuses=((date(1980, 1, 1), "flexible"), (date(2014, 3, 12), "retired")),
    )
    assert given(flexible, *rows, flexible_retirees_as="enterprise").parts[0].rule == "E"
    assert given(flexible, *rows).parts[0].rule == "I"


def test_two_main_rules_for_one_member_are_an_error():
    with pytest.raises(TwoRows, match="credit"):
        given(ZHANG, WORKING, Credit(rule="B", base="frozen"))


INCENTIVE = Incentive(first=fen(200), step=fen(100), maximum=fen(500), first_year=2023)


@pytest.mark.parametrize(
    ("clean", "year", "amount"),
    [
        (0, 2023, 0),
        (1, 2023, 200),
        (9, 2023, 200),
        (2, 2024, 300),
        (1, 2024, 200),
        (3, 2025, 400),
        (4, 2026, 500),
        (5, 2027, 500),
        (5, 2022, 0),
    ],
)
def test_the_incentive_grows_with_clean_years_since_it_began(clean, year, amount):
    assert award(INCENTIVE, clean, year).amount == fen(amount)
