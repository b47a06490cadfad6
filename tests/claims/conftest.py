"""The shipped policies, in the database while the tests of this package run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.selectors import rulebook
from policies.services import loading
from tests.claims.desk import TransactionalDesk
from tests.shipped import policies_in_force


@pytest.fixture(scope="package")
def shipped_policies(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Load the shipped policies once, and take them away when the package is done.

    In between the database is out of reach again: what a test writes outside of its transaction
    would stay for the next ones.
    """
    loaded = policies_in_force()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        loaded.__enter__()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        loaded.__exit__(None, None, None)


@pytest.fixture
def policies(shipped_policies: None, db: None) -> None:
    """A test in a transaction of its own, with the shipped policies in force."""


@pytest.fixture
def clerks(transactional_db: None) -> Iterator[TransactionalDesk]:
    """Several connections at once, with one area's policies loaded for this test alone."""
    loading.load_area(loading.DATA / "150600")
    yield TransactionalDesk()
    rulebook.forget()
