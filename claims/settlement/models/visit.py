"""Visits, and the prescriptions that pharmacies fill."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.models import Department, Doctor, Institution
from members.models import Member
from members.models.year_total import ALL_CARE
from policies import labels


class Prescription(models.Model):
    """An external prescription (外配处方): written by an institution, filled at a pharmacy."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update:valid_until"})

    area = models.ForeignKey(
        "bureau.PoolingArea", models.PROTECT, verbose_name=_("pooling area"), related_name="+"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, verbose_name=_("member"), related_name="prescriptions"
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        verbose_name=_("prescribing institution"),
        related_name="prescriptions",
    )
    doctor = models.ForeignKey(
        Doctor, models.PROTECT, null=True, blank=True, verbose_name=_("doctor"), related_name="+"
    )
    number = models.CharField(_("prescription number"), max_length=40, unique=True)
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The first day no longer valid.")
    )

    class Meta:
        verbose_name = _("external prescription")
        verbose_name_plural = _("external prescriptions")
        ordering = ("-issued_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("id", "member"), name="prescription_of_its_member"),
        )

    def __str__(self) -> str:
        return self.number


class Visit(models.Model):
    """A visit (就诊) to an institution or a purchase at a pharmacy; settled at once or in parts."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    area = models.ForeignKey(
        "bureau.PoolingArea",
        models.PROTECT,
        verbose_name=_("pooling area"),
        related_name="+",
        help_text=_("The area whose fund pays: the member's."),
    )
    number = models.CharField(_("visit number"), max_length=40, unique=True)
    member = models.ForeignKey(
        Member, models.PROTECT, verbose_name=_("member"), related_name="visits"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("institution"), related_name="visits"
    )
    day = models.DateField(_("day of service"))
    care = models.CharField(
        _("kind of care"), max_length=24, choices=labels.CARES, default="outpatient"
    )
    prescription = models.ForeignKey(
        Prescription,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("external prescription"),
        related_name="fillings",
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    doctor = models.ForeignKey(
        Doctor, models.PROTECT, null=True, blank=True, verbose_name=_("doctor")
    )
    diagnosis_code = models.CharField(_("diagnosis code"), max_length=20, blank=True)
    diagnosis = models.CharField(_("diagnosis"), max_length=120, blank=True)
    referred = models.BooleanField(_("referred"), default=False)
    registered_at = models.DateTimeField(_("registered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-day", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("id", "member", "area"), name="visit_of_its_member"),
            models.CheckConstraint(
                condition=~Q(care=ALL_CARE), name="visit_is_of_one_kind_of_care"
            ),
        )
        permissions = (("settle_visit", _("Can settle a visit")),)
        indexes = (models.Index(fields=("member", "-day"), name="visits_of_a_member"),)

    def __str__(self) -> str:
        return self.number
