"""Enrolment (参保登记): who is insured where, since when, and when it is suspended or ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from bureau import audit
from bureau.models import PoolingArea, User
from facilities.services.keeping import keep
from members import ledger
from members.models import Employer, Member, Person, StatusChange, Suspension
from members.models.enrolment import EMPLOYEE_SCHEME
from policies.engine.vocabulary import EmployerGroup


@transaction.atomic
def enrol(
    person: Person,
    *,
    area: PoolingArea,
    insured_from: date,
    status: str,
    scheme: str = EMPLOYEE_SCHEME,
    has_account: bool = True,
    employer: Employer | None = None,
    employer_group: str | None = None,
    retirement_pension: Decimal | None = None,
    frozen_credit: Decimal | None = None,
    supplementary_scheme: str = "",
    by: User | None,
) -> Member:
    """Enrol a person with a first status and, where the insurance has one, an account."""
    group = employer_group or (employer.group if employer else EmployerGroup.ENTERPRISE.value)
    member = Member(
        person=person,
        area=area,
        scheme=scheme,
        number=_next_number(area),
        insured_from=insured_from,
        has_account=has_account,
        employer=employer,
        employer_group=group,
        retirement_pension=retirement_pension,
        frozen_credit=frozen_credit,
        supplementary_scheme=supplementary_scheme,
    )
    keep(member)
    keep(StatusChange(member=member, changed_on=insured_from, status=status))
    if has_account:
        ledger.open_account(member, on=insured_from)
    audit.record("member enrolled", member, by=by)
    return member


def expect_enrollable(
    person: Person, *, area: PoolingArea, scheme: str, insured_from: date
) -> None:
    """Raise ValidationError where the person is insured in that scheme and area at the time."""
    Member(
        person=person, area=area, scheme=scheme, insured_from=insured_from
    ).validate_constraints()


@transaction.atomic
def end(member: Member, *, on: date, reason: str, by: User | None) -> Member:
    """End an enrolment: `on` is the first day that is no longer insured."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    member.insured_until = on
    keep(member)
    audit.record("enrolment ended", member, by=by, detail={"on": str(on), "reason": reason})
    return member


@transaction.atomic
def suspend(member: Member, *, since: date, reason: str, by: User | None) -> Suspension:
    """Suspend an enrolment (暂停参保) from a day on."""
    suspension = Suspension(member=member, suspended_from=since, reason=reason)
    keep(suspension)
    audit.record("enrolment suspended", member, by=by, detail={"since": str(since)})
    return suspension


@transaction.atomic
def resume(suspension: Suspension, *, on: date, by: User | None) -> Suspension:
    """End a suspension: `on` is the first day that is insured again."""
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    suspension.suspended_until = on
    keep(suspension)
    audit.record("enrolment resumed", suspension.member, by=by, detail={"on": str(on)})
    return suspension


def _next_number(area: PoolingArea) -> str:
    """A member number (psn_no) of 20 digits: the area and a running number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('members_member_number')")
        return f"{area.pk}{cursor.fetchone()[0]:014d}"
