"""The Chinese catalogues: complete, well formed, and what the pages read is what they say."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from bureau import catalogue
from config.environment import BASE_DIR

SOURCES = [*(BASE_DIR / app for app in settings.PORTAL_APPS), BASE_DIR / "templates"]
CATALOGUES = [
    path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")
]
PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0]*\d*(?:\.\d+)?[a-z]|%[sd]|\{\w*\}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;?!()][\u4e00-\u9fff]|[\u4e00-\u9fff]\.$")

each_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: str(path.relative_to(BASE_DIR))
)


def said(entry):
    return [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())


@pytest.mark.parametrize("folder", SOURCES, ids=lambda folder: folder.name)
def test_no_string_of_an_app_stays_in_english(folder):
    assert catalogue.untranslated([folder]) == set()


def test_a_string_with_a_context_is_found_in_a_template(tmp_path):
    (tmp_path / "planted.html").write_text('{% load i18n %}{% trans "One" context "a count" %}')
    assert catalogue.untranslated([tmp_path]) == {("a count", "One")}


def test_there_is_a_catalogue_of_ours_and_one_of_the_packages():
    assert len(CATALOGUES) == 2


@each_catalogue
def test_every_entry_is_translated_and_none_is_fuzzy_or_left_over(path):
    entries = polib.pofile(str(path))
    wrong = [one.msgid for one in entries if not one.translated() or one.fuzzy or one.obsolete]
    assert wrong == []


@each_catalogue
def test_no_entry_stands_twice(path):
    entries = [(one.msgctxt, one.msgid) for one in polib.pofile(str(path))]
    assert len(entries) == len(set(entries))


@each_catalogue
def test_chinese_has_one_plural_form(path):
    entries = polib.pofile(str(path))
    assert entries.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [
        one.msgid for one in entries if one.msgid_plural and set(one.msgstr_plural) != {0}
    ] == []


@each_catalogue
def test_placeholders_are_those_of_the_source(path):
    for entry in polib.pofile(str(path)):
        for text in said(entry):
            found = sorted(PLACEHOLDER.findall(text))
            assert found == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid


@each_catalogue
def test_punctuation_is_chinese_and_no_space_trails(path):
    for entry in polib.pofile(str(path)):
        for text in said(entry):
            assert not HALF_WIDTH.search(text), text
            assert text == text.rstrip(" ") or entry.msgid.endswith((" ", "\n")), text


@each_catalogue
def test_the_compiled_catalogue_says_the_same(path):
    source = polib.pofile(str(path))
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(one.msgctxt, one.msgid): said(one) for one in compiled} == {
        (one.msgctxt, one.msgid): said(one) for one in source
    }
