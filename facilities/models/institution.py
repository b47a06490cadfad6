from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policies import labels

CODE_FORMAT = RegexValidator(
    r"^[HP]\d{11}$",
    _("The national code is H (institutions) or P (pharmacies), the division and five digits."),
)
REGION_FORMAT = RegexValidator(r"^\d{6}$", _("A division code has six digits (GB/T 2260)."))
HIGHEST_PRIMARY_TIER = 1


class Institution(models.Model):
    """A medical institution or retail pharmacy (医药机构), wherever it is.

    Whether it is designated on a day is no property of its own: it has an agreement then, or not.
    """

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("medical institution")
        PHARMACY = "pharmacy", _("retail pharmacy")
        INTERNET = "internet", _("internet hospital")

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    code = models.CharField(
        _("national code"),
        max_length=12,
        unique=True,
        validators=[CODE_FORMAT],
        help_text=_("fixmedins_code, 12 characters"),
    )
    name = models.CharField(_("name"), max_length=200)
    name_pinyin = models.CharField(_("name in pinyin"), max_length=400, blank=True, editable=False)
    name_initials = models.CharField(
        _("initials of the name"), max_length=100, blank=True, editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HOSPITAL)
    tier = models.PositiveSmallIntegerField(_("tier"), choices=labels.TIERS, default=0)
    charge_class = models.PositiveSmallIntegerField(
        _("charge class"),
        choices=labels.CHARGE_CLASSES,
        default=3,
        help_text=_("The class whose charges the institution applies"),
    )
    community = models.BooleanField(_("community institution"), default=False)
    region = models.CharField(
        _("division"),
        max_length=6,
        validators=[REGION_FORMAT],
        help_text=_("Code of the division where it stands"),
    )
    area = models.ForeignKey(
        "bureau.PoolingArea",
        verbose_name=_("pooling area"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        help_text=_("The bureau that manages it; empty where that bureau is not served here"),
    )
    physical = models.ForeignKey(
        "self",
        verbose_name=_("physical institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="internet_hospitals",
        help_text=_("Where an internet hospital has its terms from"),
    )
    direct_settlement = models.BooleanField(
        _("direct settlement"),
        default=True,
        help_text=_("Networked for settling members of other areas on the spot"),
    )
    is_third_party = models.BooleanField(
        _("third-party centre"),
        default=False,
        help_text=_("Laboratory, pathology or imaging centre that bills through who ordered"),
    )
    ordering = models.ForeignKey(
        "self",
        verbose_name=_("bills through"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="third_party_centres",
        help_text=_("The institution whose orders a third-party centre carries out"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="internet_hospital_names_its_physical_one",
                condition=Q(kind="internet", physical__isnull=False)
                | (~Q(kind="internet") & Q(physical__isnull=True)),
                violation_error_message=_(
                    "An internet hospital names its physical institution, and only it does."
                ),
            ),
            models.CheckConstraint(
                name="institution_is_not_its_own_physical_one", condition=~Q(physical=F("id"))
            ),
            models.CheckConstraint(
                name="only_third_party_centres_bill_through_another",
                condition=Q(ordering__isnull=True) | Q(is_third_party=True),
                violation_error_message=_("Only a third-party centre bills through another."),
            ),
            models.CheckConstraint(
                name="institution_tier_is_known", condition=Q(tier__range=(0, 3))
            ),
            models.CheckConstraint(
                name="institution_charge_class_is_known", condition=Q(charge_class__range=(1, 3))
            ),
            models.CheckConstraint(
                name="pharmacy_is_no_community_institution",
                condition=~Q(kind="pharmacy", community=True),
                violation_error_message=_("A pharmacy is not a community institution."),
            ),
        )
        indexes = (
            models.Index(
                fields=["name"], name="institution_name_prefix", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["name_pinyin"],
                name="institution_pinyin_prefix",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(
                fields=["name_initials"],
                name="institution_initials_prefix",
                opclasses=["varchar_pattern_ops"],
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_primary(self) -> bool:
        """Primary (基层) means unrated or tier 1."""
        return self.tier <= HIGHEST_PRIMARY_TIER

    def clean(self) -> None:
        """Refuse a chain of internet hospitals: terms come from a place that exists."""
        if self.physical is not None and self.physical.kind != self.Kind.HOSPITAL:
            raise ValidationError(
                {"physical": _("The physical institution must be a medical institution.")}
            )
