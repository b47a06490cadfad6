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
    """Load the shipped policies once, and take them away when the package is done."""
    with policies_in_force(django_db_blocker):
        yield


@pytest.fixture
def policies(shipped_policies: None, db: None) -> None:
    """A test in a transaction of its own, with the shipped policies in force."""


@pytest.fixture
def clerks(transactional_db: None) -> Iterator[TransactionalDesk]:
    """Several connections at once, with one area's policies loaded for this test alone."""
    loading.load_area(loading.DATA / "150600")
    yield TransactionalDesk()
    rulebook.forget()
