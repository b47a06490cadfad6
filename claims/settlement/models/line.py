"""Bill lines, and their parts once settled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.settlement.models.settlement import Settlement
from claims.settlement.models.visit import Visit
from policies import labels
from policies.models import CatalogueItem
from policies.models.fields import AmountField, ShareField

PARTS = ("self_funded", "over_standard", "pre_self_pay", "eligible")
"""The parts of a line and of a bill, which add up to its total (rules of splitting)."""


def _all(names: tuple[str, ...], lookup: str) -> Q:
    return Q(**{f"{name}__{lookup}": 0 for name in names})


class BillLine(models.Model):
    """A line of a visit's bill (费用明细), with class, ratio and standard as they were on its day.

    `settled_by` is the settlement that it stands in; the database sets it, once until reversed.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "delete"})

    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("visit"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    item = models.ForeignKey(
        CatalogueItem, models.PROTECT, null=True, blank=True, verbose_name=_("catalogue item")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=labels.ITEM_KINDS, default="drug")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=4, default=1)
    price = models.DecimalField(_("price a unit"), max_digits=14, decimal_places=4, default=0)
    amount = AmountField(_("amount"))
    item_class = models.CharField(
        _("class"), max_length=1, choices=labels.ITEM_CLASSES, default="A"
    )
    self_pay = ShareField(_("first self-payment"), default=0)
    standard = AmountField(
        _("allowed by the payment standard"),
        null=True,
        blank=True,
        help_text=_("For the whole line; empty: no standard."),
    )
    settled_by = models.ForeignKey(
        Settlement,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("settled by"),
        related_name="+",
    )

    class Meta:
        verbose_name = _("bill line")
        verbose_name_plural = _("bill lines")
        ordering = ("visit", "position", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(self_pay__range=(0, 1)), name="line_self_payment_within_the_whole"
            ),
            models.CheckConstraint(
                condition=Q(standard__isnull=True) | Q(standard__gte=0),
                name="line_standard_is_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name or self.kind} {self.amount}"


class SettledLine(models.Model):
    """What a settlement made of a line: its four parts, negative in a reversal."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, verbose_name=_("settlement"), related_name="lines"
    )
    line = models.ForeignKey(
        BillLine, models.PROTECT, verbose_name=_("bill line"), related_name="settled"
    )
    total = AmountField(_("amount"))
    self_funded = AmountField(_("fully self-funded"))
    over_standard = AmountField(_("over the payment standard"))
    pre_self_pay = AmountField(_("first self-payment"))
    eligible = AmountField(_("eligible"))

    class Meta:
        verbose_name = _("settled line")
        verbose_name_plural = _("settled lines")
        ordering = ("settlement", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("settlement", "line"), name="line_once_in_a_settlement"
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("self_funded") + F("over_standard") + F("pre_self_pay") + F("eligible")
                ),
                name="line_parts_add_up",
            ),
            models.CheckConstraint(
                condition=_all(PARTS, "gte") & Q(total__gt=0) | _all(PARTS, "lte") & Q(total__lt=0),
                name="line_parts_have_one_sign",
            ),
        )

    def __str__(self) -> str:
        return str(self.line)
