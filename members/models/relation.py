from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.models.period import ends_after_it_starts, never_overlap
from members.models.person import Person
from policies import labels
from policies.engine.vocabulary import Beneficiary

RELATIONS = [choice for choice in labels.BENEFICIARIES if choice[0] != Beneficiary.SELF]


class Relation(models.Model):
    """A family relation (亲属关系): `relative` is the spouse, a parent or a child of `person`."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="relations"
    )
    relative = models.ForeignKey(
        Person, verbose_name=_("relative"), on_delete=models.PROTECT, related_name="relative_of"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=RELATIONS)
    since = models.DateField(_("since"))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day on which it no longer holds")
    )

    class Meta:
        verbose_name = _("family relation")
        verbose_name_plural = _("family relations")
        ordering = ("since",)
        constraints = (
            never_overlap(
                "relatives_related_one_way_at_a_time",
                "person",
                "relative",
                starts="since",
                ends="until",
            ),
            ends_after_it_starts("relation_ends_after_it_starts", starts="since", ends="until"),
            models.CheckConstraint(
                name="nobody_is_their_own_relative", condition=~Q(person=F("relative"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.relative}"
