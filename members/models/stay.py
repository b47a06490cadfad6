from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.models import Institution
from facilities.models.period import never_overlap
from members.models.enrolment import Member


class Stay(models.Model):
    """A time as an inpatient (住院) or in a home bed (家庭病床).

    The day of discharge is still an inpatient day; it may also be the day of the next admission
    (a transfer), so only what lies before it may not overlap.
    """

    class Kind(models.TextChoices):
        INPATIENT = "inpatient", _("inpatient")
        HOME_BED = "home_bed", _("home bed")

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    member = models.ForeignKey(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="stays",
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.INPATIENT)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stays",
    )
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(
        _("discharged on"), null=True, blank=True, help_text=_("Still an inpatient day")
    )

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ("-admitted_on",)
        constraints = (
            never_overlap(
                "stays_never_overlap", "member", starts="admitted_on", ends="discharged_on"
            ),
            models.CheckConstraint(
                name="discharge_is_not_before_admission",
                condition=Q(discharged_on__isnull=True) | Q(discharged_on__gte=F("admitted_on")),
                violation_error_message=_("The discharge cannot be before the admission."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.admitted_on}"
