"""The action log."""

from __future__ import annotations

from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import PoolingArea


class ActionRecord(models.Model):
    """Who did what to which record, and when. Never updated, never deleted, whoever asks."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        related_name="actions",
    )
    actor_name = models.CharField(
        _("actor's name"), max_length=60, help_text=_("As it was then; “system” for a batch.")
    )
    area = models.ForeignKey(
        PoolingArea,
        models.PROTECT,
        verbose_name=_("pooling area"),
        null=True,
        blank=True,
        related_name="actions",
    )
    action = models.CharField(_("action"), max_length=80)
    target_type = models.CharField(_("kind of record"), max_length=80)
    target_id = models.CharField(_("record"), max_length=40)
    detail = models.JSONField(_("detail"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField(_("network address"), null=True, blank=True)

    class Meta:
        verbose_name = _("action record")
        verbose_name_plural = _("action log")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("target_type", "target_id"), name="action_target"),
            models.Index(fields=("area", "-at"), name="action_area"),
        )

    def __str__(self) -> str:
        return f"{self.action_words} {self.target_words} {self.target_id}"

    @property
    def action_words(self) -> str:
        """What was done, in the reader's language."""
        return gettext(self.action)

    @property
    def target_words(self) -> str:
        """The kind of record it was done to, in the reader's language."""
        return target_words(self.target_type)


def target_words(target_type: str) -> str:
    """What a kind of record is called; one that is no more is called by its label."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type
