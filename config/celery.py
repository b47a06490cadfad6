"""The portal's Celery app: ``celery -A config.celery worker`` (and ``beat``)."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

from config.embedded.membership import join_own_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def use_database(**_: Any) -> None:
    """Start or share the portal's own server, where no other is named."""
    join_own_database()
