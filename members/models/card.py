from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models.enrolment import Member


class Card(models.Model):
    """A social-security card (社会保障卡) of a member."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    member = models.ForeignKey(
        Member, verbose_name=_("member"), on_delete=models.PROTECT, related_name="cards"
    )
    number = models.CharField(_("card number"), max_length=50, unique=True)
    issued_on = models.DateField(_("issued on"))

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ("-issued_on",)

    def __str__(self) -> str:
        return self.number


class CardLoss(models.Model):
    """A card's loss report (挂失): it blocks card payments from its moment until it is lifted."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update:lifted_at"})

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="losses"
    )
    reported_at = models.DateTimeField(_("reported at"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("loss report")
        verbose_name_plural = _("loss reports")
        ordering = ("-reported_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("card",),
                condition=Q(lifted_at__isnull=True),
                name="card_reported_lost_once_at_a_time",
            ),
            models.CheckConstraint(
                name="loss_lifted_after_reported",
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("reported_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.card} {self.reported_at:%Y-%m-%d %H:%M}"
