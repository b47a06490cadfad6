from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_entries_move_balances"),
    ]

    operations = [sql_file(__file__)]
