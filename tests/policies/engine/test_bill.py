"""Splitting a bill: self-funded, over the standard, first self-payment, eligible."""

import pytest

from policies.engine.bill import MATCHED_OF_PERSON, MATCHED_OF_WHERE, Line, Person, Where, split
from policies.engine.match import Profile
from policies.engine.money import fen
from policies.engine.rows import Adjustment, Terms
from tests.policies.engine.invented import PHARMACY, ZHANG, pay, tables


def test_class_c_is_all_self_funded_even_under_a_standard():
    assert split(Line(9_000, "C", standard=6_000)) == (9_000, 0, 0, 0)


@pytest.mark.parametrize(
    ("amount", "over"), [(5_999, 0), (6_000, 0), (6_001, 1)], ids=["below", "exact", "above"]
)
def test_what_lies_over_the_payment_standard_is_not_eligible(amount, over):
    assert split(Line(amount, standard=6_000)) == (0, over, 0, amount - over)


def test_the_first_self_payment_is_reckoned_within_the_standard():
    assert split(Line(100_000, "B", 100_000, 60_000)) == (0, 40_000, 6_000, 54_000)


def test_the_first_self_payment_is_rounded_half_up():
    assert split(Line(5, "B", 100_000)) == (0, 0, 1, 4)
    assert split(Line(4, "B", 100_000)) == (0, 0, 0, 4)


def test_each_line_is_split_by_itself_and_the_bill_adds_them_up():
    lines = (Line(5, "B", 100_000), Line(5, "B", 100_000), Line(10, "C"))
    outcome = pay(tables(), lines=lines)
    assert outcome.lines == ((0, 0, 1, 4), (0, 0, 1, 4), (10, 0, 0, 0))
    assert outcome[:5] == (20, 10, 0, 2, 8)


def test_a_bill_without_lines_is_a_bill_of_nothing():
    outcome = pay(tables())
    assert (outcome.total, outcome.fund, outcome.cash, outcome.reason) == (0, 0, 0, "")


def test_a_pharmacy_for_drugs_only_leaves_everything_else_to_the_member():
    lines = (Line(fen(100)), Line(fen(30), item_kind="consumable"))
    outcome = pay(tables(Terms(pharmacy_drugs_only=True)), lines=lines, where=PHARMACY)
    assert (outcome.self_funded, outcome.eligible) == (fen(30), fen(100))
    assert pay(tables(), lines=lines, where=PHARMACY).self_funded == 0


def test_what_match_columns_look_at_tells_cases_apart_and_nothing_else_does():
    """The slices that key the memory of cases hold the fields of a profile, and no other."""
    of_where, of_person = Where._fields[MATCHED_OF_WHERE], Person._fields[MATCHED_OF_PERSON]
    seen = {"selected" if name == "pooling" else name for name in (*of_where, *of_person)}
    assert seen == {*Profile._fields} - {"status", "age"}


def test_an_outcome_does_not_depend_on_who_asked_before():
    policy = tables(adjustments=[Adjustment(referred=True, points=100_000)])
    referred = ZHANG._replace(referred=True)
    funds = [pay(policy, "100", person=one).fund for one in (ZHANG, referred, ZHANG, referred)]
    assert funds == [fen(50), fen(60), fen(50), fen(60)]
