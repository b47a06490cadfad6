"""Open a new year (年度结转): totals start again, balances carry over, incentives are awarded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from members import ledger
from members.ledger import Posting
from members.models import Account, Entry, Member, YearTotal
from members.models.year_total import ALL_CARE
from policies import engine
from policies.engine.money import yuan
from policies.engine.rows import ORDINARY, Incentive
from policies.selectors import rulebook


class Opened(NamedTuple):
    """What opening a year did for some members."""

    totals: int
    awards: dict[int, int]
    """The award in fen by member."""


@transaction.atomic
def open_year(
    members: Iterable[Member], *, area_id: str, year: int, as_of: date, post: bool = True
) -> Opened:
    """Open a year for members: its totals at zero, and the award for the year before."""
    found = list(members)
    awards = awards_for(found, area_id=area_id, year=year - 1)
    if not post:
        return Opened(_missing_totals(found, year), awards)
    opened = _open_totals(found, year)
    _post_awards(awards, year=year, as_of=as_of, area_id=area_id)
    return Opened(opened, awards)


def awards_for(members: Iterable[Member], *, area_id: str, year: int) -> dict[int, int]:
    """The incentive in fen for a year by member, where the area has one and the year was clean."""
    rule = _incentive(area_id, year)
    if rule is None:
        return {}
    eligible = [member for member in members if member.has_account]
    paid = _years_paid(eligible, rule.first_year, year)
    found = {}
    for member in eligible:
        clean = clean_years(member, paid.get(member.pk, set()), year, first=rule.first_year)
        amount = engine.award(rule, clean, year).amount if clean else 0
        if amount:
            found[member.pk] = amount
    return found


def clean_years(member: Member, paid: set[int], year: int, *, first: int) -> int:
    """How many full years in a row, up to a year, were insured and without a fund payment."""
    count = 0
    while year - count >= first and _insured_all(member, year - count) and year - count not in paid:
        count += 1
    return count


def _insured_all(member: Member, year: int) -> bool:
    """Insured and alive through the natural year, never suspended."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    if member.insured_from > first or (member.insured_until or date.max) < after:
        return False
    died_on = member.person.died_on
    if died_on is not None and died_on < after:
        return False
    return not any(
        suspension.suspended_from < after and (suspension.suspended_until or date.max) > first
        for suspension in member.suspensions.all()
    )


def _incentive(area_id: str, year: int) -> Incentive | None:
    last_day = date(year, 12, 31)
    if rulebook.version_on(last_day, area_id=area_id, subject="credit") is None:
        return None
    return rulebook.credit_on(last_day, area_id=area_id).tables.incentive


def _years_paid(members: Iterable[Member], first: int, last: int) -> dict[int, set[int]]:
    rows = YearTotal.objects.filter(
        ~Q(care=ALL_CARE), member__in=[member.pk for member in members], fund__gt=0
    )
    found: dict[int, set[int]] = {}
    for member, year in rows.filter(year__range=(first, last)).values_list("member_id", "year"):
        found.setdefault(member, set()).add(year)
    return found


def _missing_totals(members: list[Member], year: int) -> int:
    standing = YearTotal.objects.filter(
        member__in=[member.pk for member in members], year=year, care=ORDINARY
    )
    return len(members) - standing.count()


def _open_totals(members: list[Member], year: int) -> int:
    missing = _missing_totals(members, year)
    if missing:
        YearTotal.objects.bulk_create(
            (
                YearTotal(
                    member=member,
                    area_id=member.area_id,
                    care=ORDINARY,
                    year=year,
                    opened_on=date(year, 1, 1),
                )
                for member in members
            ),
            ignore_conflicts=True,
        )
    return missing


def _post_awards(awards: dict[int, int], *, year: int, as_of: date, area_id: str) -> None:
    rules = rulebook.credit_on(date(year - 1, 12, 31), area_id=area_id) if awards else None
    if rules is None or rules.tables.incentive is None:
        return
    accounts = Account.objects.filter(member__in=awards, closed_on__isnull=True)
    ledger.post_many(
        [
            Posting(
                account_id=account.pk,
                area_id=account.area_id,
                kind=Entry.Kind.INCENTIVE,
                amount=yuan(awards[account.member_id]),
                key=f"incentive:{year - 1}",
                made_on=as_of,
                period=date(year, 1, 1),
                rule="incentive",
                article=rules.tables.incentive.article,
                source_fund="pooled",
                version_id=rules.version_id,
            )
            for account in accounts
        ]
    )
