"""Make the two roles and the database on a PostgreSQL server of one's own."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau.database import provision


class Command(BaseCommand):
    help = (
        "Make the roles that DATABASE_OWNER_URL and DATABASE_URL name, and the database, "
        "as a superuser of that server. Run again, it only sets the passwords."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--superuser-url", required=True, help="postgres://postgres@host:5432/postgres"
        )

    def handle(self, *args: Any, superuser_url: str, **options: Any) -> None:
        owner, application = settings.DATABASE_OWNER, settings.DATABASES["default"]
        if owner["USER"] == application["USER"]:
            raise CommandError("DATABASE_OWNER_URL and DATABASE_URL must name two roles.")
        with psycopg.connect(superuser_url, autocommit=True) as connection:
            provision.roles_and_database(
                connection,
                database=application["NAME"],
                owner=owner["USER"],
                application=application["USER"],
                owner_password=owner.get("PASSWORD", ""),
                application_password=application.get("PASSWORD", ""),
            )
        self.stdout.write(
            f"{application['NAME']}: {owner['USER']} owns it, {application['USER']} uses it."
        )
