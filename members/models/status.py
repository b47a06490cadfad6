from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.period import ends_after_it_starts, never_overlap
from members.models.enrolment import Member
from policies import labels


class StatusChange(models.Model):
    """The day on which a member's insured status (参保身份) changed.

    The first one counts from its day, a later one from when the policy says: mostly the next month.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "delete"})

    member = models.ForeignKey(
        Member, verbose_name=_("member"), on_delete=models.PROTECT, related_name="status_changes"
    )
    changed_on = models.DateField(_("changed on"))
    status = models.CharField(_("status"), max_length=15, choices=labels.STATUSES)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ("changed_on",)
        constraints = (
            models.UniqueConstraint(
                fields=("member", "changed_on"), name="one_status_a_day_per_member"
            ),
        )

    def __str__(self) -> str:
        return f"{self.changed_on} {self.get_status_display()}"


class SpecialGroupMembership(models.Model):
    """The time in which a member belongs to a special group that an area's rules name."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    member = models.ForeignKey(
        Member, verbose_name=_("member"), on_delete=models.PROTECT, related_name="special_groups"
    )
    group = models.CharField(
        _("special group"), max_length=40, help_text=_("As the area's policy tables name it")
    )
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(
        _("left on"), null=True, blank=True, help_text=_("The first day outside the group")
    )

    class Meta:
        verbose_name = _("membership of a special group")
        verbose_name_plural = _("memberships of special groups")
        ordering = ("joined_on",)
        constraints = (
            never_overlap(
                "special_group_once_at_a_time",
                "member",
                "group",
                starts="joined_on",
                ends="left_on",
            ),
            ends_after_it_starts(
                "special_group_left_after_joined", starts="joined_on", ends="left_on"
            ),
        )

    def __str__(self) -> str:
        return self.group
