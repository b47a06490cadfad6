"""Versions of a policy: what is in force from when until when."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policies.labels import SCHEMES, STATES, SUBJECTS


class DateRange(Func):
    """The half-open range of days between two columns."""

    function = "daterange"
    output_field = DateRangeField()


class PolicyVersion(models.Model):
    """One version (政策版本) of an area's policy on a subject, for a scheme.

    Draft, in review, published; superseded is derived from the dates. What is published never
    changes, but that its end may be brought forward. Who publishes is another person than the
    author; shipped versions have neither.
    """

    area = models.ForeignKey(
        "bureau.PoolingArea",
        models.PROTECT,
        verbose_name=_("pooling area"),
        related_name="versions",
    )
    scheme = models.CharField(_("scheme"), max_length=3, choices=SCHEMES, default="310")
    subject = models.CharField(
        pgettext_lazy("of a policy", "subject"), max_length=12, choices=SUBJECTS
    )
    title = models.CharField(_("title"), max_length=120)
    document = models.ForeignKey("policies.Document", models.PROTECT, verbose_name=_("document"))
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The first day no longer in force.")
    )
    state = models.CharField(_("state"), max_length=10, choices=STATES, default="draft")
    shipped = models.BooleanField(_("shipped with the portal"), default=False, editable=False)
    note = models.TextField(_("note"), blank=True)
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("copied from"),
    )
    author = models.ForeignKey(
        "bureau.User",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("author"),
        related_name="+",
    )
    published_by = models.ForeignKey(
        "bureau.User",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("published by"),
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ("area", "scheme", "subject", "-in_force_from")
        permissions = (("publish_policyversion", _("Can publish a policy version")),)
        constraints = (
            ExclusionConstraint(
                name="one_version_in_force_on_a_day",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("subject", RangeOperators.EQUAL),
                    (DateRange(F("in_force_from"), F("in_force_until")), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="published"),
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
                name="version_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(shipped=True)
                | (
                    Q(published_by__isnull=False)
                    & Q(author__isnull=False)
                    & ~Q(published_by=F("author"))
                ),
                name="published_by_another_than_the_author",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_id} {self.get_subject_display()} {self.in_force_from:%Y-%m-%d}"

    def in_force_on(self, day: date) -> bool:
        return (
            self.state == "published"
            and self.in_force_from <= day
            and (self.in_force_until is None or day < self.in_force_until)
        )
