"""The portal speaks Chinese: no string of these folders stays in English."""

import re
from pathlib import Path

import polib
import pytest
import unfold
from django.utils.translation import gettext, override

from bureau import catalogue
from config.environment import BASE_DIR

UNFOLD = Path(unfold.__file__).parent
TRANSLATED = (
    BASE_DIR / "config",
    BASE_DIR / "bureau",
    UNFOLD / "templates",
    UNFOLD / "templatetags",
    UNFOLD / "mixins",
    UNFOLD / "contrib" / "filters",
    UNFOLD / "contrib" / "forms",
)


@pytest.mark.parametrize("folder", TRANSLATED, ids=lambda folder: folder.name)
def test_every_string_is_translated(folder):
    assert catalogue.untranslated([folder]) == set()


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


def test_translations_keep_the_placeholders_of_their_source():
    entries = polib.pofile(str(BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    for entry in entries:
        said = entry.msgstr or "".join(entry.msgstr_plural.values())
        assert set(placeholder.findall(said)) == set(placeholder.findall(entry.msgid)), entry.msgid


def test_the_command_compiled_the_catalogue():
    with override("zh-hans"):
        assert gettext("pooling area") == "统筹地区"
