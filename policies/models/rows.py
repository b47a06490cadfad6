"""What every row of a policy table has."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.models.fields import number_set, word_set


class TableRow(models.Model):
    """A row of a version's table, in the order it reads in the document, citing its article."""

    version = models.ForeignKey("policies.PolicyVersion", models.CASCADE, verbose_name=_("version"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    article = models.CharField(_("article"), max_length=60, blank=True)
    is_reading = models.BooleanField(
        _("reading"),
        default=False,
        help_text=_("The text is silent or ambiguous: this is how it is read."),
    )
    bureau_sets = models.BooleanField(
        _("for the bureau to set"),
        default=False,
        help_text=_("The document leaves the figure to the bureau."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ("version", "position", "pk")


class MatchColumns(models.Model):
    """The match columns of benefit tables; an empty column answers for everything."""

    kinds = word_set(_("kinds of institution"), labels.KINDS)
    tiers = number_set(_("tiers"), labels.TIERS)
    charge_classes = number_set(_("charge classes"), labels.CHARGE_CLASSES)
    community = models.BooleanField(_("community institution"), null=True, blank=True)
    selected = models.BooleanField(_("opened for pooling"), null=True, blank=True)
    places = word_set(_("places"), labels.PLACES)
    statuses = word_set(_("statuses"), labels.STATUSES)
    age_from = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(_("age under"), null=True, blank=True)
    employer_groups = word_set(_("employer groups"), labels.EMPLOYER_GROUPS)
    special_groups = word_set(_("special groups"), ())
    family_doctor = models.BooleanField(_("family-doctor signed"), null=True, blank=True)
    referred = models.BooleanField(_("referred"), null=True, blank=True)

    class Meta:
        abstract = True


class CareRow(TableRow, MatchColumns):
    """A row of a benefit table: for one kind of care, with match columns."""

    care = models.CharField(
        _("kind of care"), max_length=24, choices=labels.CARES, default="outpatient"
    )

    class Meta(TableRow.Meta):
        abstract = True


class FormulaColumns(models.Model):
    """An amount from a published figure: rate × figure of a year, rounded, and what stands in."""

    series = models.CharField(
        _("published figure"), max_length=40, choices=labels.SERIES, blank=True
    )
    series_year = models.PositiveSmallIntegerField(_("of the year"), null=True, blank=True)
    series_offset = models.SmallIntegerField(
        _("or years from the one asked"), default=0, help_text=_("−1: the year before.")
    )
    earliest = models.PositiveSmallIntegerField(
        _("earliest year that may stand in"),
        null=True,
        blank=True,
        help_text=_(
            "Until the figure is published, the latest earlier one from this year on holds "
            "provisionally."
        ),
    )

    class Meta:
        abstract = True
