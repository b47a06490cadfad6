from django.db import migrations

from bureau.database.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_people_and_accounts"),
    ]

    operations = [sql_file(__file__)]
