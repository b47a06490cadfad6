"""Credit months to personal accounts (个人账户划入), and make good what changed since.

A member is credited once a month and rule, whatever is run again. What is owed for a month under
all rules, less what stands in the account for it, is posted as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from members import ledger
from members.ledger import Posting
from members.models import Account, Entry, Member
from members.selectors.credit_inputs import CreditInputs, Posted
from policies import engine
from policies.engine.credit import CreditOutcome
from policies.engine.errors import PolicyError
from policies.engine.money import yuan
from policies.engine.series import Series
from policies.engine.vocabulary import NoCredit
from policies.selectors import figures, rulebook


class MonthCredit(NamedTuple):
    """What a run does for one member and one month, in fen."""

    member_id: int
    month: date
    outcome: CreditOutcome
    postings: tuple[Posting, ...]
    refused: str = ""

    @property
    def amount(self) -> int:
        """What it posts, in fen."""
        return sum(int(posting.amount * 100) for posting in self.postings)


def members_between(area_id: str, first_id: int, last_id: int) -> Iterable[Member]:
    """The members of an area within a range of ids, with what crediting reads of them."""
    return (
        Member.objects.filter(area_id=area_id, pk__range=(first_id, last_id))
        .select_related("person")
        .order_by("pk")
    )


@transaction.atomic
def credit_month(
    members: Iterable[Member],
    *,
    area_id: str,
    month: date,
    as_of: date,
    earlier: Sequence[date] = (),
    series: Series | None = None,
    post: bool = True,
) -> list[MonthCredit]:
    """Credit a month to members and make good earlier months, as known on a day.

    Posts in one transaction, or only reckons (`post=False`). One whose month cannot be decided, or
    whose account could not bear what is taken back, is returned with `refused`.
    """
    series = series or figures.known(area_id, as_of)
    months = (month, *earlier)
    found_members = list(members)
    # Lock before reading what is posted: two runs at once then see each other's entries.
    accounts = _accounts(found_members, lock=post)
    inputs = CreditInputs(found_members, months, as_of=as_of)
    found = [
        one
        for each in months
        for one in _month(inputs, accounts, area_id, each, as_of=as_of, series=series)
    ]
    if post:
        ledger.post_many([posting for one in found for posting in one.postings])
    return found


def _accounts(members: Sequence[Member], *, lock: bool) -> dict[int, Account]:
    """The members' accounts by member, locked so that their balances hold until posted."""
    accounts = Account.objects.filter(member__in=members).order_by("pk")
    if lock:
        accounts = accounts.select_for_update(no_key=True)
    return {account.member_id: account for account in accounts}


def _month(
    inputs: CreditInputs,
    accounts: dict[int, Account],
    area_id: str,
    month: date,
    *,
    as_of: date,
    series: Series,
) -> Iterator[MonthCredit]:
    try:
        rules = rulebook.credit_on(month, area_id=area_id)
    except rulebook.NoPolicyInForce:
        return
    for member in inputs.members.values():
        person = inputs.person(member, month)
        try:
            outcome = engine.credit(rules.tables, person, month, series)
        except PolicyError as error:
            nothing = CreditOutcome(0, (), NoCredit.NO_RULE.value, ())
            yield MonthCredit(member.pk, month, nothing, (), str(error))
            continue
        due = _Due(month, as_of, rules.version_id, outcome)
        yield due.of(member, accounts.get(member.pk), inputs.posted(member, month))


class _Due(NamedTuple):
    """What is owed for a month, against what stands in an account for it."""

    month: date
    as_of: date
    version_id: int
    outcome: CreditOutcome

    def of(self, member: Member, account: Account | None, posted: Posted) -> MonthCredit:
        """What is to be posted to a member's account; the account's balance moves along."""
        month, outcome = self.month, self.outcome
        if account is None or account.closed_on is not None:
            refused = NoCredit.NO_ACCOUNT.value if outcome.amount else ""
            return MonthCredit(member.pk, month, outcome, (), refused)
        if posted.first_entry_id is None:
            return MonthCredit(member.pk, month, outcome, self._credits(account))
        difference = outcome.amount - posted.amount
        if difference == 0:
            return MonthCredit(member.pk, month, outcome, ())
        if account.balance + yuan(difference) < 0:
            return MonthCredit(member.pk, month, outcome, (), "below_zero")
        account.balance += yuan(difference)
        return MonthCredit(
            member.pk, month, outcome, (self._difference(account, difference, posted),)
        )

    def _credits(self, account: Account) -> tuple[Posting, ...]:
        return tuple(
            Posting(
                kind=Entry.Kind.CREDIT,
                amount=yuan(part.amount),
                key=f"credit:{self.month:%Y-%m}:{part.rule}:0",
                rule=part.rule,
                article=part.article,
                source_fund=part.source,
                provisional=part.provisional,
                **self._common(account),
            )
            for part in self.outcome.parts
        )

    def _difference(self, account: Account, amount: int, posted: Posted) -> Posting:
        """One entry for the whole difference, under the month's first rule, next in revision."""
        part = self.outcome.parts[0] if self.outcome.parts else None
        rule = part.rule if part else NoCredit.NO_RULE.value
        return Posting(
            kind=Entry.Kind.DIFFERENCE,
            amount=yuan(amount),
            key=f"credit:{self.month:%Y-%m}:{rule}:{posted.next_revision}",
            rule=rule,
            revision=posted.next_revision,
            article=part.article if part else "",
            source_fund=part.source if part else "",
            corrects_id=posted.first_entry_id,
            provisional=self.outcome.provisional,
            **self._common(account),
        )

    def _common(self, account: Account) -> dict[str, Any]:
        return {
            "account_id": account.pk,
            "area_id": account.area_id,
            "period": self.month,
            "made_on": self.as_of,
            "version_id": self.version_id,
        }
