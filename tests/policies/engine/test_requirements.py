"""The tests before any benefit, in their order, where their rows apply."""

from datetime import date

import pytest

from policies.engine import vocabulary
from policies.engine.bill import Where
from policies.engine.money import fen
from policies.engine.rows import Requirement, Terms
from policies.engine.vocabulary import REASON_OF, Label
from tests.policies.engine.invented import PHARMACY, TERTIARY, ZHANG, pay, tables

ALL = [Requirement(test=test, article=f"A-{test}") for test in reversed(vocabulary.Test)]
PASSING = ZHANG._replace(filed=True, signed_here=True)
OPEN = TERTIARY._replace(pooling="opened", prescribed=True)
FAILING = {
    vocabulary.Test.INSURED: (PASSING._replace(insured=False), OPEN),
    vocabulary.Test.DESIGNATED: (PASSING, OPEN._replace(designated=False)),
    vocabulary.Test.INPATIENT: (PASSING._replace(inpatient=True), OPEN),
    vocabulary.Test.ACCOUNT: (PASSING._replace(has_account=False), OPEN),
    vocabulary.Test.PRESCRIPTION: (PASSING, OPEN._replace(prescribed=False)),
    vocabulary.Test.FILING: (PASSING._replace(filed=False), OPEN),
    vocabulary.Test.DIRECT_SETTLEMENT: (PASSING, OPEN._replace(direct_settlement=False)),
    vocabulary.Test.SELECTED: (PASSING, OPEN._replace(pooling="by_tier")),
    vocabulary.Test.SIGNED: (PASSING._replace(signed_here=False, signed_primary=True), OPEN),
}


def test_who_passes_every_test_is_paid():
    outcome = pay(tables(requirements=ALL), "100", person=PASSING, where=OPEN)
    assert (outcome.reason, outcome.fund) == ("", fen(50))


@pytest.mark.parametrize("test", list(vocabulary.Test))
def test_each_test_refuses_with_its_reason_and_article(test):
    person, where = FAILING[test]
    outcome = pay(tables(requirements=ALL), "100", person=person, where=where)
    assert outcome.reason == REASON_OF[test]
    (step,) = [step for step in outcome.steps if step.label == Label.REJECTED]
    assert (step.article, step.note) == (f"A-{test}", REASON_OF[test])


def test_of_all_tests_failed_the_first_in_order_is_the_reason():
    failed_all = ZHANG._replace(insured=False, has_account=False, inpatient=True)
    nowhere = Where(designated=False, direct_settlement=False)
    rows, reasons = ALL, []
    while rows:
        outcome = pay(tables(requirements=rows), "100", person=failed_all, where=nowhere)
        reasons.append(outcome.reason)
        rows = [row for row in rows if REASON_OF[vocabulary.Test(row.test)] != outcome.reason]
    assert reasons == [REASON_OF[test] for test in vocabulary.Test]


def test_a_refused_bill_stands_but_moves_no_total():
    policy = tables(requirements=[Requirement(test="signed")])
    outcome = pay(policy, "100")
    assert outcome[:13] == (
        *(fen(100), 0, 0, 0, fen(100)),
        *(0, 0, fen(100), 0),
        *(fen(100), 0, fen(100), "not_signed"),
    )
    assert outcome.adds == (0, 0, 0, 0, 0)
    assert (outcome.room, outcome.provisional) == (None, False)


def test_a_refused_bill_needs_no_row_that_pays_it():
    policy = tables(requirements=[Requirement(test="signed")], ratios=[])
    assert pay(policy, "100").reason == "not_signed"


def test_a_test_applies_only_where_its_row_matches():
    policy = tables(
        requirements=[
            Requirement(test="prescription", kinds=("pharmacy",)),
            Requirement(test="filing", places=("province", "elsewhere")),
            Requirement(test="selected", tiers=(0, 1)),
        ]
    )
    assert pay(policy, "100").reason == ""
    assert pay(policy, "100", where=PHARMACY._replace(tier=2, prescribed=False)).reason == (
        "no_prescription"
    )
    assert pay(policy, "100", where=TERTIARY._replace(place="elsewhere")).reason == "no_filing"
    assert pay(policy, "100", where=Where(tier=1)).reason == "not_selected"


def test_signed_with_a_primary_institution_satisfies_where_the_row_says_so():
    policy = tables(
        requirements=[
            Requirement(test="signed", tiers=(0, 1), satisfied_by="here"),
            Requirement(test="signed", tiers=(2, 3), satisfied_by="here_or_primary"),
        ]
    )
    person = ZHANG._replace(signed_primary=True)
    assert pay(policy, "100", person=person).reason == ""
    assert pay(policy, "100", person=person, where=Where(tier=1)).reason == "not_signed"
    assert pay(policy, "100").reason == "not_signed"


def test_an_institution_selected_unless_withdrawn():
    policy = tables(requirements=[Requirement(test="selected", satisfied_by="not_withdrawn")])
    assert pay(policy, "100").reason == ""
    assert pay(policy, "100", where=TERTIARY._replace(pooling="withdrawn")).reason == "not_selected"


def test_a_test_may_be_for_online_settlement_alone():
    policy = tables(requirements=[Requirement(test="direct_settlement", channels=("online",))])
    away = TERTIARY._replace(direct_settlement=False)
    assert pay(policy, "100", where=away).reason == "no_direct_settlement"
    assert pay(policy, "100", where=away, channel="hand").reason == ""


BY_JUNE = Terms(hand_until_month=6, hand_until_day=30)


@pytest.mark.parametrize(
    ("claimed", "reason"), [(date(2025, 6, 30), ""), (date(2025, 7, 1), "late"), (None, "")]
)
def test_a_claim_by_hand_is_late_after_its_last_day(claimed, reason):
    outcome = pay(tables(BY_JUNE), "100", channel="hand", claimed_on=claimed)
    assert outcome.reason == reason


def test_a_last_day_that_a_month_does_not_have_is_its_last():
    terms = Terms(hand_until_month=2, hand_until_day=30)
    assert terms.last_claim_day(date(2024, 3, 1)) == date(2025, 2, 28)
    assert terms.last_claim_day(date(2023, 3, 1)) == date(2024, 2, 29)


def test_claims_by_hand_may_not_be_open_at_all():
    outcome = pay(tables(Terms(hand_open=False)), "100", channel="hand")
    assert outcome.reason == "no_hand_claim"


def test_being_late_is_said_last():
    policy = tables(BY_JUNE, requirements=[Requirement(test="signed")])
    assert pay(policy, "1", channel="hand", claimed_on=date(2030, 1, 1)).reason == "not_signed"
