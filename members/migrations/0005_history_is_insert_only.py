from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_year_totals_open_at_zero"),
    ]

    operations = [sql_file(__file__)]
