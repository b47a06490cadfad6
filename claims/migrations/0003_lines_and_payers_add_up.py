"""A settlement's lines and payers add up to it, and each line is settled once."""

from __future__ import annotations

from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_settlements_hold")]

    operations = [sql_file(__file__)]
