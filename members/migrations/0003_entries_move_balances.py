from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("bureau", "0002_action_log"),
        ("members", "0002_children_carry_their_area"),
    ]

    operations = [sql_file(__file__)]
