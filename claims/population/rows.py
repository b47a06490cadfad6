"""Lives as the rows of the members' tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

from bureau.clock import SHANGHAI, next_month
from claims.population import times
from claims.population.chance import happens
from claims.population.life import Life
from claims.population.naming import spelt
from claims.population.tables import (
    AccountRow,
    CardRow,
    ContributionRow,
    MemberRow,
    PensionRow,
    PersonRow,
    StatusRow,
    YearTotalRow,
)
from members.identity import cipher
from members.ledger import Posting
from members.models import CardLoss, Entry, Relation, YearTotal
from policies.engine.money import share, yuan
from policies.engine.vocabulary import Beneficiary

OWN_PART = 20_000
"""A member's own contribution: 2 % of the base, in millionths."""

NOTHING = Decimal(0)
ADULT = 24
PAY_DAY = 15


def person(life: Life) -> PersonRow:
    """The person of a life, the identity number sealed."""
    kind, number = life.document
    spelling = spelt(life.name)
    return PersonRow(
        life.person_id,
        kind,
        cipher.seal(number),
        cipher.blind_index(kind, number),
        life.name,
        spelling.full,
        spelling.initials,
        life.sex,
        life.born,
        life.died_on,
    )


def member(life: Life) -> MemberRow:
    """The enrolment of a life."""
    return MemberRow(
        life.member_id,
        life.person_id,
        life.area.code,
        life.scheme,
        life.number,
        life.insured_from,
        life.insured_until,
        life.has_account,
        life.employer_id,
        life.employer_group,
        _yuan_or_none(life.retirement_pension),
        _yuan_or_none(life.frozen_credit),
        life.supplementary_scheme,
    )


def accounts(lives: Iterable[Life]) -> list[AccountRow]:
    """The accounts of those who have one."""
    return [
        AccountRow(life.account_id, life.member_id, life.area.code, NOTHING, life.insured_from)
        for life in lives
        if life.account_id is not None
    ]


def openings(lives: Iterable[Life]) -> list[Posting]:
    """What the accounts hold when the history begins."""
    return [
        Posting(
            account_id=life.account_id,
            area_id=life.area.code,
            kind=Entry.Kind.OPENING,
            amount=yuan(life.balance),
            key="opening",
            made_on=max(times.FIRST_DAY, life.insured_from),
        )
        for life in lives
        if life.account_id is not None and life.balance
    ]


def statuses(life: Life) -> Iterator[StatusRow]:
    """The changes of status of a life."""
    return (StatusRow(life.member_id, changed_on, status) for changed_on, status in life.statuses)


def contributions(life: Life, chance: Random) -> Iterator[ContributionRow]:
    """The contributions of the last months, some of them not received yet."""
    if life.base is None:
        return
    for month in times.CONTRIBUTED_MONTHS:
        if not _insured_in(life, month):
            continue
        paid_on = month.replace(day=PAY_DAY)
        yield ContributionRow(
            life.member_id,
            life.area.code,
            month,
            0,
            yuan(life.base),
            yuan(share(life.base, OWN_PART)),
            paid_on,
            None if happens(chance, "contribution_late") else paid_on,
        )


def pensions(life: Life) -> Iterator[PensionRow]:
    """The pension of who has one, since its first month."""
    if life.pension is not None:
        since = next_month(life.statuses[-1][0])
        yield PensionRow(life.member_id, since, yuan(life.pension))


def card(life: Life, pk: int) -> CardRow:
    """The card of a life."""
    return CardRow(pk, life.member_id, f"D{int(life.number[6:]):08d}", life.insured_from)


def card_loss(card_id: int) -> CardLoss:
    """A card reported lost on the last day and not found again."""
    reported_at = datetime.combine(times.LAST_DAY, time(10), SHANGHAI)
    return CardLoss(card_id=card_id, reported_at=reported_at)


def total(opened: YearTotal) -> YearTotalRow:
    """A year total as it opens, whatever has been added to it in memory."""
    return YearTotalRow(
        opened.pk,
        opened.member_id,
        opened.area_id,
        opened.care,
        opened.year,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        opened.opened_on,
    )


def couples(lives: Sequence[Life], chance: Random) -> Iterator[Relation]:
    """Neighbours in the list who are married to each other."""
    for one, other in zip(lives[::2], lives[1::2], strict=False):
        years = one.born.year, other.born.year
        fit = one.sex != other.sex and max(years) - min(years) <= ADULT // 2
        if fit and max(years) + ADULT <= times.FIRST_DAY.year and happens(chance, "married"):
            since = date(max(years) + ADULT, 6, 1)
            for person_id, relative_id in (
                (one.person_id, other.person_id),
                (other.person_id, one.person_id),
            ):
                yield Relation(
                    person_id=person_id,
                    relative_id=relative_id,
                    kind=Beneficiary.SPOUSE.value,
                    since=since,
                )


def _insured_in(life: Life, month: date) -> bool:
    if life.insured_from > month or (life.insured_until or date.max) <= month:
        return False
    if life.died_on is not None and life.died_on < month:
        return False
    return not any(one.suspended_from <= month for one in life.suspensions[-1:])


def _yuan_or_none(amount: int | None) -> Decimal | None:
    return None if amount is None else yuan(amount)
