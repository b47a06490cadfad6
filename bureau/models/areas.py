"""Pooling areas."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class PoolingArea(models.Model):
    """A pooling area (统筹地区): whose fund pays. Its code is the division's (GB/T 2260)."""

    code = models.CharField(
        _("division code"),
        max_length=6,
        primary_key=True,
        validators=[RegexValidator(r"^\d{6}$", _("A division code has six digits."))],
    )
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=20)
    province_name = models.CharField(_("province"), max_length=30)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("pooling area")
        verbose_name_plural = _("pooling areas")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{6}$"), name="area_code_has_six_digits"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def province(self) -> str:
        """The two-digit code of the province."""
        return self.code[:2]
