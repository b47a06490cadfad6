"""The tests before any benefit (待遇享受条件), in the order of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from policies.engine.bill import Bill, Person, Where
from policies.engine.rows import Requirement, Terms
from policies.engine.vocabulary import REASON_OF, Channel, Pooling, Reason, SatisfiedBy, Test

Passes = Callable[[Where, Person], bool]
HAND = Channel.HAND.value


class Refusal(NamedTuple):
    """The first test that failed, its article, and whether the account may pay all the same."""

    reason: str
    article: str
    account_may_pay: bool


PASSES: dict[str, Passes] = {
    Test.INSURED: lambda _, person: person.insured,
    Test.DESIGNATED: lambda where, _: where.designated,
    Test.INPATIENT: lambda _, person: not person.inpatient,
    Test.ACCOUNT: lambda _, person: person.has_account,
    Test.PRESCRIPTION: lambda where, _: where.prescribed,
    Test.FILING: lambda _, person: person.filed,
    Test.DIRECT_SETTLEMENT: lambda where, _: where.direct_settlement,
    Test.SELECTED: lambda where, _: where.pooling == Pooling.OPENED,
    Test.SIGNED: lambda _, person: person.signed_here,
}
"""What passes each test, unless its row says that something else satisfies it."""

OTHERWISE_SATISFIED: dict[tuple[str, str], Passes] = {
    (Test.SELECTED, SatisfiedBy.NOT_WITHDRAWN): (
        lambda where, _: where.pooling != Pooling.WITHDRAWN
    ),
    (Test.SIGNED, SatisfiedBy.HERE_OR_PRIMARY): (
        lambda _, person: person.signed_here or person.signed_primary
    ),
}

Compiled = tuple[tuple[Passes, Refusal], ...]


def compiled(rows: Iterable[Requirement]) -> Compiled:
    """The tests of one kind of case, each with the refusal that failing it brings."""
    return tuple(
        (
            OTHERWISE_SATISFIED.get((row.test, row.satisfied_by), PASSES[row.test]),
            Refusal(REASON_OF[Test(row.test)].value, row.article, row.account_may_pay),
        )
        for row in rows
    )


def refusal(tests: Compiled, terms: Terms, bill: Bill, person: Person) -> Refusal | None:
    """The first test that the bill fails, or None when it passes them all."""
    where = bill.where
    for passes, refused in tests:
        if not passes(where, person):
            return refused
    return _hand_claim(terms, bill) if bill.channel == HAND else None


def _hand_claim(terms: Terms, bill: Bill) -> Refusal | None:
    article = terms.hand_article or terms.article
    if not terms.hand_open:
        return Refusal(Reason.NO_HAND_CLAIM.value, article, False)
    last = terms.last_claim_day(bill.day)
    if last is not None and (bill.claimed_on or bill.day) > last:
        return Refusal(Reason.LATE.value, article, False)
    return None
