"""Unfold ships no translations: ours say all that it shows."""

from pathlib import Path

import pytest
import unfold

from bureau import catalogue

UNFOLD = Path(unfold.__file__).parent
SHOWN = ("templates", "templatetags", "mixins", "contrib/filters", "contrib/forms")


@pytest.mark.parametrize("folder", SHOWN)
def test_nothing_of_unfold_stays_in_english(folder):
    assert catalogue.untranslated([UNFOLD / folder]) == set()


def test_a_string_that_is_not_is_found(tmp_path):
    (tmp_path / "planted.py").write_text('_("Nobody translated this")\npgettext("a", "nor this")\n')
    (tmp_path / "planted.html").write_text(
        '{% load i18n %}{% trans "Nor that" %}{% trans "Save" %}{{ a|default:_("And last") }}'
    )
    found = catalogue.untranslated([tmp_path])
    assert found == {
        (None, "Nobody translated this"),
        ("a", "nor this"),
        (None, "Nor that"),
        (None, "And last"),
    }
