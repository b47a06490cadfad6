"""Mistakes in the settings are reported by id, and settings for production pass clean."""

import os
import subprocess
import sys

import pytest
from django.db import connections

from config import checks
from config.environment import BASE_DIR

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "IDENTITY_KEYS": "a=" + "01" * 16,
    "IDENTITY_INDEX_KEY": "23" * 32,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://application:1@db.example/portal",
    "DATABASE_OWNER_URL": "postgres://owner:2@db.example/portal",
    "REDIS_URL": "redis://redis.example/0",
}


def check_deploy(**changes):
    """Return what ``check --deploy`` says about production settings with some changes."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_production_settings_pass_clean():
    done = check_deploy()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("mistake", "reported"),
    [
        ({"SECRET_KEY": ""}, "config.E001"),
        ({"IDENTITY_KEYS": ""}, "config.E001"),
        ({"IDENTITY_INDEX_KEY": ""}, "config.E001"),
        ({"ALLOWED_HOSTS": "*"}, "config.E002"),
        ({"DATABASE_OWNER_URL": ""}, "config.W003"),
        ({"DATABASE_URL": "sqlite:///x", "DATABASE_OWNER_URL": ""}, "config.E005"),
        ({"DATABASE_OWNER_URL": "postgres://owner:2@db.example/other"}, "config.E006"),
        ({"REDIS_URL": "amqp://rabbit.example"}, "config.E007"),
        ({"DEBUG": "1"}, "security.W018"),
        ({"HTTPS": "0"}, "security.W008"),
    ],
)
def test_a_mistake_is_reported(mistake, reported):
    done = check_deploy(**mistake)
    assert done.returncode == 1
    assert reported in done.stderr


def test_the_own_server_is_not_for_production(monkeypatch):
    monkeypatch.setattr(checks, "own_database", lambda: True)
    assert [message.id for message in checks.database_is_named()] == ["config.W004"]


def test_another_time_zone_is_refused(settings):
    settings.TIME_ZONE = "UTC"
    assert [message.id for message in checks.legal_days_are_shanghai_days()] == ["config.E008"]


def test_an_old_server_is_refused(db, monkeypatch):
    assert checks.server_is_recent(databases=["default"]) == []
    monkeypatch.setitem(vars(connections["default"]), "pg_version", 140_012)
    assert [message.id for message in checks.server_is_recent(databases=["default"])] == [
        "config.E009"
    ]
