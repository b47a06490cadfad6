"""Limiting rows to the areas that somebody may see."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from bureau.models import User

Row = TypeVar("Row", bound=Model)


def visible_to(
    user: User | AnonymousUser,
    rows: QuerySet[Row],
    *,
    path: str = "area",
    and_without_area: bool = False,
) -> QuerySet[Row]:
    """Return the rows of the areas that ``user`` may see.

    ``path`` leads from a row to its area (``member__area``; ``pk`` for areas themselves). Rows that
    belong to no area are left out unless ``and_without_area``.
    """
    if not isinstance(user, User):
        return rows.none()
    if user.sees_everything:
        return rows
    seen = Q(**{f"{path}__in": user.visible_areas()})
    return rows.filter(seen | Q(**{f"{path}__isnull": True}) if and_without_area else seen)
