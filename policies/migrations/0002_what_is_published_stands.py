"""What is published stands: the database refuses to change it."""

from __future__ import annotations

from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0001_policy_tables"),
        ("bureau", "0002_action_log"),
    ]

    operations = [sql_file(__file__)]
