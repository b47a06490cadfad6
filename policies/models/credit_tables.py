"""The tables of the subject `credit`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.models.fields import AmountField, ShareField, word_set
from policies.models.rows import FormulaColumns, TableRow


class CreditTermsRow(TableRow):
    """How ages and statuses are taken when a month is credited (划入通则)."""

    age_rule = models.CharField(
        _("a new age counts"), max_length=12, choices=labels.TIME_RULES, default="on_day"
    )
    status_rule = models.CharField(
        _("a new status counts"), max_length=12, choices=labels.TIME_RULES, default="month_after"
    )
    flexible_retirees_as = models.CharField(
        _("retired after flexible work count with"),
        max_length=16,
        choices=labels.EMPLOYER_GROUPS,
        blank=True,
    )
    account_needed = models.BooleanField(_("only members with an account"), default=True)

    class Meta(TableRow.Meta):
        verbose_name = _("credit terms")
        verbose_name_plural = _("credit terms")
        constraints = (
            models.UniqueConstraint(fields=("version",), name="credit_terms_once_a_version"),
        )

    def __str__(self) -> str:
        return str(_("credit terms"))


class CreditRow(TableRow, FormulaColumns):
    """A monthly credit (月划入): a rate of its base, plus a supplement."""

    rule = models.CharField(
        _("rule"), max_length=16, help_text=_("What entries call it; once in a version.")
    )
    statuses = word_set(_("statuses"), labels.STATUSES)
    age_from = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(_("age under"), null=True, blank=True)
    employer_groups = word_set(_("employer groups"), labels.EMPLOYER_GROUPS)
    special_groups = word_set(_("special groups"), ())
    supplementary_schemes = word_set(_("supplementary schemes"), ())
    retired_from = models.DateField(_("retired from"), null=True, blank=True)
    retired_until = models.DateField(_("retired before"), null=True, blank=True)
    month_from = models.DateField(_("months from"), null=True, blank=True)
    month_until = models.DateField(_("months before"), null=True, blank=True)
    base = models.CharField(_("base"), max_length=20, choices=labels.CREDIT_BASES)
    rate = ShareField(_("rate"), default=0)
    amount = AmountField(_("fixed amount"), null=True, blank=True)
    supplement = AmountField(_("supplement"), default=0)
    on_top = models.BooleanField(_("on top of other rules"), default=False)
    source = models.CharField(
        _("paid from"), max_length=16, choices=labels.SOURCE_FUNDS, default="own"
    )

    class Meta(TableRow.Meta):
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        constraints = (
            models.UniqueConstraint(fields=("version", "rule"), name="credit_rule_once_a_version"),
            models.CheckConstraint(
                condition=Q(supplement__gte=0) & Q(rate__gte=0), name="credit_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.rule


class IncentiveRow(TableRow):
    """The health incentive (健康激励) for years without a payment of the fund."""

    first = AmountField(_("first award"))
    step = AmountField(_("more each year"), default=0)
    maximum = AmountField(_("at most"))
    first_year = models.PositiveSmallIntegerField(_("first year that counts"))

    class Meta(TableRow.Meta):
        verbose_name = _("incentive")
        verbose_name_plural = _("incentives")
        constraints = (
            models.UniqueConstraint(fields=("version",), name="incentive_once_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.first}"
