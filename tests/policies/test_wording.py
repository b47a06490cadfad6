"""What officers read: rows in words, problems as cases, differences row by row."""

from datetime import date
from decimal import Decimal

import pytest

from policies.engine import explain
from policies.selectors import differences, problems, reading
from policies.selectors.explanation import SENTENCES
from policies.services import publishing
from tests.policies import invented

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def meanings(version, name):
    (table,) = [found for found in reading.read(version) if found.table.name == name]
    return [row.meaning for row in table.rows]


def test_a_ratio_names_what_the_adjustments_make_of_it():
    assert meanings(invented.draft(), "ratios") == [
        (
            "unrated primary or tier 1 institutions: 75%; "
            "retired, unrated primary or tier 1 institutions: 75%+5%"
        ),
        "tier 2 institutions: 60%; retired, tier 2 institutions: 60%+5%",
        "tier 3 institutions: 50%; retired, tier 3 institutions: 50%+5%",
    ]


def test_only_the_columns_that_a_table_uses_are_shown():
    (ratios,) = [t for t in reading.read(invented.draft()) if t.table.name == "ratios"]
    assert [heading.text for heading in ratios.headings] == [
        "tiers",
        "spending over",
        "up to",
        "share",
    ]


def test_a_cap_that_follows_a_figure_says_so():
    cap = {
        "series": "average_wage",
        "series_offset": -1,
        "rate": "0.05",
        "amount": "1700.00",
        "unit": "1.00",
    }
    (said,) = meanings(invented.draft(caps=[cap]), "caps")
    assert said == (
        "all: limit for a year 5% of the average annual wage of the urban employed of the year "
        "before, until it is published 1,700 yuan"
    )


def test_an_overlap_is_told_as_its_case_with_its_rows():
    ratios = [
        {"when": {"statuses": ["in_service", "flexible", "founding"]}, "share": "0.5"},
        {"when": {"statuses": ["retired"], "age_until": 45}, "share": "0.6"},
        {"when": {"statuses": ["retired"], "age_from": 45}, "share": "0.6", "band_until": "5000"},
        {"when": {"statuses": ["retired"], "age_from": 45, "tiers": [3]}, "share": "0.7",
         "band_from": "5000"},
        {"when": {"statuses": ["retired"], "age_from": 45}, "share": "0.8", "band_from": "5000"},
    ]  # fmt: skip
    (found,) = problems.problems_of(invented.draft(ratios=ratios))
    assert found.kind == "overlap"
    assert found.sentence == (
        "ratios: rows 4 and 5 all answer for retired, aged 45 and over, tier 3 institutions, "
        "spending over 5,000 yuan"
    )
    assert len(found.rows) == 2


def test_a_gap_is_told_as_its_case():
    caps = [{"when": {"statuses": ["retired"]}, "amount": "2000"}]
    found = problems.problems_of(invented.draft(caps=caps))
    assert [one.kind for one in found] == ["gap"]
    assert found[0].sentence.startswith("caps: no row answers for the limit for a year, in service")


def test_a_benefit_version_without_terms_is_told():
    (found,) = problems.problems_of(
        invented.draft(terms=[], ratios=[], deductibles=[], adjustments=[], caps=[])
    )
    assert "ordinary outpatient" in found.sentence


def test_rows_of_a_kind_of_care_without_terms_are_told():
    ratios = [*invented.RATIOS, {"care": "chronic", "share": "0.8"}]
    found = problems.problems_of(invented.draft(ratios=ratios))
    assert any("chronic and special diseases" in one.sentence for one in found)


def test_differences_name_what_was_added_removed_and_changed():
    version = invented.published()
    copy = publishing.copy_as_draft(version, in_force_from=date(2025, 1, 1), by=invented.officer())
    ratios = copy.ratiorow_set
    ratios.filter(tiers=[3]).update(share=Decimal("0.55"))
    ratios.filter(tiers=[2]).delete()
    copy.adjustmentrow_set.create(statuses=["founding"], points=Decimal("0.1"), article="HC-9")
    assert differences.before(copy) == version
    found = {table.title: table.rows for table in differences.between(version, copy)}
    changed, removed = found["ratios"]
    assert (changed.kind, changed.changes) == ("changed", (("share", "50%", "55%"),))
    assert (removed.kind, removed.meaning) == ("removed", "tier 2 institutions: 60%")
    (added,) = found["adjustments"]
    assert (added.kind, added.article) == ("added", "HC-9")
    assert [change.column for change in differences.headings(version, copy)] == ["in force from"]


def test_the_translated_sentences_are_the_engines():
    assert {label: str(sentence) for label, sentence in SENTENCES.items()} == explain.SENTENCES
