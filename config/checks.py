"""System checks of the settings, so that mistakes show before anybody uses the portal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import connections

from config.environment import env, own_database

OLDEST_POSTGRESQL = 15
SECRETS = {
    "SECRET_KEY": ("SECRET_KEY",),
    "identity keys": ("IDENTITY_KEYS", "IDENTITY_KEY"),
    "IDENTITY_INDEX_KEY": ("IDENTITY_INDEX_KEY",),
}


@register(Tags.security, deploy=True)
def secrets_are_given(**_: Any) -> list[CheckMessage]:
    """``config.E001``: a secret was made up for this machine; another would make up its own."""
    return [
        Error(
            f"{name}: none is given, so one was made up for this machine alone.",
            hint=f"Set {variables[0]} to the same value on every machine (docs/operations.md).",
            id="config.E001",
        )
        for name, variables in SECRETS.items()
        if not any(env.str(variable, default="") for variable in variables)
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(**_: Any) -> list[CheckMessage]:
    """``config.E002``: the portal answers to any host name."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS lets any host name through.", id="config.E002")]


@register(Tags.database, deploy=True)
def roles_are_two(**_: Any) -> list[CheckMessage]:
    """``config.W003``: one database role both owns the tables and runs the portal."""
    owner, application = settings.DATABASE_OWNER, settings.DATABASES["default"]
    if owner["USER"] != application["USER"]:
        return []
    return [
        Warning(
            "The portal runs as the owner of its tables, who may disable what guards them.",
            hint="Give DATABASE_OWNER_URL a role of its own; `manage.py setup_database` makes it.",
            id="config.W003",
        )
    ]


@register(Tags.database, deploy=True)
def database_is_named(**_: Any) -> list[CheckMessage]:
    """``config.W004``: the portal's own server, for trying it out, holds real accounts."""
    if not own_database():
        return []
    return [
        Warning(
            "DATABASE_URL is not set: the portal's own server is for trying it out.",
            hint="It has no backups and serves this machine alone.",
            id="config.W004",
        )
    ]


@register
def database_is_postgresql(**_: Any) -> list[CheckMessage]:
    """``config.E005``: another kind of database, which would enforce none of the guarantees."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        return []
    return [
        Error(
            "The portal needs PostgreSQL: its constraints and triggers hold the guarantees.",
            hint="DATABASE_URL starts with postgres://",
            id="config.E005",
        )
    ]


@register
def both_roles_use_one_database(**_: Any) -> list[CheckMessage]:
    """``config.E006``: the owner would migrate a database that the application does not use."""
    owner, application = settings.DATABASE_OWNER, settings.DATABASES["default"]
    differing = [
        key for key in ("NAME", "HOST", "PORT") if owner.get(key, "") != application.get(key, "")
    ]
    if not differing:
        return []
    return [
        Error(
            f"DATABASE_OWNER_URL and DATABASE_URL differ in {', '.join(differing)}.",
            hint="They name one database and two roles.",
            id="config.E006",
        )
    ]


@register
def broker_is_redis(**_: Any) -> list[CheckMessage]:
    """``config.E007``: a broker that the portal was never tried with."""
    url = settings.CELERY_BROKER_URL
    if not url or url.startswith(("redis://", "rediss://", "unix://")):
        return []
    return [Error("REDIS_URL is not the address of a Redis.", id="config.E007")]


@register
def legal_days_are_shanghai_days(**_: Any) -> list[CheckMessage]:
    """``config.E008``: another time zone would move visits to another day, month or year."""
    if settings.TIME_ZONE == "Asia/Shanghai" and settings.USE_TZ:
        return []
    return [Error("TIME_ZONE must be Asia/Shanghai, with USE_TZ.", id="config.E008")]


@register(Tags.database)
def server_is_recent(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """``config.E009``: a PostgreSQL too old for the portal's constraints."""
    if not databases:
        return []
    connection = connections["default"]
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    if version >= OLDEST_POSTGRESQL * 10_000:
        return []
    return [
        Error(
            f"PostgreSQL {version // 10_000} is too old.",
            hint=f"The portal needs PostgreSQL {OLDEST_POSTGRESQL} or newer.",
            id="config.E009",
        )
    ]
