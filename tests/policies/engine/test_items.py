"""Items with a pay rule of their own (诊察费 and the like)."""

import pytest

from policies.engine.bill import Line, Used
from policies.engine.errors import TwoRows
from policies.engine.money import fen
from policies.engine.rows import Deductible, ItemRule, Terms
from policies.engine.vocabulary import Label
from tests.policies.engine.invented import pay, tables, yuan_cap

FEE = Line(fen(20), item_kind="consultation")
DRUGS = Line(fen(100))


def rule(**columns) -> ItemRule:
    return ItemRule(item_kinds=("consultation",), article="NJ-15", **columns)


def test_an_item_left_out_moves_neither_deductible_nor_bands_nor_caps():
    policy = tables(deductibles=[Deductible(amount=fen(10))], items=[rule(share=800_000)])
    outcome = pay(policy, lines=(FEE, DRUGS))
    assert outcome.fund == fen(16 + 45)
    assert outcome.adds == (fen(100), fen(10), fen(45), fen(45), 0)


def test_an_item_left_out_is_paid_though_the_cap_is_spent():
    policy = tables(items=[rule(share=800_000)], caps=[yuan_cap("100")])
    assert pay(policy, lines=(FEE,), used=Used(counted=fen(100))).fund == fen(16)


def test_a_fixed_amount_is_paid_for_the_kind_but_never_more_than_was_billed():
    policy = tables(items=[rule(fixed=fen(15))])
    assert pay(policy, lines=(FEE, FEE)).fund == fen(15)
    assert pay(policy, lines=(Line(fen("14.99"), item_kind="consultation"),)).fund == fen("14.99")


def test_an_item_that_counts_is_held_to_what_the_cap_leaves_behind_the_rest():
    policy = tables(items=[rule(share=1_000_000, left_out=False)], caps=[yuan_cap("60")])
    outcome = pay(policy, lines=(FEE, DRUGS))
    assert outcome.fund == fen(60)
    assert outcome.adds == (fen(120), 0, fen(60), fen(60), 0)


def test_an_item_that_counts_is_paid_only_within_a_cap_on_spending():
    policy = tables(
        Terms(cap_basis="eligible"),
        items=[rule(share=1_000_000, left_out=False)],
        caps=[yuan_cap("110")],
    )
    outcome = pay(policy, lines=(FEE, DRUGS))
    assert (outcome.fund, outcome.adds.counted) == (fen(50 + 10), fen(110))
    assert pay(policy, lines=(FEE,), used=Used(counted=fen(110))).fund == 0


def test_an_item_that_counts_is_held_to_the_overall_limit():
    policy = tables(
        items=[rule(share=1_000_000, left_out=False)],
        caps=[yuan_cap("500", counts_in_overall=True), yuan_cap("55", scope="overall")],
    )
    outcome = pay(policy, lines=(FEE, DRUGS))
    assert (outcome.fund, outcome.adds.overall) == (fen(55), fen(55))


def test_a_rule_may_be_for_some_institutions_only():
    policy = tables(items=[rule(share=0, tiers=(0,))])
    assert pay(policy, lines=(FEE,)).fund == fen(10)


def test_the_step_of_an_item_names_its_kind_and_article():
    outcome = pay(tables(items=[rule(share=800_000)]), lines=(FEE,))
    (step,) = [step for step in outcome.steps if step.label == Label.ITEM]
    assert (step.amount, step.base, step.note, step.article) == (
        fen(16),
        fen(20),
        "consultation",
        "NJ-15",
    )


def test_two_rules_for_one_kind_are_an_error():
    with pytest.raises(TwoRows, match="item"):
        pay(tables(items=[rule(), rule(tiers=(3,))]), lines=(FEE,))
