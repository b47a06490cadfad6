"""Contributions and pensions as they are reported to the bureau (缴费、养老金)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from bureau import audit
from bureau.models import User
from facilities.services.keeping import keep
from members.models import Contribution, Member, Pension


@transaction.atomic
def record(
    member: Member,
    *,
    month: date,
    base: Decimal,
    amount: Decimal = Decimal(0),
    due_on: date | None = None,
    received_on: date | None = None,
    paid_for_until: date | None = None,
    by: User | None,
) -> Contribution:
    """Record a month's contribution (yuan); what was recorded before is superseded, not changed."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    latest = member.contributions.filter(month=month).order_by("-revision").first()
    contribution = Contribution(
        member=member,
        area_id=member.area_id,
        month=month,
        revision=latest.revision + 1 if latest else 0,
        base=base,
        amount=amount,
        due_on=due_on,
        received_on=received_on,
        paid_for_until=paid_for_until,
    )
    keep(contribution)
    audit.record("contribution recorded", contribution, by=by)
    return contribution


@transaction.atomic
def record_pension(
    member: Member, *, from_month: date, amount: Decimal, by: User | None
) -> Pension:
    """Record the monthly pension (yuan) from a month on; the same month again corrects it."""
    pension = Pension.objects.filter(member=member, from_month=from_month).first() or Pension(
        member=member, from_month=from_month
    )
    before = pension.amount
    pension.amount = amount
    keep(pension)
    detail = {"from": str(from_month), "amount": str(amount), "before": str(before or "")}
    audit.record("pension recorded", member, by=by, detail=detail)
    return pension
