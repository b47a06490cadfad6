"""What the tests of policies share."""

import pytest
from django.utils import translation


@pytest.fixture
def in_english(settings):
    """Read what the portal says in its source language."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
