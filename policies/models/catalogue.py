"""The catalogue of drugs, services and consumables (医保目录)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.models import codes, pinyin
from policies.models.fields import ShareField
from policies.models.versions import DateRange


class CatalogueItem(models.Model):
    """A drug, service or consumable with its national code."""

    code = models.CharField(_("national code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_pinyin = models.CharField(_("pinyin"), max_length=300, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=labels.ITEM_KINDS)
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    manufacturer = models.CharField(_("manufacturer"), max_length=120, blank=True)
    generic_group = models.CharField(
        _("generic group"),
        max_length=60,
        blank=True,
        db_index=True,
        help_text=_("Products of one generic name share a payment standard."),
    )
    essential = models.BooleanField(_("essential drug"), default=False)
    negotiated = models.BooleanField(_("negotiated"), default=False)
    dual_channel = models.BooleanField(_("dual channel"), default=False)
    only_sex = models.CharField(
        _("only for"), max_length=1, blank=True, choices=[("1", _("men")), ("2", _("women"))]
    )
    age_from = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(_("age under"), null=True, blank=True)
    quantity_limit = models.DecimalField(
        _("most units a bill"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    days_limit = models.PositiveSmallIntegerField(_("most days a bill"), null=True, blank=True)

    class Meta:
        verbose_name = _("catalogue item")
        verbose_name_plural = _("catalogue")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} {self.specification}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_pinyin = pinyin.spelling(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """The code has a national form that goes with the kind of item."""
        codes.check(self.code)
        codes.check_kind(self.code, self.kind)


class ItemTerms(models.Model):
    """An item's class and first-self-payment ratio in an area, by date (甲乙丙类、先行自付比例)."""

    item = models.ForeignKey(
        CatalogueItem, models.CASCADE, related_name="terms", verbose_name=_("item")
    )
    area = models.ForeignKey(
        "bureau.PoolingArea", models.PROTECT, verbose_name=_("pooling area"), related_name="+"
    )
    item_class = models.CharField(_("class"), max_length=1, choices=labels.ITEM_CLASSES)
    self_pay = ShareField(_("first self-payment"), default=0)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("class in an area")
        verbose_name_plural = _("classes by area")
        ordering = ("item", "area", "-in_force_from")
        constraints = (
            ExclusionConstraint(
                name="one_class_of_an_item_on_a_day",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRange(F("in_force_from"), F("in_force_until")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(self_pay__range=(0, 1)), name="first_self_payment_within_the_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_class} {self.self_pay:.0%}"


class PaymentStandard(models.Model):
    """The payment standard (医保支付标准) of a generic group or an item in an area, by date."""

    area = models.ForeignKey(
        "bureau.PoolingArea", models.PROTECT, verbose_name=_("pooling area"), related_name="+"
    )
    generic_group = models.CharField(_("generic group"), max_length=60, blank=True)
    item = models.ForeignKey(
        CatalogueItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="standards",
        verbose_name=_("item"),
    )
    price = models.DecimalField(_("price a unit"), max_digits=14, decimal_places=4)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment standard")
        verbose_name_plural = _("payment standards")
        ordering = ("area", "generic_group", "-in_force_from")
        constraints = (
            ExclusionConstraint(
                name="one_payment_standard_on_a_day",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("generic_group", RangeOperators.EQUAL),
                    (Coalesce(F("item"), 0), RangeOperators.EQUAL),
                    (DateRange(F("in_force_from"), F("in_force_until")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=True) ^ Q(generic_group=""),
                name="standard_of_a_group_or_an_item",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="standard_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.generic_group or self.item} {self.price}"
