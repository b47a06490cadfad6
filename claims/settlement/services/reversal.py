"""Take a settlement back (冲销), once, as its exact mirror."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.models import User
from claims.settlement.models import SettledLine, Settlement
from claims.settlement.services import numbering, record
from claims.settlement.services.refusals import CannotReverse
from members import ledger
from members.models import Account
from members.models.year_total import ALL_CARE
from members.services import totals

__all__ = ["CannotReverse", "reverse"]


@transaction.atomic
def reverse(
    settlement: Settlement, *, reason: str, by: User | None, on: date | None = None
) -> Settlement:
    """Reverse a settlement: year totals and account get back what it took, nothing else changes.

    Raises CannotReverse.
    """
    on = on or clock.today()
    reason = reason.strip()
    _check(settlement, reason, on)
    year = totals.lock(settlement.member, care=settlement.care, year=settlement.policy_year, on=on)
    if Settlement.objects.filter(reverses=settlement).exists():
        raise CannotReverse(_("%(number)s was reversed before.") % {"number": settlement})
    mirror = record.mirror(
        settlement, year=year, on=on, by=by, number=numbering.settlement_number(on), note=reason
    )
    if settlement.adds_overall:
        mirror.overall_before = totals.lock(
            settlement.member, care=ALL_CARE, year=settlement.policy_year, on=on
        ).counted
    mirror.save(force_insert=True)
    SettledLine.objects.bulk_create(record.mirrored_lines(settlement.lines.all(), mirror))
    if settlement.account:
        _give_back(settlement, mirror, on)
    audit.record("settlement reversed", mirror, by=by, detail={"reason": reason})
    return mirror


def _check(settlement: Settlement, reason: str, on: date) -> None:
    if settlement.reverses_id is not None:
        raise CannotReverse(
            _("%(number)s is a reversal and cannot be reversed.") % {"number": settlement}
        )
    if not reason:
        raise CannotReverse(_("A reversal needs a reason."))
    if on < settlement.made_on:
        raise CannotReverse(
            _("%(number)s was settled on %(day)s; it cannot be reversed before.")
            % {"number": settlement, "day": settlement.made_on}
        )


def _give_back(settlement: Settlement, mirror: Settlement, on: date) -> None:
    account = Account.objects.get(member_id=settlement.member_id)
    payment = ledger.entry_for(account, f"settlement:{settlement.number}")
    if payment is None:
        raise CannotReverse(
            _("The account has no payment for %(number)s.") % {"number": settlement.number}
        )
    ledger.refund(payment, key=f"reversal:{mirror.number}", on=on)
