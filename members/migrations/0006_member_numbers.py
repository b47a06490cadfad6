from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_history_is_insert_only"),
    ]

    operations = [sql_file(__file__)]
