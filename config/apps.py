from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The settings' own checks."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers them)
        from config.celery import app

        app.set_default()
