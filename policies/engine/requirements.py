"""The tests before any benefit (待遇享受条件), in the order of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from policies.engine.bill import Bill, Person
from policies.engine.match import Profile
from policies.engine.rows import Requirement
from policies.engine.tables import CareTables
from policies.engine.vocabulary import REASON_OF, Channel, Pooling, Reason, SatisfiedBy, Test


class Refusal(NamedTuple):
    """The first test that failed, the article behind it, and whether the account may pay all the same."""

    reason: str
    article: str
    account_may_pay: bool


def _selected(bill: Bill, person: Person, row: Requirement) -> bool:
    if row.satisfied_by == SatisfiedBy.NOT_WITHDRAWN:
        return bill.where.pooling != Pooling.WITHDRAWN
    return bill.where.pooling == Pooling.OPENED


def _signed(bill: Bill, person: Person, row: Requirement) -> bool:
    if person.signed_here:
        return True
    return row.satisfied_by == SatisfiedBy.HERE_OR_PRIMARY and person.signed_primary


PASSES: dict[str, Callable[[Bill, Person, Requirement], bool]] = {
    Test.INSURED: lambda bill, person, row: person.insured,
    Test.DESIGNATED: lambda bill, person, row: bill.where.designated,
    Test.INPATIENT: lambda bill, person, row: not person.inpatient,
    Test.ACCOUNT: lambda bill, person, row: person.has_account,
    Test.PRESCRIPTION: lambda bill, person, row: bill.where.prescribed,
    Test.FILING: lambda bill, person, row: person.filed,
    Test.DIRECT_SETTLEMENT: lambda bill, person, row: bill.where.direct_settlement,
    Test.SELECTED: _selected,
    Test.SIGNED: _signed,
}


def refusal(care: CareTables, bill: Bill, person: Person, profile: Profile) -> Refusal | None:
    """The first test that the bill fails, or None when it passes them all."""
    for row in care.tests(profile, bill.channel):
        if not PASSES[row.test](bill, person, row):
            return Refusal(REASON_OF[Test(row.test)].value, row.article, row.account_may_pay)
    if bill.channel == Channel.HAND:
        return _hand_claim(care, bill)
    return None


def _hand_claim(care: CareTables, bill: Bill) -> Refusal | None:
    terms = care.terms
    article = terms.hand_article or terms.article
    if not terms.hand_open:
        return Refusal(Reason.NO_HAND_CLAIM.value, article, False)
    last = terms.last_claim_day(bill.day)
    if last is not None and (bill.claimed_on or bill.day) > last:
        return Refusal(Reason.LATE.value, article, False)
    return None
