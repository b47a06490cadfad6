"""The SQL of triggers that many tables need; what they call is in bureau's migration 0002."""

from __future__ import annotations


def insert_only(table: str) -> str:
    """Return the SQL that refuses UPDATE and DELETE of a table's rows, whoever runs it."""
    return (
        f'CREATE TRIGGER "{table}_insert_only" BEFORE UPDATE OR DELETE ON "{table}"'
        " FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();\n"
    )


def no_truncate(table: str) -> str:
    """Return the SQL that refuses TRUNCATE of a table; the tests drop it, to clean up by it."""
    return (
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();\n"
    )


def drop_insert_only(table: str) -> str:
    """Return the reverse of ``insert_only``."""
    return f'DROP TRIGGER "{table}_insert_only" ON "{table}";\n'


def drop_no_truncate(table: str) -> str:
    """Return the reverse of ``no_truncate``."""
    return f'DROP TRIGGER "{table}_no_truncate" ON "{table}";\n'
