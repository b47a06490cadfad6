"""Signed contracts (签约): signed, changed to another institution, ended; dated throughout.

How many a member may hold at once is what the terms of the area's ordinary outpatient benefit say;
each then has an order number, and the database keeps one contract at a time under each.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from facilities.models import Consortium, Institution
from facilities.services.keeping import keep
from members.models import Member, SignedContract
from policies.engine.rows import ORDINARY
from policies.models import TermsRow
from policies.selectors import rulebook

Partner = Institution | Consortium


@transaction.atomic
def sign(
    member: Member,
    partner: Partner,
    *,
    signed_from: date,
    signed_until: date | None = None,
    family_doctor: bool = False,
    by: User | None,
) -> SignedContract:
    """Sign an institution or a consortium; raises ValidationError if the area allows no more."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    contract = _draft(
        member,
        partner,
        slot=_free_slot(member, signed_from, signed_until),
        signed_from=signed_from,
        signed_until=signed_until,
        family_doctor=family_doctor,
    )
    keep(contract)
    audit.record("contract signed", contract, by=by)
    return contract


@transaction.atomic
def change(contract: SignedContract, *, to: Partner, on: date, by: User | None) -> SignedContract:
    """Change to another partner: the old contract ends the day on which the new one begins."""
    old = _lock(contract)
    new = _draft(
        old.member,
        to,
        slot=old.slot,
        signed_from=on,
        signed_until=old.signed_until,
        family_doctor=old.family_doctor,
    )
    old.signed_until = on
    keep(old)
    keep(new)
    audit.record("contract changed", new, by=by, detail={"before": old.pk})
    return new


@transaction.atomic
def end(contract: SignedContract, *, on: date, reason: str, by: User | None) -> SignedContract:
    """End a contract: `on` is the first day on which it no longer holds."""
    contract = _lock(contract)
    contract.signed_until = on
    keep(contract)
    audit.record("contract ended", contract, by=by, detail={"reason": reason})
    return contract


def allowed_at_once(member: Member, on: date) -> int:
    """How many contracts the member's area allows at a time on a day; one where it is silent."""
    version = rulebook.version_on(
        on, area_id=member.area_id, subject="benefit", scheme=member.scheme
    )
    terms = TermsRow.objects.filter(version=version, care=ORDINARY) if version else ()
    return next((row.contracts_at_once for row in terms), 1)


def _draft(member: Member, partner: Partner, **terms: Any) -> SignedContract:
    return SignedContract(
        member=member,
        area_id=member.area_id,
        institution=partner if isinstance(partner, Institution) else None,
        consortium=partner if isinstance(partner, Consortium) else None,
        **terms,
    )


def _free_slot(member: Member, starts: date, ends: date | None) -> int:
    later_than_start = Q(signed_until__isnull=True) | Q(signed_until__gt=starts)
    standing = member.contracts.filter(later_than_start)
    if ends is not None:
        standing = standing.filter(signed_from__lt=ends)
    taken = {contract.slot: contract for contract in standing}
    allowed = allowed_at_once(member, starts)
    for slot in range(1, allowed + 1):
        if slot not in taken:
            return slot
    raise ValidationError(
        _("The member is signed with %(partner)s in that time; change or end that contract.")
        % {"partner": ", ".join(str(contract.partner) for contract in taken.values())}
    )


def _lock(contract: SignedContract) -> SignedContract:
    return SignedContract.objects.select_for_update().get(pk=contract.pk)
