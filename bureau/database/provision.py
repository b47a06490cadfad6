"""Making the two roles and the database on a server, as its superuser."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

Superuser = psycopg.Connection[Any]


def roles_and_database(
    connection: Superuser,
    *,
    database: str,
    owner: str,
    application: str,
    owner_password: str = "",
    application_password: str = "",
) -> None:
    """Make what is missing: the owner's role, the application's, and the owner's database.

    The connection must be in autocommit mode. Run again, it changes nothing but the passwords.
    """
    role(connection, owner, password=owner_password, may_create_databases=True)
    role(connection, application, password=application_password)
    if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(database), sql.Identifier(owner)
            )
        )


def role(
    connection: Superuser, name: str, *, password: str = "", may_create_databases: bool = False
) -> None:
    """Make a role that may log in, or set its password where it exists."""
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        rights = sql.SQL("LOGIN CREATEDB" if may_create_databases else "LOGIN")
        connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), rights))
    if password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )


def _exists(connection: Superuser, query: str, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None
