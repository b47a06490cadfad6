"""Published figures that policies refer to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.models.fields import AmountField


class PublishedFigure(models.Model):
    """A value of a published series (公布数据): the year described, its day and its source.

    Insert-only: a figure once published stands; a correction would change what was paid.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    area = models.ForeignKey(
        "bureau.PoolingArea", models.PROTECT, verbose_name=_("pooling area"), related_name="figures"
    )
    series = models.CharField(_("series"), max_length=40, choices=labels.SERIES)
    year = models.PositiveSmallIntegerField(_("year described"))
    value = AmountField(_("value in yuan"))
    published_on = models.DateField(_("published on"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ("area", "series", "-year")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "series", "year"), name="figure_published_once_a_year"
            ),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="figure_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.get_series_display()} {self.year}: {self.value}"
