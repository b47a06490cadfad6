"""Policy documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A policy document (政策文件) that versions and rows cite."""

    area = models.ForeignKey(
        "bureau.PoolingArea",
        models.PROTECT,
        verbose_name=_("pooling area"),
        related_name="documents",
    )
    code = models.CharField(
        _("short code"),
        max_length=16,
        help_text=_("What articles begin with, such as NJ in NJ-14."),
    )
    number = models.CharField(_("document number"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issuer"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The first day no longer in force.")
    )
    file = models.FileField(_("file"), upload_to="documents/", blank=True)

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering = ("area", "code")
        constraints = (
            models.UniqueConstraint(fields=("area", "code"), name="document_code_once_an_area"),
        )

    def __str__(self) -> str:
        return self.number or self.title
