"""The verbs of the ledger: lock the account, see whether it bears the movement, post it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from members.ledger.errors import ClosedAccountError, InsufficientBalanceError
from members.ledger.posting import Posting, post, post_chunk, posted_before
from members.models import Account, Entry, Member
from policies.models import PolicyVersion

ROWS_PER_STATEMENT = 5_000
SMALLEST_EXPONENT = -2


def open_account(member: Member, *, on: date, balance: Decimal = Decimal(0)) -> Account:
    """Open the member's account, with the balance brought along (yuan) as its first entry."""
    with transaction.atomic():
        account = Account.objects.create(member=member, area_id=member.area_id, opened_on=on)
        if balance:
            credit(account, balance, key="opening", on=on, kind=Entry.Kind.OPENING)
            account.refresh_from_db(fields=["balance"])
    return account


def lock(account: Account) -> Account:
    """Lock an account until the transaction ends and return it as it stands then."""
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def lock_many(account_ids: Iterable[int]) -> dict[int, Account]:
    """Lock several accounts, by ascending id whatever the order asked for."""
    accounts = Account.objects.select_for_update(no_key=True).order_by("pk")
    return {account.pk: account for account in accounts.filter(pk__in=set(account_ids))}


def pay(
    account: Account,
    amount: Decimal,
    *,
    key: str,
    on: date,
    kind: str = Entry.Kind.PAYMENT,
    rule: str = "",
    article: str = "",
    version: PolicyVersion | None = None,
) -> Entry:
    """Take an amount (yuan, above 0) out of the account: a payment, or another kind that leaves it.

    Raises InsufficientBalanceError, ClosedAccountError or KeyTakenError.
    """
    posting = Posting(
        account_id=account.pk,
        area_id=account.area_id,
        kind=kind,
        amount=-_positive(amount),
        key=key,
        made_on=on,
        rule=rule,
        article=article,
        version_id=version.pk if version else None,
    )
    return _post_locked(account, posting)


def credit(
    account: Account,
    amount: Decimal,
    *,
    key: str,
    on: date,
    kind: str = Entry.Kind.CREDIT,
    period: date | None = None,
    rule: str = "",
    revision: int = 0,
    article: str = "",
    source_fund: str = "",
    version: PolicyVersion | None = None,
    corrects: Entry | None = None,
    provisional: bool = False,
) -> Entry:
    """Put an amount (yuan) into the account for a month (`period`, its first day) under a rule.

    Only a difference may be negative, and then not beyond the balance.
    Raises InsufficientBalanceError, ClosedAccountError or KeyTakenError.
    """
    posting = Posting(
        account_id=account.pk,
        area_id=account.area_id,
        kind=kind,
        amount=_in_fen(amount) if kind == Entry.Kind.DIFFERENCE else _positive(amount),
        key=key,
        made_on=on,
        period=period,
        rule=rule,
        revision=revision,
        article=article,
        source_fund=source_fund,
        version_id=version.pk if version else None,
        corrects_id=corrects.pk if corrects else None,
        provisional=provisional,
    )
    return _post_locked(account, posting)


def refund(payment: Entry, *, key: str, on: date) -> Entry:
    """Give back the whole of a payment, once; to a closed account too, which then owes it.

    Raises KeyTakenError where the payment was given back under another key.
    """
    if payment.kind != Entry.Kind.PAYMENT:
        raise ValueError(f"{payment} is no payment")
    posting = Posting(
        account_id=payment.account_id,
        area_id=payment.area_id,
        kind=Entry.Kind.REFUND,
        amount=-payment.amount,
        key=key,
        made_on=on,
        corrects_id=payment.pk,
    )
    with transaction.atomic():
        lock(payment.account)
        return post(posting)


def entry_for(account: Account, key: str) -> Entry | None:
    """The entry posted under a business key, if any."""
    return Entry.objects.filter(account=account, key=key).first()


def post_many(postings: Sequence[Posting]) -> int:
    """Post many movements; return how many are new. What stands already is left as it is.

    Raises KeyTakenError, and posts nothing, where a key stands with other content. A balance that
    would fall below 0 is an IntegrityError of the whole: a batch looks at `lock_many` first.
    """
    ordered = sorted(postings, key=lambda posting: posting.place)
    starts = range(0, len(ordered), ROWS_PER_STATEMENT)
    with transaction.atomic():
        return sum(post_chunk(ordered[start : start + ROWS_PER_STATEMENT]) for start in starts)


def _post_locked(account: Account, posting: Posting) -> Entry:
    """Post what the balance allows, having locked it; what was posted before is posted."""
    with transaction.atomic():
        locked = lock(account)
        if locked.closed_on is None and locked.balance + posting.amount >= 0:
            return post(posting)
        return posted_before(posting) or _refuse_movement(locked, posting)


def _in_fen(amount: Decimal) -> Decimal:
    """The amount, if it has whole fen: the database would round another without a word."""
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < SMALLEST_EXPONENT:
        raise ValueError(f"{amount} is no amount in whole fen")
    return amount


def _positive(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise ValueError(f"{amount} is no amount above 0")
    return _in_fen(amount)


def _refuse_movement(account: Account, posting: Posting) -> NoReturn:
    if account.closed_on is not None:
        raise ClosedAccountError(
            _("The account of %(member)s was closed on %(day)s.")
            % {"member": account.member.number, "day": account.closed_on}
        )
    raise InsufficientBalanceError(
        _("The account holds %(balance)s yuan; %(amount)s are asked of it.")
        % {"balance": account.balance, "amount": -posting.amount}
    )
