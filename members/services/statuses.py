"""Insured statuses (参保身份) and special groups of members, as they change over time."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from facilities.services.keeping import keep
from members.models import Member, SpecialGroupMembership, StatusChange


@transaction.atomic
def change(member: Member, *, to: str, on: date, by: User | None) -> StatusChange:
    """Record the day on which a member's status changed."""
    changed = StatusChange(member=member, changed_on=on, status=to)
    keep(changed)
    audit.record("status changed", member, by=by, detail={"on": str(on), "to": to})
    return changed


@transaction.atomic
def strike_out(changed: StatusChange, *, reason: str, by: User | None) -> None:
    """Take back a change that was recorded by mistake; the log keeps it. The first one stays."""
    member = Member.objects.select_for_update().get(pk=changed.member_id)
    if member.status_changes.order_by("changed_on").first() == changed:
        raise ValidationError(_("A member keeps the first status; record another one instead."))
    detail = {"on": str(changed.changed_on), "status": changed.status, "reason": reason}
    audit.record("change of status struck out", member, by=by, detail=detail)
    changed.delete()


@transaction.atomic
def join_group(member: Member, *, group: str, on: date, by: User | None) -> SpecialGroupMembership:
    """Let a member belong to a special group from a day on."""
    membership = SpecialGroupMembership(member=member, group=group, joined_on=on)
    keep(membership)
    audit.record("special group joined", member, by=by, detail={"group": group, "on": str(on)})
    return membership


@transaction.atomic
def leave_group(
    membership: SpecialGroupMembership, *, on: date, by: User | None
) -> SpecialGroupMembership:
    """End a membership: `on` is the first day outside the group."""
    membership = SpecialGroupMembership.objects.select_for_update().get(pk=membership.pk)
    membership.left_on = on
    keep(membership)
    detail = {"group": membership.group, "on": str(on)}
    audit.record("special group left", membership.member, by=by, detail=detail)
    return membership
