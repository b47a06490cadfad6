"""Waking workers. Only a bell: what is to be done stands in rows."""

from __future__ import annotations

import logging

from celery import current_app
from django.conf import settings
from kombu.exceptions import KombuError

TASK = "bureau.work"

logger = logging.getLogger(__name__)


def ring() -> None:
    """Wake the Celery workers, where there is a broker; a broker that is away costs nothing."""
    if not settings.CELERY_BROKER_URL:
        return
    try:
        with current_app.connection_for_write(settings.CELERY_BROKER_URL) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            current_app.send_task(TASK, connection=connection, retry=False, ignore_result=True)
    except (KombuError, OSError):
        logger.warning("the broker did not take the bell; beat will ring it")
