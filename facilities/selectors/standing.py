"""Where an institution stands on a day: its agreement, its consortium, whose terms it has."""

from __future__ import annotations

from datetime import date

from facilities.models import Agreement, Consortium, Institution
from facilities.models.period import running


def physical(institution: Institution) -> Institution:
    """The institution whose terms hold: for an internet hospital its physical one."""
    return institution.physical or institution


def agreement_on(institution: Institution, on: date) -> Agreement | None:
    """The agreement in force on the day, of the physical institution for an internet hospital."""
    in_force = running(on, starts="in_force_from", ends="in_force_until")
    return Agreement.objects.filter(in_force, institution=physical(institution)).first()


def designated(institution: Institution, on: date) -> bool:
    """Whether the institution is designated (定点) on the day: an agreement is in force."""
    return agreement_on(institution, on) is not None


def consortium_on(institution: Institution, on: date) -> Consortium | None:
    """The consortium (医共体) that the institution belongs to on the day."""
    belongs = running(on, starts="memberships__joined_on", ends="memberships__left_on")
    return Consortium.objects.filter(
        belongs, memberships__institution=physical(institution)
    ).first()
