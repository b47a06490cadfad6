"""The table of the subject `account_use`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.models.rows import TableRow


class PurposeRow(TableRow):
    """Whether the account pays for a purpose and a beneficiary (账户使用范围)."""

    purpose = models.CharField(_("purpose"), max_length=24, choices=labels.PURPOSES)
    beneficiary = models.CharField(_("beneficiary"), max_length=12, choices=labels.BENEFICIARIES)
    allowed = models.CharField(_("allowed"), max_length=16, choices=labels.ALLOWED, default="no")

    class Meta(TableRow.Meta):
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "purpose", "beneficiary"), name="purpose_once_a_beneficiary"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} / {self.get_beneficiary_display()}"
