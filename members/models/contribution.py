from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models.enrolment import Member


class Contribution(models.Model):
    """A member's contribution (缴费) for one month. Insert-only: a correction is the next revision.

    The highest revision of a month counts. Until `received_on` is set nothing has arrived.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    member = models.ForeignKey(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="contributions",
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
    month = models.DateField(_("month"), help_text=_("Its first day"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    base = models.DecimalField(
        _("contribution base"), max_digits=14, decimal_places=2, help_text=_("A month, yuan")
    )
    amount = models.DecimalField(
        _("contribution"),
        max_digits=14,
        decimal_places=2,
        default=0,
        help_text=_("Own part for the month, yuan"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    paid_for_until = models.DateField(
        _("prepaid until"),
        null=True,
        blank=True,
        help_text=_("Of a payment for several months: the first month that it no longer covers"),
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = (
            "-month",
            "-revision",
        )
        constraints = (
            models.UniqueConstraint(
                fields=("member", "month", "revision"), name="contribution_revision_once_a_month"
            ),
            models.CheckConstraint(name="contribution_is_for_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="contribution_is_not_negative", condition=Q(base__gte=0, amount__gte=0)
            ),
            models.CheckConstraint(
                name="prepaid_contribution_covers_its_month",
                condition=Q(paid_for_until__isnull=True) | Q(paid_for_until__gt=F("month")),
            ),
        )
        indexes = (
            # The monthly run of an area asks for what arrived in a span of days.
            models.Index(fields=["area", "received_on"], name="contribution_received_in_area"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Pension(models.Model):
    """A member's own monthly basic pension (基本养老金) from a month on, until the next row."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    member = models.ForeignKey(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="pensions",
        db_index=False,
    )
    from_month = models.DateField(_("from the month"), help_text=_("Its first day"))
    amount = models.DecimalField(
        _("monthly pension"), max_digits=14, decimal_places=2, help_text=_("Yuan")
    )

    class Meta:
        verbose_name = _("pension")
        verbose_name_plural = _("pensions")
        ordering = ("-from_month",)
        constraints = (
            models.UniqueConstraint(
                fields=("member", "from_month"), name="pension_once_from_a_month"
            ),
            models.CheckConstraint(name="pension_is_from_a_month", condition=Q(from_month__day=1)),
            models.CheckConstraint(name="pension_is_not_negative", condition=Q(amount__gte=0)),
        )

    def __str__(self) -> str:
        return f"{self.from_month:%Y-%m}"
