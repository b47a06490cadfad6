"""``migrate``, as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from bureau.database.owner import as_owner


class Command(migrate.Command):
    """Django's own command, run by the role that owns the tables."""

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
