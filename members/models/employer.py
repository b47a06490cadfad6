from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policies import labels
from policies.engine.vocabulary import EmployerGroup


class Employer(models.Model):
    """An employer (参保单位) that pays contributions in an area."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    area = models.ForeignKey(
        "bureau.PoolingArea",
        verbose_name=_("pooling area"),
        on_delete=models.PROTECT,
        related_name="employers",
    )
    code = models.CharField(
        _("employer number"), max_length=30, help_text=_("emp_no; the unified social credit code")
    )
    name = models.CharField(_("name"), max_length=200)
    group = models.CharField(
        pgettext_lazy("of employers", "group"),
        max_length=15,
        choices=labels.EMPLOYER_GROUPS,
        default=EmployerGroup.ENTERPRISE.value,
    )

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("area", "code"), name="employer_code_once_in_an_area"),
            models.UniqueConstraint(fields=("id", "area"), name="employer_with_its_area"),
        )

    def __str__(self) -> str:
        return self.name
