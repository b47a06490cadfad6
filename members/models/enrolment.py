from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.period import ends_after_it_starts, never_overlap
from members.models.employer import Employer
from members.models.person import Person
from policies import labels
from policies.engine.vocabulary import EmployerGroup

EMPLOYEE_SCHEME = "310"
RESIDENT_SCHEME = "390"


class Member(models.Model):
    """An enrolment (参保): a person insured in one area under one scheme for a time."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="enrolments"
    )
    area = models.ForeignKey(
        "bureau.PoolingArea",
        verbose_name=_("pooling area"),
        on_delete=models.PROTECT,
        related_name="members",
    )
    scheme = models.CharField(
        _("scheme"), max_length=3, choices=labels.SCHEMES, default=EMPLOYEE_SCHEME
    )
    number = models.CharField(
        _("member number"), max_length=30, unique=True, help_text=_("psn_no of the enrolment")
    )
    insured_from = models.DateField(_("insured from"))
    insured_until = models.DateField(
        _("insured until"),
        null=True,
        blank=True,
        help_text=_("The first day that is no longer insured"),
    )
    has_account = models.BooleanField(
        _("with a personal account"),
        default=True,
        help_text=_("Insured in pooling and account; without: pooling only"),
    )
    employer = models.ForeignKey(
        Employer,
        verbose_name=_("employer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
    )
    employer_group = models.CharField(
        _("employer group"),
        max_length=15,
        choices=labels.EMPLOYER_GROUPS,
        default=EmployerGroup.ENTERPRISE.value,
        help_text=_("Kept with the member, since it stays after retirement"),
    )
    retirement_pension = models.DecimalField(
        _("pension at retirement"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Own pension of the month of retirement, yuan"),
    )
    frozen_credit = models.DecimalField(
        _("frozen monthly credit"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The monthly credit of before the reform, yuan"),
    )
    supplementary_scheme = models.CharField(_("supplementary scheme"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = (
            models.UniqueConstraint(fields=("id", "area"), name="member_with_its_area"),
            never_overlap(
                "person_enrolled_once_per_scheme_in_an_area",
                "person",
                "area",
                "scheme",
                starts="insured_from",
                ends="insured_until",
            ),
            ends_after_it_starts(
                "insurance_ends_after_it_starts", starts="insured_from", ends="insured_until"
            ),
            models.CheckConstraint(
                name="member_amounts_are_not_negative",
                condition=(
                    models.Q(retirement_pension__isnull=True) | models.Q(retirement_pension__gte=0)
                )
                & (models.Q(frozen_credit__isnull=True) | models.Q(frozen_credit__gte=0)),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Suspension(models.Model):
    """A time in which an enrolment is suspended (暂停参保) and brings no benefit."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    member = models.ForeignKey(
        Member, verbose_name=_("member"), on_delete=models.PROTECT, related_name="suspensions"
    )
    suspended_from = models.DateField(_("suspended from"))
    suspended_until = models.DateField(
        _("suspended until"),
        null=True,
        blank=True,
        help_text=_("The first day that is insured again"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("-suspended_from",)
        constraints = (
            never_overlap(
                "suspensions_never_overlap",
                "member",
                starts="suspended_from",
                ends="suspended_until",
            ),
            ends_after_it_starts(
                "suspension_ends_after_it_starts", starts="suspended_from", ends="suspended_until"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} {self.suspended_from}"
