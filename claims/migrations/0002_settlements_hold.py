"""What the database itself guarantees of settlements."""

from __future__ import annotations

from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_visits_and_settlements"),
        ("members", "0005_history_is_insert_only"),
        ("policies", "0002_what_is_published_stands"),
    ]

    operations = [sql_file(__file__)]
