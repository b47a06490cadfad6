from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.institution import Institution
from facilities.models.period import ends_after_it_starts, never_overlap
from policies.engine.vocabulary import Pooling


class Agreement(models.Model):
    """A service agreement (医保协议). An institution is designated on the days that one covers."""

    POOLING = [
        (Pooling.BY_TIER.value, _("as its tier has it")),
        (Pooling.OPENED.value, _("opened by the bureau")),
        (Pooling.WITHDRAWN.value, _("withdrawn by the bureau")),
    ]

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    number = models.CharField(_("agreement number"), max_length=50)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(
        _("in force until"),
        null=True,
        blank=True,
        help_text=_("The first day on which it no longer holds"),
    )
    pooling = models.CharField(
        _("outpatient pooling"), max_length=10, choices=POOLING, default=Pooling.BY_TIER.value
    )
    external_prescriptions = models.BooleanField(_("fills external prescriptions"), default=False)
    dual_channel = models.BooleanField(_("dual-channel drugs"), default=False)
    traceable = models.BooleanField(_("electronic tracing of drugs"), default=False)
    ended_reason = models.CharField(_("reason of its end"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-in_force_from",)
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "number"), name="agreement_number_once_per_institution"
            ),
            never_overlap(
                "agreements_never_overlap",
                "institution",
                starts="in_force_from",
                ends="in_force_until",
            ),
            ends_after_it_starts(
                "agreement_ends_after_it_starts", starts="in_force_from", ends="in_force_until"
            ),
        )

    def __str__(self) -> str:
        return self.number
