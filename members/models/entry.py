from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.models.account import Account
from policies import labels
from policies.models import PolicyVersion

RAISE = ("opening", "credit", "supplement", "incentive", "refund", "transfer_in")
LOWER = ("payment", "transfer_out", "pay_out", "take_back")
OF_A_MONTH = ("credit", "supplement", "incentive", "difference")


class Entry(models.Model):
    """One movement of an account. Insert-only; members/ledger.py is the one door to it."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening balance")
        CREDIT = "credit", _("monthly credit")
        SUPPLEMENT = "supplement", _("supplement")
        INCENTIVE = "incentive", _("health incentive")
        DIFFERENCE = "difference", _("difference for an earlier month")
        PAYMENT = "payment", _("payment")
        REFUND = "refund", _("refund")
        TRANSFER_IN = "transfer_in", _("transfer from another area")
        TRANSFER_OUT = "transfer_out", _("transfer to another area")
        PAY_OUT = "pay_out", _("paid out")
        TAKE_BACK = "take_back", _("credit taken back")

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    # The hot table: account and area are held by one composite foreign key in SQL, and the unique
    # keys serve the look-ups by account.
    account = models.ForeignKey(
        Account,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="entries",
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
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        help_text=_("Yuan; what leaves the account is negative"),
    )
    key = models.CharField(
        _("business key"), max_length=100, help_text=_("What the entry is for; once per account")
    )
    made_on = models.DateField(_("made on"), help_text=_("The legal day of the movement"))
    made_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)
    period = models.DateField(
        _("month"), null=True, blank=True, help_text=_("First day of the month credited")
    )
    rule = models.CharField(_("rule"), max_length=60, blank=True)
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    article = models.CharField(_("article"), max_length=200, blank=True)
    source_fund = models.CharField(
        _("source fund"), max_length=15, choices=labels.SOURCE_FUNDS, blank=True
    )
    version = models.ForeignKey(
        PolicyVersion,
        verbose_name=_("policy version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        db_index=False,
    )
    provisional = models.BooleanField(
        _("provisional"), default=False, help_text=_("Reckoned before a figure was published")
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = (
            models.UniqueConstraint(fields=("account", "key"), name="entry_once_per_business_key"),
            models.UniqueConstraint(
                fields=("account", "period", "rule", "revision"),
                condition=Q(period__isnull=False),
                name="credit_once_per_month_and_rule",
            ),
            models.UniqueConstraint(
                fields=("corrects",), condition=Q(kind="refund"), name="payment_refunded_once"
            ),
            models.CheckConstraint(
                name="entry_sign_fits_its_kind",
                condition=Q(kind__in=RAISE, amount__gt=0)
                | Q(kind__in=LOWER, amount__lt=0)
                | (Q(kind="difference") & ~Q(amount=0)),
            ),
            models.CheckConstraint(
                name="credit_names_its_month_and_rule",
                condition=Q(kind__in=OF_A_MONTH, period__day=1) & ~Q(rule="")
                | ~Q(kind__in=OF_A_MONTH) & Q(period__isnull=True),
            ),
            models.CheckConstraint(
                name="refund_names_its_payment",
                condition=~Q(kind="refund") | Q(corrects__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
