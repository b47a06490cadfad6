"""Who belongs to a consortium (医共体) from when until when."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from facilities.models import Consortium, ConsortiumMembership, Institution
from facilities.services.keeping import keep


@transaction.atomic
def join(
    consortium: Consortium, institution: Institution, *, on: date, by: User | None
) -> ConsortiumMembership:
    """Let an institution join from the day; it belongs to one consortium at a time."""
    membership = ConsortiumMembership(consortium=consortium, institution=institution, joined_on=on)
    keep(membership)
    audit.record("consortium joined", membership, by=by, area_id=consortium.area_id)
    return membership


@transaction.atomic
def let_go(
    consortium: Consortium, institution: Institution, *, on: date, by: User | None
) -> ConsortiumMembership:
    """Let the institution leave that belongs to the consortium now; raises ValidationError."""
    belonging = consortium.memberships.filter(institution=institution, left_on__isnull=True).first()
    if belonging is None:
        raise ValidationError(_("This institution does not belong to the consortium."))
    return leave(belonging, on=on, by=by)


@transaction.atomic
def leave(membership: ConsortiumMembership, *, on: date, by: User | None) -> ConsortiumMembership:
    """Let an institution leave: `on` is the first day on which it is outside."""
    membership = ConsortiumMembership.objects.select_for_update().get(pk=membership.pk)
    membership.left_on = on
    keep(membership)
    audit.record("consortium left", membership, by=by, area_id=membership.consortium.area_id)
    return membership
