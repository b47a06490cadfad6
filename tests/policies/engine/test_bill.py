"""Splitting a bill: self-funded, over the standard, first self-payment, eligible."""

from datetime import date

import pytest

from policies.engine.benefit import profile_under
from policies.engine.bill import Bill, Line, Person, Where, split
from policies.engine.money import fen
from policies.engine.rows import Terms
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
    """The slices that key the memory of cases are exactly the fields of a profile."""
    where, person = Where(), Person(date(1980, 1, 1))
    bill = Bill(date(2024, 1, 1), (), where)
    plain = profile_under(bill, person, "in_service", 0)
    for name, value in {
        "designated": False,
        "direct_settlement": False,
        "prescribed": True,
    }.items():
        changed = bill._replace(where=where._replace(**{name: value}))
        assert changed.where.as_matched == where.as_matched
        assert profile_under(changed, person, "in_service", 0) == plain
    for name in ("kind", "tier", "charge_class", "community", "place", "pooling"):
        changed = where._replace(**{name: "opened"})
        assert changed.as_matched != where.as_matched
    for name in ("employer_group", "special_groups", "family_doctor", "referred"):
        assert person._replace(**{name: "changed"}).as_matched != person.as_matched
    for name in ("insured", "has_account", "inpatient", "filed", "account_can_pay"):
        assert person._replace(**{name: 7}).as_matched == person.as_matched
    assert ZHANG.as_matched == person.as_matched
