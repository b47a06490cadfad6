"""Locking a member's year totals (年度累计); settlements alone move them, through the database."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from members.models import Member, YearTotal


def lock(member: Member, *, care: str, year: int, on: date) -> YearTotal:
    """Lock the total of a kind of care and a policy year, opening it at zero where there is none.

    Read what it holds in this statement's answer, never in one before it.
    """
    standing = _locked(member, care, year).first()
    if standing is None:
        YearTotal.objects.bulk_create(
            [YearTotal(member=member, area_id=member.area_id, care=care, year=year, opened_on=on)],
            ignore_conflicts=True,
        )
        standing = _locked(member, care, year).get()
    return standing


def _locked(member: Member, care: str, year: int) -> QuerySet[YearTotal]:
    totals = YearTotal.objects.select_for_update(no_key=True)
    return totals.filter(member=member, care=care, year=year)
