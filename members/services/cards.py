"""Cards (社会保障卡): issued, reported lost (挂失), and found again."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from facilities.services.keeping import keep
from members.models import Card, CardLoss, Member


@transaction.atomic
def issue(member: Member, *, number: str, issued_on: date, by: User | None) -> Card:
    """Issue a card to a member."""
    card = Card(member=member, number=number, issued_on=issued_on)
    keep(card)
    audit.record("card issued", card, by=by, area_id=member.area_id)
    return card


@transaction.atomic
def report_loss(card: Card, *, at: datetime | None = None, by: User | None) -> CardLoss:
    """Report a card lost: it pays nothing from this moment on."""
    if card.losses.filter(lifted_at__isnull=True).exists():
        raise ValidationError(_("This card is reported lost already."))
    loss = CardLoss(card=card, reported_at=at or timezone.now())
    keep(loss)
    audit.record("card reported lost", card, by=by, area_id=card.member.area_id)
    return loss


@transaction.atomic
def lift_loss(card: Card, *, at: datetime | None = None, by: User | None) -> CardLoss:
    """Lift the loss report of a card that was found."""
    loss = card.losses.select_for_update().filter(lifted_at__isnull=True).first()
    if loss is None:
        raise ValidationError(_("This card is not reported lost."))
    loss.lifted_at = at or timezone.now()
    loss.full_clean()
    loss.save(update_fields=["lifted_at"])
    audit.record("loss report lifted", card, by=by, area_id=card.member.area_id)
    return loss
