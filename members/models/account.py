from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models.enrolment import Member


class Account(models.Model):
    """A member's personal account (个人账户). Its balance is the sum of its entries, never below 0.

    Only the posting trigger of entries writes the balance; see docs/ledger.md.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update:closed_on"})

    member = models.OneToOneField(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="account",
        db_constraint=False,
    )
    area = models.ForeignKey(
        "bureau.PoolingArea",
        verbose_name=_("pooling area"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    balance = models.DecimalField(
        _("balance"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal account")
        verbose_name_plural = _("personal accounts")
        constraints = (
            models.UniqueConstraint(fields=("id", "area"), name="account_with_its_area"),
            models.CheckConstraint(
                name="account_balance_is_never_negative", condition=Q(balance__gte=0)
            ),
            models.CheckConstraint(
                name="account_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        )

    def __str__(self) -> str:
        return str(self.member)
