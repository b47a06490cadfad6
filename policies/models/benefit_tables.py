"""The tables of the subject `benefit`."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.models.fields import AmountField, ShareField, word_set
from policies.models.rows import CareRow, FormulaColumns, TableRow


class TermsRow(TableRow):
    """How one kind of care is reckoned (待遇通则)."""

    care = models.CharField(
        _("kind of care"), max_length=24, choices=labels.CARES, default="outpatient"
    )
    deductible_period = models.CharField(
        _("deductible for"), max_length=8, choices=labels.DEDUCTIBLE_PERIODS, default="year"
    )
    band_basis = models.CharField(
        _("bands count"), max_length=16, choices=labels.BAND_BASES, default="eligible"
    )
    cap_basis = models.CharField(
        _("caps limit"), max_length=8, choices=labels.CAP_BASES, default="fund"
    )
    age_rule = models.CharField(
        _("a new age counts"), max_length=12, choices=labels.TIME_RULES, default="on_day"
    )
    status_rule = models.CharField(
        _("a new status counts"), max_length=12, choices=labels.TIME_RULES, default="month_after"
    )
    year_starts = models.PositiveSmallIntegerField(
        _("month in which the year starts"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    pharmacy_terms = models.CharField(
        _("terms at a pharmacy"), max_length=12, choices=labels.PHARMACY_TERMS, default="own"
    )
    pharmacy_drugs_only = models.BooleanField(_("only drugs at a pharmacy"), default=False)
    hand_open = models.BooleanField(_("claims by hand are open"), default=True)
    hand_until_month = models.PositiveSmallIntegerField(
        _("last month of a claim by hand"), null=True, blank=True
    )
    hand_until_day = models.PositiveSmallIntegerField(
        _("last day of a claim by hand"), null=True, blank=True
    )
    hand_years_after = models.PositiveSmallIntegerField(_("years after the visit's"), default=1)
    hand_needs = models.CharField(_("what a claim by hand needs"), max_length=200, blank=True)
    hand_article = models.CharField(_("article on claims by hand"), max_length=60, blank=True)
    contracts_at_once = models.PositiveSmallIntegerField(_("contracts at once"), default=1)

    class Meta(TableRow.Meta):
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        constraints = (
            models.UniqueConstraint(fields=("version", "care"), name="terms_once_a_kind_of_care"),
            models.CheckConstraint(
                condition=Q(hand_until_month__isnull=True, hand_until_day__isnull=True)
                | Q(hand_until_month__range=(1, 12), hand_until_day__range=(1, 31)),
                name="last_claim_day_is_a_day",
            ),
            models.CheckConstraint(
                condition=Q(year_starts__range=(1, 12)), name="policy_year_starts_in_a_month"
            ),
        )

    def __str__(self) -> str:
        return self.get_care_display()


class RequirementRow(CareRow):
    """A test that applies where the row matches (享受条件)."""

    test = models.CharField(_("test"), max_length=20, choices=labels.TESTS)
    channels = word_set(_("ways of claiming"), labels.CHANNELS)
    satisfied_by = models.CharField(
        _("satisfied by"), max_length=20, choices=labels.SATISFIED_BY, default="", blank=True
    )
    account_may_pay = models.BooleanField(_("the account may pay all the same"), default=True)

    class Meta(CareRow.Meta):
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")

    def __str__(self) -> str:
        return self.get_test_display()


class DeductibleRow(CareRow):
    """A deductible (起付标准)."""

    amount = AmountField(_("amount"), default=0)
    account = models.CharField(
        _("own deductible account"),
        max_length=24,
        blank=True,
        help_text=_("Empty: all rows share one account of the year."),
    )
    yearly_ceiling = AmountField(_("ceiling a year"), null=True, blank=True)

    class Meta(CareRow.Meta):
        verbose_name = _("deductible")
        verbose_name_plural = _("deductibles")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0), name="deductible_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.amount}"


class RatioRow(CareRow):
    """The fund's share within a band of spending (支付比例)."""

    band_from = AmountField(_("spending over"), default=0)
    band_until = AmountField(_("up to"), null=True, blank=True)
    share = ShareField(_("share"))

    class Meta(CareRow.Meta):
        verbose_name = _("ratio")
        verbose_name_plural = _("ratios")
        constraints = (
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="ratio_within_the_whole"),
            models.CheckConstraint(
                condition=Q(band_until__isnull=True) | Q(band_until__gt=models.F("band_from")),
                name="band_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.share:.2%}"


class AdjustmentRow(CareRow):
    """Points on a ratio, or a factor on it (比例调整)."""

    points = ShareField(_("points"), default=0, help_text=_("0.05: five points more."))
    factor = ShareField(_("factor"), default=1)

    class Meta(CareRow.Meta):
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")

    def __str__(self) -> str:
        return f"{self.points:+.2%} ×{self.factor}"


class CapRow(CareRow, FormulaColumns):
    """A cap (最高支付限额): an amount, or a rate of a published figure."""

    scope = models.CharField(_("limits"), max_length=8, choices=labels.CAP_SCOPES, default="own")
    period = models.CharField(_("for"), max_length=8, choices=labels.CAP_PERIODS, default="year")
    amount = AmountField(
        _("amount"),
        null=True,
        blank=True,
        help_text=_("With a published figure: what holds until it is published."),
    )
    rate = ShareField(_("rate of the figure"), default=0)
    unit = AmountField(_("rounded to"), default="0.01")
    carries_over = models.BooleanField(_("what is unused carries over"), default=False)
    counts_in_overall = models.BooleanField(_("counts in the overall annual limit"), default=False)
    above = ShareField(_("share above it"), default=0)

    class Meta(CareRow.Meta):
        verbose_name = _("cap")
        verbose_name_plural = _("caps")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="cap_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount}"


class ItemRuleRow(CareRow):
    """A pay rule of its own for some items (单列支付项目)."""

    item_kinds = word_set(_("kinds of item"), labels.ITEM_KINDS)
    share = ShareField(_("share"), default=0)
    fixed = AmountField(_("or a fixed amount"), null=True, blank=True)
    left_out = models.BooleanField(_("left out of the year's totals"), default=True)

    class Meta(CareRow.Meta):
        verbose_name = _("item rule")
        verbose_name_plural = _("item rules")

    def __str__(self) -> str:
        return ", ".join(self.item_kinds)
