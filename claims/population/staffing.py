"""Logins for the demo: one for every role, and a clerk for each area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from bureau.models import PoolingArea, User
from claims.population import source
from claims.population.source import AreaSource


class Login(NamedTuple):
    """A login as it is printed."""

    username: str
    name: str
    roles: list[str]
    area: PoolingArea | None


def password() -> str:
    """The stated password of all demo logins."""
    return str(source.read("staff")["password"])


def logins(areas: Sequence[AreaSource]) -> list[Login]:
    """The demo's logins: those who see all areas, then each area's clerk."""
    material = source.read("staff")
    everywhere = [
        Login(one["username"], one["name"], one["roles"], None) for one in material["people"]
    ]
    found = PoolingArea.objects.in_bulk([area.code for area in areas])
    return everywhere + [_clerk(material["area_clerk"], found[area.code]) for area in areas]


def _clerk(pattern: dict[str, Any], area: PoolingArea) -> Login:
    username = pattern["username"].format(code=area.code)
    return Login(username, pattern["name"].format(city=area.short_name), pattern["roles"], area)


def appoint(areas: Sequence[AreaSource]) -> int:
    """Make the logins that are not there yet; tell how many."""
    known = set(User.objects.values_list("username", flat=True))
    new = [login for login in logins(areas) if login.username not in known]
    hashed = make_password(password())
    for login in new:
        user = User.objects.create(
            username=login.username,
            password=hashed,
            display_name=login.name,
            is_staff=True,
            sees_all_areas=login.area is None,
        )
        user.groups.set(Group.objects.filter(name__in=login.roles))
        user.areas.set([login.area] if login.area else [])
    return len(new)


def clerk_of(area: str) -> User:
    """The clerk of an area."""
    pattern = source.read("staff")["area_clerk"]["username"]
    return User.objects.get(username=pattern.format(code=area))
