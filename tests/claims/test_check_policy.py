"""Worked examples: played, compared, and told where they are wrong."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from claims.settlement.models import Settlement
from claims.worked_examples import form, publication
from members.models import Member
from policies.models import PolicyVersion, RatioRow, WorkedExample
from policies.selectors import rulebook
from policies.services import loading, publishing
from tests import cast

pytestmark = pytest.mark.usefixtures("policies")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "examples"
BEGINNING = date(2024, 1, 1)
AREAS = ("130100", "140500", "150600", "320100", "370200")

EXAMPLE = """
area: "150600"
examples:
- name: Wang goes to the county hospital
  member:
    born: 1988-01-01
    statuses: [{from: 2010-01-01, status: in_service}]
  institutions: {H2: {kind: hospital, tier: 2}}
  events:
  - visit: H2
    date: 2023-05-05
    lines: [{amount: 1400.00, class: A}]
    expect: {deductible: 1000.00, fund: 300.00}
"""


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str) -> Path:
        path = tmp_path / "some.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def checked(*paths: Path) -> str:
    """What the command prints, in English; its exit code is 0 or SystemExit is raised."""
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("check_policy", *map(str, paths), stdout=out)
        except SystemExit as stop:
            assert stop.code == 1
            return out.getvalue() + "exit 1"
    return out.getvalue()


@pytest.mark.skipif(
    not SHARED.exists() and os.environ.get("CI") != "true",
    reason="the shared examples do not lie beside this clone",
)
def test_all_shared_examples_pass() -> None:
    assert checked(*sorted(SHARED.glob("*.yaml"))) == "85 passed, 0 failed\n"


@pytest.mark.parametrize("area", AREAS)
def test_the_shipped_examples_of_an_area_pass(area: str) -> None:
    said = checked(loading.DATA / area / "examples.yaml")
    assert said.endswith(" passed, 0 failed\n"), said


def test_it_keeps_nothing_of_what_it_plays(file: Any) -> None:
    assert checked(file(EXAMPLE)) == "1 passed, 0 failed\n"
    assert not Settlement.objects.exists()
    assert not Member.objects.exists()


def test_it_prints_a_difference_with_its_rule_when_a_ratio_is_another(file: Any) -> None:
    said = checked(file(EXAMPLE.replace("fund: 300.00", "fund: 301.00")))
    assert "Wang goes to the county hospital" in said
    assert "event 1: fund expected 301.00, got 300.00" in said
    assert "400.00 at 75%" in said
    assert "EO-10" in said
    assert said.endswith("0 passed, 1 failed\nexit 1")


def test_an_unexpected_reason_is_a_difference(file: Any) -> None:
    refused = EXAMPLE.replace("{kind: hospital, tier: 2}", "{tier: 2, designated: false}")
    said = checked(file(refused.replace("deductible: 1000.00, fund: 300.00", "fund: 0")))
    assert "reason expected none, got not_designated" in said


def test_a_day_without_a_policy_is_an_error(file: Any) -> None:
    said = checked(file(EXAMPLE.replace("2023-05-05", "2019-12-31")))
    assert "No policy on" in said
    assert "the earliest version begins on 2022-10-01" in said


MALFORMED = {
    "born: 1988-01-01": ("born: someday", "member.born: “someday” is no day such as 2024-03-01"),
    "amount: 1400.00": ("amount: much", "events[1].lines[1].amount: “much” is no amount"),
    "tier: 2": ("teir: 2", "institutions.H2: “teir” is not known here"),
    "visit: H2": ("visit: H9", "institutions: H9 is missing"),
    "fund: 300.00": ("funds: 300.00", "events[1].expect: “funds” is not known here"),
    "status: in_service": ("status: asleep", "statuses[1].status: “asleep” is none of"),
    "    date: 2023-05-05\n": ("", "events[1]: “date” is missing"),
    "- visit: H2": ("- reverse: 3", "“lines” is not known here"),
    "lines: [{amount: 1400.00, class: A}]": ("lines: 3", "events[1].lines: a list is expected"),
}


@pytest.mark.parametrize("right", MALFORMED)
def test_it_says_where_an_example_is_malformed(right: str, file: Any) -> None:
    wrong, said = MALFORMED[right]
    assert right in EXAMPLE
    found = checked(file(EXAMPLE.replace(right, wrong)))
    assert said in found
    assert found.endswith("0 passed, 1 failed\nexit 1")


def test_it_refuses_to_reverse_what_is_no_settlement(file: Any) -> None:
    said = checked(file(EXAMPLE + "  - {reverse: 7, date: 2023-05-06}\n"))
    assert "events[2]: 7 is no settlement of this example" in said


NO_FILE_OF_EXAMPLES = {
    "examples: [": "This is not YAML",
    "area: '150600'": "is not a file of worked examples",
    "- just\n- a list": "is not a file of worked examples",
    "area: '999999'\nexamples: []": "pooling area 999999 is not known here",
    "area: '150600'\nexamples: 3": "is not a file of worked examples",
}


@pytest.mark.parametrize("text", NO_FILE_OF_EXAMPLES)
def test_it_says_what_is_wrong_with_a_file(text: str, file: Any) -> None:
    with pytest.raises(CommandError, match=NO_FILE_OF_EXAMPLES[text]):
        checked(file(text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        checked(tmp_path / "none.yaml")


def test_days_and_amounts_come_back_from_json() -> None:
    example = WorkedExample.objects.filter(area="150600").earliest("pk")
    content = form.read(example.body)
    assert content["member"]["born"].year == 1988
    assert isinstance(content["events"][0]["lines"][0]["amount"], Decimal)


# Before a version is published


def draft_with_share(share: str) -> PolicyVersion:
    """A draft for 2024 on, in which tier 2 has another share; put up for review."""
    old = PolicyVersion.objects.get(area="150600", subject="benefit")
    author = cast.staff(areas=[old.area])
    publishing.end_early(old, until=BEGINNING, by=author)
    draft = publishing.copy_as_draft(old, in_force_from=BEGINNING, by=author)
    RatioRow.objects.filter(version=draft, tiers=[2]).update(share=share)
    publishing.submit(draft, by=author)
    return draft


def example_of_2024(**fields: Any) -> WorkedExample:
    body = {
        "name": "Wang in 2025",
        "member": {
            "born": "1988-01-01",
            "statuses": [{"from": "2010-01-01", "status": "in_service"}],
        },
        "institutions": {"H2": {"tier": 2}},
        "events": [
            {
                "visit": "H2",
                "date": "2025-05-05",
                "lines": [{"amount": "1400.00"}],
                "expect": {"fund": "300.00"},
            }
        ],
    }
    columns = {"area_id": "150600", "name": "Wang in 2025", "body": body, **fields}
    return WorkedExample.objects.create(**columns)


def test_a_version_that_fails_an_example_is_not_published() -> None:
    example_of_2024()
    draft = draft_with_share("0.80")
    refused = pytest.raises(publishing.CannotPublish, match=r"Wang in 2025.*320\.00.*80%")
    with refused, translation.override("en"):
        publishing.publish(draft, by=cast.staff())
    draft.refresh_from_db()
    assert draft.state == "in_review"


def test_what_was_compiled_for_a_refused_version_is_forgotten() -> None:
    example_of_2024()
    draft = draft_with_share("0.80")
    with pytest.raises(publishing.CannotPublish):
        publishing.publish(draft, by=cast.staff())
    publishing.send_back(draft, by=cast.staff(), why="the share is wrong")
    RatioRow.objects.filter(version=draft, tiers=[2]).update(share="0.75")
    publishing.submit(draft, by=cast.staff())
    publishing.publish(draft, by=cast.staff())
    care = rulebook.benefit_rules(draft.pk).tables.care("outpatient")
    assert {row.share for row in care.ratios if row.tiers == (2,)} == {750_000}


def test_an_example_that_is_not_active_is_not_played() -> None:
    example_of_2024(is_active=False)
    draft = draft_with_share("0.80")
    publishing.publish(draft, by=cast.staff())
    draft.refresh_from_db()
    assert draft.state == "published"


def test_only_examples_of_the_area_and_scheme_are_played() -> None:
    residents = PolicyVersion.objects.get(area="370200", scheme="390")
    WorkedExample.objects.filter(area="370200").exclude(body__scheme="390").update(body={})
    WorkedExample.objects.exclude(area="370200").update(body={})
    assert publication.failing(residents) == []


def test_a_malformed_example_is_a_reason_not_to_publish() -> None:
    example_of_2024(body={"name": "x", "member": {"born": "1988-01-01"}})
    version = PolicyVersion.objects.get(area="150600", subject="benefit")
    with translation.override("en"):
        assert publication.failing(version) == [
            "Worked example “Wang in 2025”: member: “statuses” is missing"
        ]
