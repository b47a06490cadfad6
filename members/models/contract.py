from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.models import Consortium, Institution
from facilities.models.period import ends_after_it_starts, never_overlap
from members.models.enrolment import Member


class SignedContract(models.Model):
    """A member's contract (签约) with one institution, or with a consortium as a whole.

    An area that allows several at once numbers them by `slot` (fix_srt_no); a slot holds one at a
    time.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    member = models.ForeignKey(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="contracts",
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
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    consortium = models.ForeignKey(
        Consortium,
        verbose_name=_("consortium"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    slot = models.PositiveSmallIntegerField(_("order number"), default=1)
    signed_from = models.DateField(_("signed from"))
    signed_until = models.DateField(
        _("signed until"),
        null=True,
        blank=True,
        help_text=_("The first day on which it no longer holds"),
    )
    family_doctor = models.BooleanField(_("family-doctor contract"), default=False)

    class Meta:
        verbose_name = _("signed contract")
        verbose_name_plural = _("signed contracts")
        ordering = ("-signed_from",)
        constraints = (
            models.CheckConstraint(
                name="contract_is_with_an_institution_or_a_consortium",
                condition=Q(institution__isnull=False, consortium__isnull=True)
                | Q(institution__isnull=True, consortium__isnull=False),
                violation_error_message=_(
                    "A contract is with one institution or with one consortium."
                ),
            ),
            never_overlap(
                "contracts_never_overlap",
                "member",
                "slot",
                starts="signed_from",
                ends="signed_until",
            ),
            ends_after_it_starts(
                "contract_ends_after_it_starts", starts="signed_from", ends="signed_until"
            ),
            models.CheckConstraint(
                name="contract_order_number_starts_at_one", condition=Q(slot__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner} {self.signed_from}"

    @property
    def partner(self) -> Institution | Consortium | None:
        """Who the member signed with."""
        return self.institution or self.consortium
