from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.institution import REGION_FORMAT
from facilities.models.period import ends_after_it_starts, never_overlap
from members.models.enrolment import Member


class Filing(models.Model):
    """An out-of-area filing (异地就医备案): where else a member may settle, and when."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    member = models.ForeignKey(
        Member,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="filings",
        db_index=False,
    )
    region = models.CharField(
        _("place"),
        max_length=6,
        validators=[REGION_FORMAT],
        help_text=_("A province (ends in 0000), a city (ends in 00) or a division"),
    )
    filed_from = models.DateField(_("filed from"))
    filed_until = models.DateField(
        _("filed until"), null=True, blank=True, help_text=_("The first day not covered")
    )

    class Meta:
        verbose_name = _("out-of-area filing")
        verbose_name_plural = _("out-of-area filings")
        ordering = ("-filed_from",)
        constraints = (
            never_overlap(
                "filings_of_a_place_never_overlap",
                "member",
                "region",
                starts="filed_from",
                ends="filed_until",
            ),
            ends_after_it_starts(
                "filing_ends_after_it_starts", starts="filed_from", ends="filed_until"
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.filed_from}"

    def covers(self, region: str) -> bool:
        """Whether a division lies in the filed place: 310000 covers 310115."""
        return region.startswith(_significant(self.region))


def _significant(region: str) -> str:
    """The digits of a division code that tell the place: 31 of 310000, 3205 of 320500."""
    return region[:2] if region.endswith("0000") else region.removesuffix("00")
