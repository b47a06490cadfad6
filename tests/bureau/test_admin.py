"""The desk: who sees what, what cannot be changed there, and what a page costs."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.paginator import EmptyPage
from django.urls import reverse

from bureau import audit, batchkinds, roles
from bureau.admin.areas import AreaScopedAdmin
from bureau.admin.display import money
from bureau.admin.paginator import EstimatingPaginator
from bureau.models import ActionRecord, BatchRun, PoolingArea, User
from bureau.services import batches

pytestmark = pytest.mark.django_db

CONFIRMED = {"_form_submitted": "on"}  # what the dialog of a lever posts


@pytest.fixture
def home():
    return PoolingArea.objects.create(
        code="990100", name="甲市", short_name="甲", province_name="某省"
    )


@pytest.fixture
def elsewhere():
    return PoolingArea.objects.create(
        code="990200", name="乙市", short_name="乙", province_name="某省"
    )


def staff(name, *areas, role=None, **more):
    user = User.objects.create_user(name, is_staff=True, **more)
    user.areas.set(areas)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def with_every_permission(user):
    user.user_permissions.set(Permission.objects.all())
    return user


@pytest.fixture
def clerk(home):
    """May do everything, in the home area."""
    return with_every_permission(staff("clerk", home))


@pytest.fixture
def stranger(elsewhere):
    """A clerk of another city, who may do everything there and must see nothing here."""
    return with_every_permission(staff("stranger", elsewhere))


@pytest.fixture
def run(home, monkeypatch):
    monkeypatch.setattr(batchkinds, "_kinds", {})
    batchkinds.register("count", "Count them", lambda *_: {})
    return batches.plan(
        kind="count", area=home, period=date(2024, 3, 1), ranges=[(1, 5), (6, 9)], by=None
    )[0]


def page(client, user, name, *arguments, **more):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse(f"admin:{name}", args=arguments), **more)


def test_a_clerk_sees_the_own_area(client, clerk, home, run):
    assert page(client, clerk, "bureau_batchrun_changelist").context["cl"].result_count == 1
    assert page(client, clerk, "bureau_batchrun_change", run.pk).status_code == 200


def test_a_clerk_of_another_city_sees_nothing(client, stranger, home, run):
    audit.record("area opened", home, by=None)
    for name in ("bureau_batchrun", "bureau_actionrecord"):
        assert page(client, stranger, f"{name}_changelist").context["cl"].result_count == 0
    assert page(client, stranger, "bureau_batchrun_change", run.pk).status_code == 302
    assert "甲市" not in page(client, stranger, "bureau_poolingarea_changelist").content.decode()


def test_a_clerk_of_another_city_pulls_no_lever(client, stranger, run):
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("admin:bureau_batchrun_pause", args=[run.pk]), CONFIRMED)
    run.refresh_from_db()
    assert (answer.status_code, run.state) == (404, "planned")


def test_choices_offer_the_own_areas_only(rf, clerk, home, elsewhere):
    request = rf.get("/")
    request.user = clerk
    field = admin.site._registry[User].formfield_for_dbfield(User._meta.get_field("areas"), request)
    assert list(field.queryset) == [home]


def test_every_admin_of_rows_with_an_area_is_scoped_to_areas():
    """Whoever registers a model that leads to an area says so, or it would show all areas' rows."""
    unscoped = [
        model._meta.label
        for model, each in admin.site._registry.items()
        if any(
            field.related_model is PoolingArea and field.many_to_one for field in model._meta.fields
        )
        and not isinstance(each, AreaScopedAdmin)
    ]
    assert unscoped == []


@pytest.mark.parametrize("name", ["bureau_actionrecord", "bureau_batchrun"])
def test_history_offers_no_way_to_change_it(client, admin_user, home, run, name):
    model = {"bureau_actionrecord": ActionRecord, "bureau_batchrun": BatchRun}[name]
    row = model.objects.first()
    assert page(client, admin_user, f"{name}_add").status_code == 403
    assert (
        client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert (
        client.post(reverse(f"admin:{name}_change", args=[row.pk]), {"action": "x"}).status_code
        == 403
    )


def test_the_levers_ask_first_and_then_steer_the_run(client, run, home):
    operator = staff("operator", home, role=roles.BATCH_OPERATOR)
    asked = page(client, operator, "bureau_batchrun_pause", run.pk)
    run.refresh_from_db()
    assert (asked.status_code, run.state) == (200, "planned"), "a GET changes nothing"

    client.post(reverse("admin:bureau_batchrun_pause", args=[run.pk]), CONFIRMED)
    run.refresh_from_db()
    assert run.state == "paused"
    assert ActionRecord.objects.get(action="batch paused").actor == operator


def test_a_lever_that_comes_too_late_says_so(client, run, home):
    operator = staff("operator", home, role=roles.BATCH_OPERATOR)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("admin:bureau_batchrun_resume", args=[run.pk]), CONFIRMED)
    answer = client.get(reverse("admin:bureau_batchrun_change", args=[run.pk]))
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("planned", ["cancel", "pause"]),
        ("running", ["cancel", "pause"]),
        ("paused", ["cancel", "resume"]),
        ("failed", ["cancel", "retry-failed"]),
        ("done", []),
        ("cancelled", []),
    ],
)
def test_the_page_offers_the_levers_that_the_state_allows(client, run, home, state, offered):
    BatchRun.objects.filter(pk=run.pk).update(state=state)
    operator = staff("operator", home, role=roles.BATCH_OPERATOR)
    actions = page(client, operator, "bureau_batchrun_change", run.pk).context["actions_detail"]
    assert sorted(each["path"].split("/")[-2] for each in actions) == offered


def test_the_page_says_what_came_of_the_run(client, run, home, monkeypatch):
    BatchRun.objects.filter(pk=run.pk).update(state="done", totals={"members": 2})
    answer = page(
        client, staff("auditor", home, role=roles.AUDITOR), "bureau_batchrun_change", run.pk
    )
    assert "members 2" in answer.content.decode()

    batchkinds.register("count", "Count", lambda *_: {}, says=lambda _: ["两人<已数>"])
    answer = client.get(reverse("admin:bureau_batchrun_change", args=[run.pk]))
    assert "两人&lt;已数&gt;" in answer.content.decode()


def test_who_may_only_look_pulls_no_lever(client, run, home):
    auditor = staff("auditor", home, role=roles.AUDITOR)
    assert page(client, auditor, "bureau_batchrun_change", run.pk).status_code == 200
    answer = client.post(reverse("admin:bureau_batchrun_pause", args=[run.pk]), CONFIRMED)
    assert answer.status_code == 403


def test_lists_cost_the_same_however_long_they_are(
    client, admin_user, run, home, django_assert_num_queries
):
    page(client, admin_user, "bureau_batchrun_changelist")
    with django_assert_num_queries(12):
        page_of_one = client.get(reverse("admin:bureau_batchrun_changelist"))
    for month in range(1, 12):
        batches.plan(kind="count", area=home, period=date(2025, month, 1), ranges=[(1, 5)], by=None)
    with django_assert_num_queries(12):
        page_of_many = client.get(reverse("admin:bureau_batchrun_changelist"))
    assert (page_of_one.status_code, page_of_many.status_code) == (200, 200)


def test_a_change_reaches_the_action_log_with_who_and_from_where(client, admin_user, home):
    client.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("admin:bureau_poolingarea_change", args=[home.pk]),
        {"name": "甲市", "short_name": "甲甲", "province_name": "某省", "is_active": "on"},
        REMOTE_ADDR="10.1.2.3",
    )
    record = ActionRecord.objects.get(action="changed")
    assert (record.actor, record.area, record.ip) == (admin_user, home, "10.1.2.3")
    assert LogEntry.objects.count() == 1


# Staff


def test_a_system_administrator_cannot_make_a_superuser(client, home):
    administrator = staff("administrator", home, role=roles.SYSTEM_ADMINISTRATOR)
    other = staff("other", home)
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("admin:bureau_user_change", args=[other.pk]),
        {"username": "other", "is_active": "on", "is_staff": "on", "is_superuser": "on",
         "sees_all_areas": "on", "areas": [home.pk]},
    )  # fmt: skip
    other.refresh_from_db()
    assert (other.is_superuser, other.sees_all_areas) == (False, False)


def test_nobody_raises_the_own_rights(client, home, elsewhere):
    administrator = staff("administrator", home, role=roles.SYSTEM_ADMINISTRATOR)
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("admin:bureau_user_change", args=[administrator.pk]),
        {"username": "administrator", "is_active": "on", "areas": [home.pk, elsewhere.pk],
         "groups": [group.pk for group in Group.objects.all()]},
    )  # fmt: skip
    assert list(administrator.areas.all()) == [home]
    assert [group.name for group in administrator.groups.all()] == [roles.SYSTEM_ADMINISTRATOR]


def test_a_superuser_is_out_of_reach(client, admin_user, home):
    administrator = staff("administrator", home, role=roles.SYSTEM_ADMINISTRATOR)
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("bureau_user_change", "auth_user_password_change"):
        answer = client.post(reverse(f"admin:{name}", args=[admin_user.pk]), {"username": "x"})
        assert answer.status_code == 403


# Pages


def test_the_front_page_leads_to_the_login(client):
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/admin/login/?next=/admin/"


def test_the_sidebar_shows_the_tasks_that_one_may_do(client, run, home):
    operator = staff("operator", home, role=roles.BATCH_OPERATOR)
    links = page(client, operator, "index").content.decode()
    assert reverse("admin:bureau_batchrun_changelist") in links
    assert reverse("admin:bureau_user_changelist") not in links


def test_evaluating_scripts_is_for_the_admin_only(client):
    policy = "Content-Security-Policy"
    assert "'unsafe-eval'" in client.get("/admin/login/")[policy]
    assert "unsafe" not in client.get("/")[policy]
    assert "http" not in client.get("/admin/login/")[policy]


def test_five_wrong_passwords_lock_the_door(client, clerk, settings):
    clerk.set_password("a right one")
    clerk.save()
    for _ in range(5):
        client.post("/admin/login/", {"username": "clerk", "password": "wrong"})
    answer = client.post("/admin/login/", {"username": "clerk", "password": "a right one"})
    assert answer.status_code == 429


# Display


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1234567.8"), "1,234,567.80"),
        (Decimal(0), "0.00"),
        (None, "–"),
        (Decimal("-0.1"), "-0.10"),
    ],
)
def test_amounts_are_shown_to_the_fen(amount, shown):
    assert money(amount) == f'<span class="amount">{shown}</span>'


def test_the_paginator_counts_small_tables_exactly(home, elsewhere):
    assert EstimatingPaginator(PoolingArea.objects.order_by("pk"), 50).count == 2


def test_the_paginator_believes_the_planner_on_large_tables(home, monkeypatch):
    monkeypatch.setattr("bureau.admin.paginator._planned_rows", lambda _: 3_000_000)
    paginator = EstimatingPaginator(PoolingArea.objects.order_by("pk"), 50)
    assert paginator.count == 3_000_000
    assert list(paginator.page(2).object_list) == []
    with pytest.raises(EmptyPage):
        paginator.page(60_001)
