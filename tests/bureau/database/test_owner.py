"""The owner migrates, the application runs: on the portal's own server and on a real one."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bureau.database.owner import as_owner
from config.embedded.server import Server
from config.environment import BASE_DIR, VAR_DIR, own_database

TABLE_OWNERS = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture(scope="module")
def own_server(public_folder):
    """A server of the portal's own with migrated tables; yields (server, environment)."""
    environment = {**os.environ, "PORTAL_VAR_DIR": str(public_folder), "DATABASE_URL": ""}
    manage(environment, "migrate", "-v0", "bureau")
    return Server.at(public_folder), environment


def manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=BASE_DIR, env=environment, check=True, capture_output=True, text=True
    ).stdout


def answer(environment, query):
    """Return what the database answers to a command of the portal."""
    lines = (
        "from django.db import connection",
        "cursor = connection.cursor()",
        f"cursor.execute({query!r})",
        "print(cursor.fetchall())",
    )
    return manage(environment, "shell", "--no-imports", "-c", "\n".join(lines)).strip()


def test_migrate_makes_tables_that_the_owner_owns(own_server):
    _, environment = own_server
    assert answer(environment, TABLE_OWNERS) == "[('portal_owner',)]"


def test_every_other_command_runs_as_the_application(own_server):
    _, environment = own_server
    assert answer(environment, "SELECT current_user") == "[('portal_application',)]"


def test_it_stays_itself_where_the_owner_is_connected_already(db):
    with connection.cursor() as cursor, as_owner():
        cursor.execute("SELECT 1")  # the same connection, still open
        assert cursor.fetchone() == (1,)


def superuser_dsn():
    if own_database():
        return Server.at(VAR_DIR).superuser_dsn
    named = settings.DATABASE_OWNER
    return make_conninfo(
        host=named["HOST"], port=named["PORT"], user=named["USER"], password=named["PASSWORD"],
        dbname="postgres",
    )  # fmt: skip


def test_setup_database_makes_two_roles_and_a_database_that_one_owns(monkeypatch, capsys):
    mark = uuid.uuid4().hex[:8]
    database, owner, application = f"p_{mark}", f"o_{mark}", f"a_{mark}"
    named = settings.DATABASES["default"]
    superuser = superuser_dsn()
    monkeypatch.setattr(settings, "DATABASE_OWNER", {"USER": owner, "PASSWORD": "1"})
    monkeypatch.setattr(
        settings,
        "DATABASES",
        {"default": {**named, "NAME": database, "USER": application, "PASSWORD": "2"}},
    )
    try:
        for _ in range(2):
            call_command("setup_database", superuser_url=superuser)
        with psycopg.connect(superuser) as server:
            owned_by = server.execute(
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (database,)
            ).fetchone()
            rights = server.execute(
                "SELECT rolsuper, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = %s",
                (application,),
            ).fetchone()
    finally:
        with psycopg.connect(superuser, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
            for role in (application, owner):
                server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))

    assert owned_by == (owner,)
    assert rights == (False, False, True)
    assert f"{owner} owns it, {application} uses it" in capsys.readouterr().out


def test_setup_database_refuses_one_role_for_both(monkeypatch):
    monkeypatch.setattr(settings, "DATABASE_OWNER", settings.DATABASES["default"])
    with pytest.raises(CommandError, match="must name two roles"):
        call_command("setup_database", superuser_url="postgres://nobody@127.0.0.1:1/postgres")


def test_sql_beside_a_migration_has_its_reverse():
    for forward in Path(BASE_DIR).glob("[a-z]*/migrations/*.sql"):
        stem = forward.name.removesuffix(".sql").removesuffix(".reverse")
        for name in (f"{stem}.py", f"{stem}.sql", f"{stem}.reverse.sql"):
            assert forward.with_name(name).exists(), f"{forward} needs {name} beside it"
