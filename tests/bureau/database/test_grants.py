"""What the application's role can and cannot do, tried by SQL as that role."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models

from bureau import audit
from bureau.checks import application_may_is_understood
from bureau.database import grants
from bureau.models import ActionRecord, PoolingArea

pytestmark = pytest.mark.django_db

REFUSED = r"permission denied|must be owner"


@pytest.fixture
def action():
    area = PoolingArea.objects.create(
        code="990100", name="甲市", short_name="甲", province_name="某省"
    )
    return audit.record("area opened", area, by=None)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_it_is_no_superuser_and_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = %s",
            [settings.DATABASE_APPLICATION_ROLE],
        )
        assert cursor.fetchone() == (False, 0)


def test_it_reads_and_appends_to_the_action_log(action, as_application):
    with as_application():
        assert ActionRecord.objects.count() == 1
        audit.record("area closed", action.area, by=None)
    assert ActionRecord.objects.count() == 2


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE bureau_actionrecord SET action = 'nothing'",
        "DELETE FROM bureau_actionrecord",
        "TRUNCATE bureau_actionrecord",
        "TRUNCATE bureau_poolingarea CASCADE",
        "ALTER TABLE bureau_actionrecord DISABLE TRIGGER ALL",
        "DROP TRIGGER bureau_actionrecord_insert_only ON bureau_actionrecord",
        "DROP TABLE bureau_actionrecord",
        "CREATE TABLE public.mine (a int)",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION bureau_refuse_change() RETURNS trigger LANGUAGE sql AS ''",
    ],
)
def test_it_is_refused(action, as_application, attack):
    with pytest.raises(DatabaseError, match=REFUSED), as_application():
        run(attack)
    assert ActionRecord.objects.get().action == "area opened"


def test_no_table_lets_it_truncate_or_hang_triggers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')",
            [settings.DATABASE_APPLICATION_ROLE],
        )
        assert cursor.fetchall() == []


def test_every_model_gets_exactly_what_it_says():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, lower(privilege_type) FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND privilege_type <> 'SELECT'",
            [settings.DATABASE_APPLICATION_ROLE],
        )
        granted = set(cursor.fetchall())
    said = {
        (model._meta.db_table, right)
        for model in apps.get_models(include_auto_created=True)
        for right in getattr(model, "application_may", grants.EVERYTHING)
        if ":" not in right and model._meta.managed
    }
    assert granted == said


def test_what_was_granted_by_hand_is_taken_back():
    role = connection.ops.quote_name(settings.DATABASE_APPLICATION_ROLE)
    run(f"GRANT ALL ON bureau_actionrecord TO {role}")

    grants.grant_to_application()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'bureau_actionrecord', 'UPDATE, DELETE, TRUNCATE')",
            [settings.DATABASE_APPLICATION_ROLE],
        )
        assert cursor.fetchone() == (False,)


def test_a_model_may_open_some_columns_only(monkeypatch, as_application):
    monkeypatch.setattr(
        PoolingArea, "application_may", frozenset({"update:is_active,short_name"}), raising=False
    )
    grants.grant_to_application()
    with as_application():
        run("UPDATE bureau_poolingarea SET is_active = false, short_name = ''")
    for refused in ("UPDATE bureau_poolingarea SET name = ''", "DELETE FROM bureau_poolingarea"):
        with pytest.raises(DatabaseError, match=REFUSED), as_application():
            run(refused)


@pytest.mark.parametrize("right", ["truncate", "delete:name", "update:no_such_column", "insert "])
def test_a_right_that_is_none_is_reported(monkeypatch, right):
    monkeypatch.setattr(PoolingArea, "application_may", frozenset({right}), raising=False)
    assert [message.id for message in application_may_is_understood()] == ["bureau.E001"]


def test_an_unknown_right_is_never_granted(monkeypatch):
    monkeypatch.setattr(PoolingArea, "application_may", frozenset({"truncate"}), raising=False)
    with pytest.raises(ValueError, match="never granted 'truncate'"):
        list(grants.statements(connection, "somebody"))


@pytest.mark.django_db(transaction=True)
def test_migrating_again_changes_no_grant():
    def acl():
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL")
            return set(cursor.fetchall())

    before = acl()
    call_command("migrate", verbosity=0)
    assert acl() == before


def test_models_of_other_packages_work_for_it(as_application):
    session = apps.get_model("sessions", "Session")
    assert issubclass(session, models.Model)
    with as_application():
        assert session.objects.filter(pk="x").delete() == (0, {})
