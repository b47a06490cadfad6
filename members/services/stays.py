"""Stays as an inpatient or in a home bed (住院、家庭病床)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bureau import audit
from bureau.models import User
from facilities.models import Institution
from facilities.services.keeping import keep
from members.models import Member, Stay


@transaction.atomic
def admit(
    member: Member,
    *,
    on: date,
    kind: str = Stay.Kind.INPATIENT,
    institution: Institution | None = None,
    by: User | None,
) -> Stay:
    """Record an admission."""
    stay = Stay(member=member, kind=kind, institution=institution, admitted_on=on)
    keep(stay)
    audit.record("admitted", stay, by=by, area_id=member.area_id)
    return stay


@transaction.atomic
def discharge(stay: Stay, *, on: date, by: User | None) -> Stay:
    """Record the discharge; its day is still an inpatient day."""
    stay = Stay.objects.select_for_update().get(pk=stay.pk)
    stay.discharged_on = on
    keep(stay)
    audit.record("discharged", stay, by=by, area_id=stay.member.area_id)
    return stay
