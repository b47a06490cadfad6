"""Plain SQL beside its migration."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


def sql_file(migration: str) -> migrations.RunSQL:
    """Return the operation that runs ``<migration>.sql``, undone by ``<migration>.reverse.sql``.

    Call it as ``sql_file(__file__)`` in the migration's list of operations.
    """
    stem = Path(migration).with_suffix("")
    return migrations.RunSQL(
        sql=stem.with_suffix(".sql").read_text(encoding="utf-8"),
        reverse_sql=stem.with_suffix(".reverse.sql").read_text(encoding="utf-8"),
    )
