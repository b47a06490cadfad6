"""Gaps and overlaps are found over the whole domain, each once, as a case that really is one."""

from __future__ import annotations

import time
from datetime import date
from itertools import product
from random import Random

import pytest

from policies.engine.checks import GAP, OVERLAP, problems
from policies.engine.match import CreditProfile, Profile
from policies.engine.rows import (
    Cap,
    Credit,
    CreditTerms,
    Deductible,
    ItemRule,
    PurposeRule,
    Ratio,
    Requirement,
    Terms,
)
from policies.engine.series import Amount
from policies.engine.tables import AccountUseTables, BenefitTables, CareTables, CreditTables

EVERYONE = {"deductibles": [Deductible()], "ratios": [Ratio(share=500_000)]}


def found(terms=None, **tables):
    return problems(BenefitTables([CareTables(terms or Terms(), **{**EVERYONE, **tables})]))


def credit_found(*rows, **terms):
    return problems(CreditTables(CreditTerms(**terms), rows))


def test_tables_that_answer_every_case_once_have_no_problem():
    assert found() == []


def test_an_empty_deductible_table_is_one_gap_for_any_case():
    (problem,) = found(deductibles=[])
    assert (problem.kind, problem.table, problem.columns) == (GAP, "deductibles", ())


def test_a_forgotten_status_is_one_gap_whatever_the_tier():
    rows = [
        Deductible(tiers=(tier,), statuses=("in_service", "flexible", "retired"))
        for tier in range(4)
    ]
    (problem,) = found(deductibles=rows)
    assert problem.kind == GAP
    assert problem.columns == ("status",)
    assert problem.case.status == "founding"


def test_an_age_between_two_rows_is_a_gap_at_its_first_year():
    rows = [Ratio(age_until=45), Ratio(age_from=46)]
    (problem,) = found(ratios=rows)
    assert (problem.kind, problem.case.age, problem.columns) == (GAP, 45, ("age",))


def test_an_age_in_two_rows_is_an_overlap_that_names_both():
    rows = [Ratio(age_until=46), Ratio(age_from=45)]
    (problem,) = found(ratios=rows)
    assert (problem.kind, problem.case.age, problem.rows) == (OVERLAP, 45, tuple(rows))


def test_bands_that_leave_a_fen_out_are_a_gap_at_that_spending():
    rows = [Ratio(band_until=100_000), Ratio(band_from=100_001)]
    (problem,) = found(ratios=rows)
    assert (problem.kind, problem.spending) == (GAP, 100_000)


def test_bands_that_share_a_fen_overlap_there():
    rows = [Ratio(band_until=100_001), Ratio(band_from=100_000)]
    (problem,) = found(ratios=rows)
    assert (problem.kind, problem.spending, len(problem.rows)) == (OVERLAP, 100_000, 2)


def test_bands_that_end_are_a_gap_where_the_cap_is_on_what_the_fund_pays():
    ends = [Ratio(band_until=1_500_000)]
    cap = [Cap(amount=Amount(fixed=1_500_000))]
    (problem,) = found(Terms(cap_basis="fund"), ratios=ends, caps=cap)
    assert (problem.kind, problem.spending) == (GAP, 1_500_000)


def test_bands_need_go_no_further_than_a_cap_on_spending():
    ends = [Ratio(band_until=1_500_000)]
    terms = Terms(cap_basis="eligible")
    assert found(terms, ratios=ends, caps=[Cap(amount=Amount(fixed=1_500_000))]) == []
    (short,) = found(terms, ratios=ends, caps=[Cap(amount=Amount(fixed=1_500_001))])
    assert short.spending == 1_500_000


def test_a_cap_that_carries_over_or_follows_a_figure_ends_no_band():
    ends, terms = [Ratio(band_until=1_500_000)], Terms(cap_basis="eligible")
    carried = Cap(amount=Amount(fixed=1_500_000), carries_over=True)
    formula = Cap(amount=Amount(series="average_wage", rate=50_000, fallback=1_500_000))
    assert len(found(terms, ratios=ends, caps=[carried])) == 1
    assert len(found(terms, ratios=ends, caps=[formula])) == 1


def test_two_caps_of_one_period_overlap_and_of_two_periods_do_not():
    year, month = Cap(amount=Amount(fixed=1)), Cap(period="month", amount=Amount(fixed=1))
    assert found(caps=[year, month]) == []
    (problem,) = found(caps=[year, year])
    assert (problem.kind, problem.table, problem.part) == (OVERLAP, "caps", "year")


def test_who_has_no_cap_where_others_do_is_a_gap():
    (problem,) = found(caps=[Cap(statuses=("retired",), amount=Amount(fixed=1))])
    assert (problem.kind, problem.case.status) == (GAP, "in_service")


def test_overall_limits_may_be_missing_but_not_two():
    limit = Cap(scope="overall", statuses=("retired",), amount=Amount(fixed=1))
    assert found(caps=[limit]) == []
    (problem,) = found(caps=[limit, limit])
    assert (problem.part, problem.case.status) == ("overall", "retired")


def test_one_test_asked_for_twice_is_one_overlap_though_both_channels_show_it():
    rows = [Requirement(test="signed"), Requirement(test="signed", tiers=(0, 1))]
    (problem,) = found(requirements=rows)
    assert (problem.kind, problem.part, problem.case.tier) == (OVERLAP, "signed", 0)


def test_tests_of_different_channels_do_not_overlap():
    online, by_hand = (Requirement(test="filing", channels=(one,)) for one in ("online", "hand"))
    assert found(requirements=[online, by_hand]) == []


def test_two_rules_for_one_kind_of_item_overlap():
    fee = ItemRule(item_kinds=("consultation", "nucleic_acid"))
    (problem,) = found(items=[fee, ItemRule(item_kinds=("consultation",), tiers=(3,))])
    assert (problem.table, problem.part, problem.case.tier) == ("items", "consultation", 3)


def test_a_member_of_two_special_groups_shows_that_their_rows_overlap():
    rows = [
        Deductible(special_groups=("veteran",)),
        Deductible(special_groups=("model_worker",)),
    ]
    overlap, gap = sorted(found(deductibles=rows), key=lambda one: one.kind, reverse=True)
    assert overlap.case.special_groups == {"veteran", "model_worker"}
    assert gap.case.special_groups == frozenset()


def test_pharmacies_under_the_prescribers_terms_need_no_rows_of_their_own():
    hospital = [Deductible(kinds=("hospital",))]
    assert found(Terms(pharmacy_terms="prescriber"), deductibles=hospital) == []
    (problem,) = found(Terms(pharmacy_terms="own"), deductibles=hospital)
    assert problem.case.kind == "pharmacy"


def test_no_credit_rows_at_all_is_allowed():
    assert credit_found() == []


def test_a_status_without_a_credit_row_is_a_gap():
    (problem,) = credit_found(Credit(rule="A", statuses=("in_service", "retired", "founding")))
    assert (problem.kind, problem.columns, problem.case.status) == (GAP, ("status",), "flexible")


def test_a_month_between_two_credit_rows_is_a_gap():
    (problem,) = credit_found(
        Credit(rule="A", month_until=date(2023, 12, 1)),
        Credit(rule="B", month_from=date(2024, 1, 1)),
    )
    assert (problem.kind, problem.case.month) == (GAP, date(2023, 12, 1))


def test_months_before_the_first_credit_row_are_not_asked_about():
    assert credit_found(Credit(rule="A", month_from=date(2022, 10, 1))) == []


def retirement_rows(last: date) -> list[Credit]:
    working = Credit(rule="W", statuses=("in_service", "flexible", "founding"))
    old = Credit(rule="O", statuses=("retired",), retired_until=date(2023, 1, 1))
    new = Credit(
        rule="N",
        statuses=("retired",),
        retired_from=date(2023, 1, 1),
        retired_until=last,
        month_until=date(2024, 1, 1),
    )
    later = Credit(
        rule="L",
        statuses=("retired",),
        retired_from=date(2023, 1, 1),
        month_from=date(2024, 1, 1),
    )
    return [working, old, new, later]


def test_nobody_has_retired_after_the_month_that_is_credited():
    assert credit_found(*retirement_rows(date(2024, 1, 1))) == []


def test_a_day_of_retirement_that_no_row_answers_is_a_gap():
    (problem,) = credit_found(*retirement_rows(date(2023, 6, 1)))
    assert (problem.case.status, problem.case.retired_on) == ("retired", date(2023, 6, 1))
    assert problem.case.month == date(2023, 12, 1)


def test_rules_on_top_neither_fill_gaps_nor_overlap():
    everyone = Credit(rule="A")
    assert credit_found(everyone, Credit(rule="B", on_top=True)) == []
    assert [one.kind for one in credit_found(everyone, Credit(rule="C"))] == [OVERLAP]


def test_a_purpose_named_twice_is_an_overlap():
    rule = PurposeRule(purpose="medical", beneficiary="self", allowed="yes")
    other = PurposeRule(purpose="medical", beneficiary="spouse", allowed="no")
    (problem,) = problems(AccountUseTables([rule, other, rule]))
    assert (problem.kind, problem.case) == (OVERLAP, ("medical", "self"))


def random_rows(rng: Random) -> list[Deductible]:
    def some(values):
        return (
            tuple(rng.sample(values, rng.randrange(1, len(values)))) if rng.random() < 0.5 else ()
        )

    return [
        Deductible(
            tiers=some([0, 1, 2, 3]),
            statuses=some(["in_service", "flexible", "retired", "founding"]),
            community=rng.choice((None, None, True, False)),
            age_from=rng.choice((None, None, 45)),
            age_until=rng.choice((None, None, 70)),
        )
        for _ in range(rng.randrange(1, 7))
    ]


DOMAIN = [
    Profile(tier=tier, status=status, community=community, age=age)
    for tier, status, community, age in product(
        range(4), ("in_service", "flexible", "retired", "founding"), (True, False), (0, 45, 70)
    )
]


@pytest.mark.parametrize("seed", range(60))
def test_every_problem_is_one_and_every_case_that_is_one_belongs_to_a_problem(seed):
    rows = random_rows(Random(seed))
    reported = found(deductibles=rows)
    for problem in reported:
        assert tuple(row for row in rows if row.covers(problem.case)) == problem.rows
        assert len(problem.rows) != 1
    answers = {tuple(row for row in rows if row.covers(case)) for case in DOMAIN}
    assert {one for one in answers if len(one) != 1} == {problem.rows for problem in reported}
    assert reported == found(deductibles=rows)


def test_a_table_far_larger_than_any_shipped_is_checked_in_half_a_second():
    cells = product(range(4), (1, 2, 3), ("in_service", "flexible", "retired", "founding"), (0, 70))
    rows = [
        Ratio(
            tiers=(tier,),
            charge_classes=(charge_class,),
            statuses=(status,),
            age_from=age,
            age_until=None if age else 70,
            band_from=low,
            band_until=high,
        )
        for tier, charge_class, status, age in cells
        for low, high in ((0, 100_000), (100_000, 500_000), (500_000, None))
    ]
    before = time.process_time()
    assert found(ratios=rows[:-1]) != []
    assert time.process_time() - before < 0.5


def test_a_credit_case_names_a_profile_that_the_rows_really_leave_open():
    rows = retirement_rows(date(2023, 6, 1))
    (problem,) = credit_found(*rows)
    assert isinstance(problem.case, CreditProfile)
    assert not any(row.covers(problem.case) for row in rows)
