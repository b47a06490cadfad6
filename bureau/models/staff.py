"""Staff."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import PoolingArea


class User(AbstractUser):
    """A person who works at a bureau, with the areas that this person may see."""

    first_name = None  # type: ignore[assignment]  # one display name serves Chinese names better
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("display name"), max_length=60, blank=True)
    areas = models.ManyToManyField(
        PoolingArea, verbose_name=_("areas it may see"), blank=True, related_name="staff"
    )
    sees_all_areas = models.BooleanField(
        _("sees all areas"),
        default=False,
        help_text=_("For those who serve every area of this deployment, such as auditors."),
    )

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def visible_areas(self) -> models.QuerySet[PoolingArea]:
        """Return the areas that this person may see."""
        return PoolingArea.objects.all() if self.sees_everything else self.areas.all()

    def may_see(self, area_id: str | None) -> bool:
        """Tell whether this person may see what is an area's; what is nobody's, all may."""
        return area_id is None or self.sees_everything or self.areas.filter(pk=area_id).exists()

    @property
    def sees_everything(self) -> bool:
        """Whether no area is hidden from this person."""
        return self.is_active and (self.is_superuser or self.sees_all_areas)
