from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.identity import cipher, documents
from members.identity.documents import DocumentType, Sex


class Person(models.Model):
    """A person, known by one identity number, whatever they are enrolled in.

    The number is stored encrypted; `identity_index` finds it and keeps it unique.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert", "update"})

    document_type = models.CharField(
        _("identity document"),
        max_length=20,
        choices=DocumentType,
        default=DocumentType.RESIDENT_ID,
    )
    identity = models.BinaryField(_("encrypted identity number"))
    identity_index = models.CharField(
        _("index of the identity number"), max_length=64, unique=True, editable=False
    )
    name = models.CharField(_("full name"), max_length=50)
    name_pinyin = models.CharField(_("name in pinyin"), max_length=200, blank=True, editable=False)
    name_initials = models.CharField(
        _("initials of the name"), max_length=50, blank=True, editable=False
    )
    sex = models.CharField(_("sex"), max_length=10, choices=Sex)
    born = models.DateField(_("born on"))
    died_on = models.DateField(_("died on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_records",
        help_text=_("The record that goes on, where this one was a second record of the person"),
    )
    registered_at = models.DateTimeField(_("registered at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.CheckConstraint(
                name="person_dies_after_birth",
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("born")),
                violation_error_message=_("A person dies after being born."),
            ),
            models.CheckConstraint(
                name="person_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )
        indexes = (
            models.Index(
                fields=["name"], name="person_name_prefix", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["name_pinyin"],
                name="person_pinyin_prefix",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(
                fields=["name_initials"],
                name="person_initials_prefix",
                opclasses=["varchar_pattern_ops"],
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def identity_number(self) -> str:
        """The identity number in clear; who shows it writes an audit row."""
        return cipher.unseal(self.identity)

    @property
    def identity_masked(self) -> str:
        """The identity number as lists and pages show it."""
        return documents.masked(self.identity_number)

    def take_number(self, kind: str, number: str) -> None:
        """Set document and number, in normal form, with the index; the caller has checked them."""
        self.document_type = kind
        self.identity = cipher.seal(number)
        self.identity_index = cipher.blind_index(kind, number)
