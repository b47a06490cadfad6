from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.institution import Institution
from facilities.models.period import ends_after_it_starts, never_overlap


class Consortium(models.Model):
    """A medical consortium (医共体): institutions that a member may sign as a whole."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    area = models.ForeignKey(
        "bureau.PoolingArea",
        verbose_name=_("pooling area"),
        on_delete=models.PROTECT,
        related_name="consortia",
    )
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("consortium")
        verbose_name_plural = _("consortia")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("area", "code"), name="consortium_code_once_in_an_area"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ConsortiumMembership(models.Model):
    """The time during which an institution belongs to a consortium, one at a time."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    consortium = models.ForeignKey(
        Consortium,
        verbose_name=_("consortium"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="consortium_memberships",
    )
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(
        _("left on"), null=True, blank=True, help_text=_("The first day on which it is outside")
    )

    class Meta:
        verbose_name = _("membership of a consortium")
        verbose_name_plural = _("memberships of consortia")
        ordering = ("joined_on",)
        constraints = (
            never_overlap(
                "institution_in_one_consortium_at_a_time",
                "institution",
                starts="joined_on",
                ends="left_on",
            ),
            ends_after_it_starts(
                "consortium_left_after_joined", starts="joined_on", ends="left_on"
            ),
        )

    def __str__(self) -> str:
        return f"{self.institution} – {self.consortium}"
