"""The demo: set up once, found again, and never where other people's members are."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bureau.models import ActionRecord, BatchRun, RunState, User
from bureau.roles import ROLES
from claims.population import source, staffing, summary
from claims.settlement.models import Settlement
from members.models import Entry, Member, YearTotal
from tests import cast

pytestmark = pytest.mark.django_db
COUNTED = (Member, Settlement, Entry, YearTotal, ActionRecord, BatchRun, User)


def demo() -> str:
    said = StringIO()
    call_command("demo", members=100, visits=250, stdout=said)
    return said.getvalue()


def counts() -> Iterator[int]:
    return (model._default_manager.count() for model in COUNTED)


def test_a_second_run_changes_nothing_and_says_the_same(policies: None) -> None:
    demo()
    first = list(summary.lines(source.areas())), list(counts())
    said = demo()
    assert (list(summary.lines(source.areas())), list(counts())) == first
    assert said.count("未改动") == len(source.read("words")["steps"]) - 2
    assert all(line in said for line in first[0])
    assert set(BatchRun.objects.values_list("state", flat=True)) == {RunState.DONE}


def test_every_role_has_somebody_and_a_clerk_sees_one_area(policies: None) -> None:
    staffing.appoint(source.areas())
    assert set(User.objects.values_list("groups__name", flat=True)) == set(ROLES)
    clerk = staffing.clerk_of("370200")
    assert [area.pk for area in clerk.visible_areas()] == ["370200"]
    assert clerk.check_password(staffing.password())
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_demo_refuses_where_other_peoples_members_are(policies: None) -> None:
    cast.zhang()
    with pytest.raises(CommandError, match="not the demo's"):
        demo()
    assert not User.objects.filter(username="chief").exists()
