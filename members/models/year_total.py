from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.enrolment import Member
from policies import labels

ALL_CARE = "all"
CARES = [*labels.CARES, (ALL_CARE, _("all kinds of care"))]


class YearTotal(models.Model):
    """What a member's settlements of one kind of care sum up to in a policy year (年度累计).

    A row is opened at zero and from then on written by the settlement trigger alone. The row of
    care "all" counts towards the member's overall annual limit (年度最高支付限额).
    """

    # Locking a row needs the privilege to update some column; a trigger refuses the update itself.
    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update:opened_on"})

    member = models.ForeignKey(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="year_totals",
        db_index=False,
        db_constraint=False,
    )
    area = models.ForeignKey(
        "bureau.PoolingArea",
        verbose_name=_("pooling area"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    care = models.CharField(_("kind of care"), max_length=30, choices=CARES)
    year = models.PositiveSmallIntegerField(
        _("policy year"), help_text=_("The calendar year in which the policy year starts")
    )
    eligible = models.DecimalField(
        _("eligible expense"), max_digits=14, decimal_places=2, default=0
    )
    deductible = models.DecimalField(
        _("deductible borne"), max_digits=14, decimal_places=2, default=0
    )
    fund = models.DecimalField(_("paid by the fund"), max_digits=14, decimal_places=2, default=0)
    counted = models.DecimalField(
        _("counted in the overall limit"), max_digits=14, decimal_places=2, default=0
    )
    carried = models.DecimalField(
        _("carried over"),
        max_digits=14,
        decimal_places=2,
        default=0,
        help_text=_("Unused cap of the year before, where the policy lets it carry over"),
    )
    opened_on = models.DateField(_("opened on"))

    class Meta:
        verbose_name = _("total of the year")
        verbose_name_plural = _("totals of the year")
        ordering = ("-year", "care")
        constraints = (
            models.UniqueConstraint(
                fields=("member", "care", "year"), name="one_total_per_care_and_year"
            ),
            models.CheckConstraint(
                name="year_totals_are_never_negative",
                condition=Q(
                    eligible__gte=0, deductible__gte=0, fund__gte=0, counted__gte=0, carried__gte=0
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.get_care_display()}"
