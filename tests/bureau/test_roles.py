import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from bureau import roles
from bureau.models import User

pytestmark = pytest.mark.django_db


def member_of(role):
    user = User.objects.create_user("somebody")
    user.groups.add(Group.objects.get(name=role))
    return user


def test_every_role_ships_and_can_do_something():
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)
    for group in Group.objects.filter(name__in=roles.ROLES):
        assert group.permissions.exists(), group


def test_what_was_changed_by_hand_is_set_again():
    group = Group.objects.get(name=roles.AUDITOR)
    before = set(group.permissions.all())
    group.permissions.add(Permission.objects.get(codename="delete_user"))

    roles.apply_roles()

    assert set(group.permissions.all()) == before


def test_the_author_of_a_policy_is_not_its_publisher():
    assert not member_of(roles.POLICY_OFFICER).has_perm("policies.publish_policyversion")


def test_an_auditor_only_looks():
    verbs = {
        name.split(".")[1].split("_")[0] for name in member_of(roles.AUDITOR).get_all_permissions()
    }
    assert verbs == {"view"}


def test_a_system_administrator_sees_no_business():
    apps = {
        name.split(".")[0] for name in member_of(roles.SYSTEM_ADMINISTRATOR).get_all_permissions()
    }
    assert apps == {"auth", "bureau"}


def test_only_operators_steer_batches():
    able = [
        role
        for role in roles.ROLES
        if Group.objects.get(name=role).permissions.filter(codename="control_batchrun")
    ]
    assert able == [roles.BATCH_OPERATOR]


@pytest.mark.django_db(transaction=True)
def test_roles_come_back_with_the_tables():
    call_command("flush", interactive=False, verbosity=0)
    assert Group.objects.filter(name__in=roles.ROLES).count() == len(roles.ROLES)
