from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BureauConfig(AppConfig):
    """Who runs it: areas, staff and their roles, the action log, batches."""

    name = "bureau"
    verbose_name = _("Administration")

    def ready(self) -> None:
        from bureau import checks  # noqa: F401  (registers them)
        from bureau.database.grants import grant_to_application
        from bureau.roles import apply_roles

        post_migrate.connect(grant_to_application, sender=self)
        post_migrate.connect(apply_roles)
