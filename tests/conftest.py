"""What all tests stand on: a server, the owner's connection, and the application's role."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation.reloader import translation_file_changed

from bureau.database import owner, provision
from config.embedded.membership import join_own_database

PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure() -> None:
    """Use the server that DATABASE_URL names, else the portal's own; nothing else from outside."""
    join_own_database()
    call_command("compilemessages", stdout=io.StringIO())
    translation_file_changed(None, Path("django.mo"))  # what was loaded before is stale
    settings.CELERY_BROKER_URL = ""
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.STATIC_ROOT = None
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_FILES}
    settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let the owner make the test database, with the application's role beside it."""
    name = connection.settings_dict["NAME"]
    owner.become_owner()
    connection.settings_dict["NAME"] = name
    with psycopg.connect(_maintenance_dsn(), autocommit=True) as server:
        exists = "SELECT 1 FROM pg_roles WHERE rolname = %s"
        role = settings.DATABASE_APPLICATION_ROLE
        if server.execute(exists, (role,)).fetchone() is None:
            provision.role(server, role)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let teardown TRUNCATE: the triggers that refuse it go, and have a test of their own."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT format('DROP TRIGGER %%I ON %%s', tgname, tgrelid::regclass)"
            " FROM pg_trigger WHERE tgname LIKE %s",
            ["%\\_no\\_truncate"],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


@pytest.fixture(scope="module")
def public_folder() -> Iterator[Path]:
    """A folder that a server run by another account than root's can reach."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    yield folder
    deadline = time.monotonic() + 30
    while any(folder.rglob("postmaster.pid")) and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder)


AsApplication = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def as_application(db: None) -> AsApplication:
    """``with as_application():`` runs the block's SQL under the application's role.

    The block is a savepoint: after an error it is undone and the owner's role is back.
    """

    @contextmanager
    def block() -> Iterator[None]:
        role = connection.ops.quote_name(settings.DATABASE_APPLICATION_ROLE)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            yield
            cursor.execute("RESET ROLE")

    return block


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing skips: what was meant to be tested was tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") == "true":
        reporter.write_line("\nSkipped tests fail this run, because CI=true.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _maintenance_dsn() -> str:
    wanted = connection.settings_dict
    parts = {
        "host": wanted["HOST"],
        "port": wanted["PORT"],
        "user": wanted["USER"],
        "password": wanted["PASSWORD"],
        "dbname": "postgres",
    }
    return psycopg.conninfo.make_conninfo(**{key: value for key, value in parts.items() if value})
