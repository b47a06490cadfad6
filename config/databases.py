"""Which database the portal uses, and as whom."""

from __future__ import annotations

from typing import Any

from config.embedded.server import Server
from config.environment import VAR_DIR, env, own_database

DATABASE = "portal"
OWNER_ROLE = "portal_owner"
APPLICATION_ROLE = "portal_application"

Connection = dict[str, Any]


def application() -> Connection:
    """Return how the portal connects to run (``DATABASE_URL``)."""
    return _own(APPLICATION_ROLE) if own_database() else _named("DATABASE_URL")


def owner() -> Connection:
    """Return how it connects to migrate (``DATABASE_OWNER_URL``, or else ``DATABASE_URL``)."""
    if own_database():
        return _own(OWNER_ROLE)
    return _named("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", "") else application()


def application_role() -> str:
    """Name the PostgreSQL role that gets the application's grants.

    Where one address serves as owner and application, the grants still go to a role of the
    usual name, so that they can be tested and the second address be given later.
    """
    user = str(application()["USER"])
    return user if user != owner()["USER"] else APPLICATION_ROLE


def _named(variable: str) -> Connection:
    return dict(env.db_url(variable))


def _own(role: str) -> Connection:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": role,
        "HOST": str(Server.at(VAR_DIR).socket_dir),
    }
