"""Working as the owner of the tables for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

CREDENTIALS = ("USER", "PASSWORD", "HOST", "PORT", "NAME")


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner's role (``DATABASE_OWNER_URL``) within a block."""
    before = {key: connection.settings_dict[key] for key in CREDENTIALS}
    if before["USER"] == settings.DATABASE_OWNER["USER"]:
        yield
        return
    connection.close()
    become_owner()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def become_owner() -> None:
    """Connect as the owner's role from the next connection on."""
    owner = settings.DATABASE_OWNER
    connection.settings_dict.update({key: owner.get(key, "") for key in CREDENTIALS})
