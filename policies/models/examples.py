"""Worked examples that a version must pass before it is published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkedExample(models.Model):
    """A worked example (算例): a member, institutions, what happens, what must come out.

    `body` has the form of the YAML example files. It is played before a version of its area is
    published.
    """

    area = models.ForeignKey(
        "bureau.PoolingArea",
        models.CASCADE,
        verbose_name=_("pooling area"),
        related_name="examples",
    )
    scheme = models.CharField(_("scheme"), max_length=3, default="310")
    name = models.CharField(_("name"), max_length=160)
    body = models.JSONField(_("example"))
    is_active = models.BooleanField(_("played before publication"), default=True)

    class Meta:
        verbose_name = _("worked example")
        verbose_name_plural = _("worked examples")
        ordering = ("area", "pk")
        constraints = (
            models.UniqueConstraint(fields=("area", "scheme", "name"), name="example_name_once"),
        )

    def __str__(self) -> str:
        return self.name
