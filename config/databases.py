"""Which database the portal uses, and as whom."""

from __future__ import annotations

from urllib.parse import urlsplit

from config.environment import env

APPLICATION_ROLE = "portal_application"


def application_url() -> str:
    """Return the address under which the portal runs."""
    return env.str("DATABASE_URL")


def owner_url() -> str:
    """Return the address under which the portal's tables are migrated."""
    return env.str("DATABASE_OWNER_URL", default="") or application_url()


def role_of(application: str, owner: str) -> str:
    """Name the PostgreSQL role that gets the application's grants.

    Where one address serves as owner and application, the grants still go to a role of the
    usual name, so that they can be tested and the second address be given later.
    """
    user, owning = urlsplit(application).username, urlsplit(owner).username
    return user if user and user != owning else APPLICATION_ROLE
