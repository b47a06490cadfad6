"""What the application's role may do to each table, as the models say.

A model says it in ``application_may``, a frozenset of ``insert``, ``update``, ``delete`` and
``update:one_column,another``; one that says nothing lets the application do all three. Reading is
always allowed; TRUNCATE, TRIGGER and REFERENCES never are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

EVERYTHING = frozenset({"insert", "update", "delete"})


def grant_to_application(*, using: str = "default", **_signal: Any) -> None:
    """Make the application's rights what the models say; idempotent, run after every migrate."""
    connection = connections[using]
    role = settings.DATABASE_APPLICATION_ROLE
    if not _is_another_role(connection, role):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in statements(connection, role):
            cursor.execute(statement)


def statements(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """Yield the SQL that takes every right away and gives back those that the models name."""
    quote = connection.ops.quote_name
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quote(role)}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {quote(role)}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}"
    tables = set(connection.introspection.table_names())
    for model in _models():
        if (table := model._meta.db_table) in tables and (may := _rights(model, connection)):
            yield f"GRANT {may} ON {quote(table)} TO {quote(role)}"


def parse(right: str) -> tuple[str, list[str]]:
    """Split ``update:one,another`` into its verb and columns.

    Raises:
        ValueError: no application may do that.
    """
    verb, colon, named = right.partition(":")
    columns = [column.strip() for column in named.split(",")] if colon else []
    if verb not in EVERYTHING or (colon and (verb == "delete" or not all(columns))):
        raise ValueError(f"an application is never granted {right!r}")
    return verb, columns


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            yield model


def _rights(model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    """Word a model's rights for GRANT: ``INSERT, UPDATE ("closed_on")``."""
    return ", ".join(
        _right(right, connection) for right in sorted(getattr(model, "application_may", EVERYTHING))
    )


def _right(right: str, connection: BaseDatabaseWrapper) -> str:
    verb, columns = parse(right)
    names = ", ".join(map(connection.ops.quote_name, columns))
    return f"{verb.upper()} ({names})" if names else verb.upper()


def _is_another_role(connection: BaseDatabaseWrapper, role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role]
        )
        return cursor.fetchone() is not None
