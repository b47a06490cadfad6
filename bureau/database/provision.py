"""Making the two roles and the database on a server, as its superuser."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from psycopg import errors, sql

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
    # So that the owner can show what the application is refused; it may do more than that anyway.
    connection.execute(_with_names("GRANT {} TO {}", application, owner))
    if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
        connection.execute(_with_names("CREATE DATABASE {} OWNER {}", database, owner))


def role(
    connection: Superuser, name: str, *, password: str = "", may_create_databases: bool = False
) -> None:
    """Make a role that may log in, or set its password where it exists."""
    rights = "LOGIN CREATEDB" if may_create_databases else "LOGIN"
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        # Two processes may make it at once.
        with suppress(errors.DuplicateObject, errors.UniqueViolation):
            connection.execute(_with_names("CREATE ROLE {} " + rights, name))
    if password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )


def _with_names(statement: Any, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _exists(connection: Superuser, query: Any, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None
