from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.institution import Institution


class Department(models.Model):
    """A department (科室) under its institution's own code."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="departments",
    )
    code = models.CharField(_("code"), max_length=30, help_text="dept_code")
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "code"), name="department_code_once_per_institution"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Doctor(models.Model):
    """A doctor (医保医师) as practising at one institution; who practises at two is two rows."""

    class Title(models.TextChoices):
        CHIEF = "chief", _("chief physician")
        ASSOCIATE = "associate", _("associate chief physician")
        ATTENDING = "attending", _("attending physician")
        RESIDENT = "resident", _("resident physician")

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="doctors",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doctors",
    )
    code = models.CharField(
        _("doctor code"), max_length=30, help_text=_("D, the division and six digits (atddr_no)")
    )
    name = models.CharField(_("name"), max_length=50)
    title = models.CharField(_("title"), max_length=10, choices=Title, blank=True)

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "code"), name="doctor_code_once_per_institution"
            ),
        )

    def __str__(self) -> str:
        return self.name
