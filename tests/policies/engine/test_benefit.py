"""The whole answer: the member's part, the account, and steps that explain every fen."""

import pytest

from policies.engine.bill import Line, Used
from policies.engine.explain import SENTENCES, Step, percent, sentence
from policies.engine.money import fen
from policies.engine.rows import Deductible, Ratio, Requirement
from policies.engine.vocabulary import Label
from tests.policies.engine.invented import FOUNDING, ZHANG, pay, tables, yuan_cap

WITH_300 = ZHANG._replace(account_can_pay=fen(300))


@pytest.mark.parametrize(
    ("amount", "account", "cash"),
    [("599.98", "299.99", "0"), ("600", "300", "0"), ("600.02", "300", "0.01")],
    ids=["less than the balance", "all of it", "more"],
)
def test_the_account_pays_the_members_part_up_to_its_balance(amount, account, cash):
    outcome = pay(tables(), amount, person=WITH_300, from_account=True)
    assert (outcome.account, outcome.cash) == (fen(account), fen(cash))


def test_the_account_pays_only_when_asked():
    outcome = pay(tables(), "100", person=WITH_300)
    assert (outcome.account, outcome.cash) == (0, fen(50))


def test_the_account_pays_class_c_and_the_deductible_too():
    policy = tables(deductibles=[Deductible(amount=fen(100))])
    lines = (Line(fen(100), "C"), Line(fen(100)))
    assert pay(policy, lines=lines, person=WITH_300, from_account=True).account == fen(200)


def test_a_refusal_says_whether_the_account_may_pay_all_the_same():
    for may_pay, account in ((True, fen(100)), (False, 0)):
        row = Requirement(test="signed", account_may_pay=may_pay)
        outcome = pay(tables(requirements=[row]), "100", person=WITH_300, from_account=True)
        assert outcome.account == account


def test_a_founding_worker_may_have_everything_paid():
    policy = tables(
        ratios=[Ratio(statuses=("founding",), share=1_000_000), Ratio(statuses=("retired",))]
    )
    outcome = pay(policy, "100", person=FOUNDING)
    assert (outcome.fund, outcome.personal) == (fen(100), 0)


def test_the_steps_tell_the_bill_from_the_split_to_the_cash():
    policy = tables(
        deductibles=[Deductible(amount=fen(100), article="D")],
        ratios=[Ratio(share=600_000, article="R")],
        caps=[yuan_cap("90", article="C")],
    )
    lines = (Line(fen(50), "C"), Line(fen(200), "B", 100_000), Line(fen(90), standard=fen(80)))
    outcome = pay(policy, lines=lines, person=WITH_300, from_account=True)
    assert [(step.label, step.amount, step.article) for step in outcome.steps] == [
        (Label.SELF_FUNDED, fen(50), ""),
        (Label.OVER_STANDARD, fen(10), ""),
        (Label.PRE_SELF_PAY, fen(20), ""),
        (Label.ELIGIBLE, fen(260), ""),
        (Label.DEDUCTIBLE, fen(100), "D"),
        (Label.BAND, fen(96), "R"),
        (Label.CAP, fen(90), "C"),
        (Label.FUND, fen(90), ""),
        (Label.ACCOUNT, fen(250), ""),
        (Label.CASH, 0, ""),
    ]


def test_every_label_has_a_sentence_that_can_be_filled():
    assert set(SENTENCES) == set(Label)
    for label in Label:
        assert sentence(Step(label, 12_345, "A", 67_890, 500_000, "note"))


def test_a_sentence_shows_yuan_and_per_cent():
    step = Step(Label.BAND, fen("1234.50"), base=fen("2469"), rate=500_000, note="45%+5%")
    assert sentence(step) == "2,469.00 at 50% (45%+5%): 1,234.50"


def test_per_cent_has_no_idle_zeros():
    assert [percent(one) for one in (1_000_000, 25_000, 21_000, 0)] == [
        "100%",
        "2.5%",
        "2.1%",
        "0%",
    ]


def test_what_a_settlement_adds_is_what_the_next_one_is_asked_with():
    outcome = pay(tables(deductibles=[Deductible(amount=fen(30))]), "100", used=Used())
    assert outcome.adds._asdict() == {
        "eligible": fen(100),
        "deductible": fen(30),
        "fund": fen(35),
        "counted": fen(35),
        "overall": 0,
    }
