from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.identity import cipher, documents
from members.identity.documents import DocumentType
from members.models.person import Person


class IdentityChange(models.Model):
    """An identity number that a person had here before it was corrected. Insert-only."""

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="identity_changes",
    )
    document_type = models.CharField(
        _("former identity document"), max_length=20, choices=DocumentType
    )
    identity = models.BinaryField(_("former encrypted identity number"))
    identity_index = models.CharField(
        _("index of the former number"), max_length=64, db_index=True, editable=False
    )
    reason = models.CharField(_("reason"), max_length=200)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("corrected identity number")
        verbose_name_plural = _("corrected identity numbers")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.identity_masked

    @property
    def identity_masked(self) -> str:
        """The former number as pages show it."""
        return documents.masked(cipher.unseal(self.identity))
