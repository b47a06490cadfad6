"""The shipped policies, loaded once for many tests and taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from bureau.models import PoolingArea
from policies.selectors import rulebook
from policies.services.loading import DATA, load_all, load_area


@contextmanager
def policies_in_force(*areas: str) -> Iterator[None]:
    """Load the policies of some areas (all of them where none is named) while the block lasts."""
    if areas:
        for area in areas:
            load_area(DATA / area)
    else:
        list(load_all())
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {PoolingArea._meta.db_table} CASCADE")
    rulebook.forget()
