"""Storing a chunk of lives and what was settled for them, in the order that the keys ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from django.db import connection, models, transaction

from claims.population import rows
from claims.population.book import Book, Refund, Wave
from claims.population.chance import happens
from claims.population.life import Life
from claims.population.tables import SettlementRow
from claims.population.writing import as_json, copy
from claims.settlement.models import BillLine, Prescription, SettledLine, Settlement, Visit
from members import ledger
from members.ledger import Posting
from members.models import (
    Account,
    Card,
    CardLoss,
    Contribution,
    Entry,
    Filing,
    Member,
    Pension,
    Person,
    Relation,
    SignedContract,
    SpecialGroupMembership,
    StatusChange,
    Stay,
    Suspension,
    YearTotal,
)

BEFALLEN: tuple[tuple[type[models.Model], str], ...] = (
    (Suspension, "suspensions"),
    (Stay, "stays"),
    (Filing, "filings"),
    (SignedContract, "contracts"),
    (SpecialGroupMembership, "special_groups"),
)


@transaction.atomic
def store(lives: Sequence[Life], book: Book, *, cards: Iterator[int], chance: Random) -> None:
    """Write a chunk in one transaction; the database checks all of it before it ends."""
    store_members(lives, cards=cards, chance=chance)
    store_book(book)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def store_members(lives: Sequence[Life], *, cards: Iterator[int], chance: Random) -> None:
    """Write people, their enrolments and what befell them, and open their accounts."""
    copy(Person, [rows.person(life) for life in lives])
    copy(Member, [rows.member(life) for life in lives])
    copy(StatusChange, [row for life in lives for row in rows.statuses(life)])
    copy(Contribution, [row for life in lives for row in rows.contributions(life, chance)])
    copy(Pension, [row for life in lives for row in rows.pensions(life)])
    _store_cards(lives, cards, chance)
    for model, name in BEFALLEN:
        copy(model, [row for life in lives for row in getattr(life, name)])
    copy(Relation, list(rows.couples(lives, chance)))
    copy(Account, rows.accounts(lives))
    ledger.post_many(rows.openings(lives))


def _store_cards(lives: Sequence[Life], numbers: Iterator[int], chance: Random) -> None:
    cards = [rows.card(life, next(numbers)) for life in lives]
    copy(Card, cards)
    copy(CardLoss, [rows.card_loss(card.id) for card in cards if happens(chance, "lost_card")])


def store_book(book: Book) -> None:
    """Write what was settled: totals at zero, then the settlements that move them."""
    copy(YearTotal, [rows.total(total) for total in book.totals])
    copy(Prescription, book.prescriptions)
    copy(Visit, book.visits)
    copy(BillLine, book.lines)
    copy(Settlement, [_with_json(settled) for settled in book.settlements])
    for wave in book.waves:
        copy(SettledLine, wave.lines)
        ledger.post_many(wave.payments)
        ledger.post_many(list(_refunds(wave)))


def _with_json(settled: SettlementRow) -> SettlementRow:
    return settled | {name: as_json(settled[name]) for name in ("facts", "steps")}


def _refunds(wave: Wave) -> Iterator[Posting]:
    """The refunds of a wave; the payments that they give back stand by now."""
    by_key: dict[tuple[int, str], Refund] = {
        (one.account_id, one.payment_key): one for one in wave.refunds
    }
    payments = Entry.objects.filter(
        account__in={account for account, _key in by_key}, key__in={key for _id, key in by_key}
    )
    for payment in payments:
        refund = by_key[payment.account_id, payment.key]
        yield Posting(
            account_id=payment.account_id,
            area_id=payment.area_id,
            kind=Entry.Kind.REFUND,
            amount=-payment.amount,
            key=refund.key,
            made_on=refund.on,
            corrects_id=payment.pk,
        )
