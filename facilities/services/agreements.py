"""Agreements with institutions (协议管理): signed, ended, never rewritten."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from facilities.models import Agreement, Institution
from facilities.services.keeping import keep
from policies.engine.vocabulary import Pooling


@transaction.atomic
def sign(
    institution: Institution,
    *,
    number: str,
    in_force_from: date,
    in_force_until: date | None = None,
    pooling: str = Pooling.BY_TIER,
    external_prescriptions: bool = False,
    dual_channel: bool = False,
    traceable: bool = False,
    by: User | None,
) -> Agreement:
    """Sign an agreement: the institution is designated on the days that it covers."""
    agreement = Agreement(
        institution=institution,
        number=number,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        pooling=pooling,
        external_prescriptions=external_prescriptions,
        dual_channel=dual_channel,
        traceable=traceable,
    )
    keep(agreement)
    audit.record("agreement signed", agreement, by=by, area_id=institution.area_id)
    return agreement


@transaction.atomic
def end(agreement: Agreement, *, on: date, reason: str, by: User | None) -> Agreement:
    """End an agreement: `on` is the first day without it. An end is brought forward only."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.in_force_until is not None and on > agreement.in_force_until:
        raise ValidationError(_("The agreement ends earlier; a longer term is a new agreement."))
    agreement.in_force_until, agreement.ended_reason = on, reason
    keep(agreement)
    area_id = agreement.institution.area_id
    audit.record("agreement ended", agreement, by=by, area_id=area_id, detail={"reason": reason})
    return agreement
