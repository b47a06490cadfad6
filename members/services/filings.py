"""Out-of-area filings (异地就医备案)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bureau import audit
from bureau.models import User
from facilities.services.keeping import keep
from members.models import Filing, Member


@transaction.atomic
def file(
    member: Member,
    *,
    region: str,
    filed_from: date,
    filed_until: date | None = None,
    by: User | None,
) -> Filing:
    """File a province, city or division where the member may settle in these days."""
    filing = Filing(member=member, region=region, filed_from=filed_from, filed_until=filed_until)
    keep(filing)
    audit.record("treatment elsewhere filed", filing, by=by, area_id=member.area_id)
    return filing


@transaction.atomic
def end(filing: Filing, *, on: date, by: User | None) -> Filing:
    """End a filing: `on` is the first day that it no longer covers."""
    filing = Filing.objects.select_for_update().get(pk=filing.pk)
    filing.filed_until = on
    keep(filing)
    audit.record("filing ended", filing, by=by, area_id=filing.member.area_id)
    return filing
