"""The shipped policies, loaded once for many tests and taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from bureau.models import PoolingArea
from policies.selectors import rulebook
from policies.services.loading import DATA, load_area


@contextmanager
def policies_in_force(blocker: Any, *areas: str) -> Iterator[None]:
    """Load the policies of some areas (all of them where none is named) while the block lasts.

    In between the database is out of reach again: what a test writes outside of its transaction
    would stay for the next ones.
    """
    with blocker.unblock():
        for folder in areas or (path.name for path in DATA.iterdir()):
            load_area(DATA / folder)
    yield
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {PoolingArea._meta.db_table} CASCADE")
    rulebook.forget()
