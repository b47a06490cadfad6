"""Who a member is on a day, as the engine asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from facilities.models import Institution
from facilities.models.period import running
from facilities.selectors import standing as facilities
from members.models import Member, SignedContract
from policies.engine.bill import Person


def on(
    member: Member,
    day: date,
    *,
    terms_of: Institution,
    referred: bool = False,
    account_can_pay: int = 0,
) -> Person:
    """The member on a day of service, seen from the institution whose terms hold."""
    contracts = contracts_on(member, day)
    return Person(
        born=member.person.born,
        statuses=statuses(member),
        insured=insured(member, day),
        has_account=member.has_account,
        inpatient=inpatient(member, day),
        filed=filed(member, terms_of.region, day),
        signed_here=signed_with(contracts, terms_of, day),
        signed_primary=any(
            contract.institution is not None and contract.institution.is_primary
            for contract in contracts
        ),
        employer_group=member.employer_group,
        special_groups=special_groups(member, day),
        family_doctor=any(contract.family_doctor for contract in contracts),
        referred=referred,
        account_can_pay=account_can_pay,
    )


def statuses(member: Member) -> tuple[tuple[date, str], ...]:
    """The member's changes of status, earliest first."""
    changes = member.status_changes.order_by("changed_on")
    return tuple(changes.values_list("changed_on", "status"))


def insured(member: Member, day: date) -> bool:
    """Enrolled on the day, alive and not suspended."""
    if day < member.insured_from:
        return False
    if member.insured_until is not None and day >= member.insured_until:
        return False
    if member.person.died_on is not None and day > member.person.died_on:
        return False
    suspended = running(day, starts="suspended_from", ends="suspended_until")
    return not member.suspensions.filter(suspended).exists()


def inpatient(member: Member, day: date) -> bool:
    """In hospital or in a home bed on the day; the day of discharge still counts."""
    return member.stays.filter(
        Q(discharged_on__isnull=True) | Q(discharged_on__gte=day), admitted_on__lte=day
    ).exists()


def filed(member: Member, region: str, day: date) -> bool:
    """An out-of-area filing (异地就医备案) covers the place on the day."""
    running_then = running(day, starts="filed_from", ends="filed_until")
    return any(filing.covers(region) for filing in member.filings.filter(running_then))


def special_groups(member: Member, day: date) -> frozenset[str]:
    """The special groups that the member belongs to on the day."""
    belongs = running(day, starts="joined_on", ends="left_on")
    return frozenset(member.special_groups.filter(belongs).values_list("group", flat=True))


def contracts_on(member: Member, day: date) -> Sequence[SignedContract]:
    """The contracts (签约) in force on the day."""
    in_force = running(day, starts="signed_from", ends="signed_until")
    return list(member.contracts.filter(in_force).select_related("institution"))


def signed_with(contracts: Sequence[SignedContract], institution: Institution, day: date) -> bool:
    """A contract is with the institution, or with the consortium it belongs to on the day."""
    if any(contract.institution_id == institution.pk for contract in contracts):
        return True
    consortia = [contract.consortium_id for contract in contracts if contract.consortium_id]
    if not consortia:
        return False
    consortium = facilities.consortium_on(institution, day)
    return consortium is not None and consortium.pk in consortia
