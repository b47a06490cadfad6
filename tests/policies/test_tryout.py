"""Invented cases: the right answer, and friendly words for everything else."""

import pytest
from django.urls import reverse

from policies.models import PublishedFigure, RatioRow
from tests import cast
from tests.policies import invented

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAGE = "/admin/policies/policyversion/try-out/"
CHECKED = {"insured", "has_account", "designated", "direct_settlement", "signed_here"}


@pytest.fixture
def desk(client):
    client.force_login(invented.officer())
    return client


def question(**said):
    lines = said.pop("lines", [{"amount": "1100"}])
    asked = {
        "area": cast.area().pk, "scheme": "310", "day": "2024-05-01", "born": "1990-05-01",
        "status": "in_service", "status_before": "in_service", "employer_group": "enterprise",
        "care": "outpatient", "channel": "online", "kind": "hospital", "tier": "3",
        "charge_class": "1", "place": "area", "pooling": "by_tier",
        "line-TOTAL_FORMS": str(len(lines)), "line-INITIAL_FORMS": "0",
        **dict.fromkeys(CHECKED, "on"),
    }  # fmt: skip
    for number, line in enumerate(lines):
        columns = {"item_class": "A", "item_kind": "drug", **line}
        asked |= {f"line-{number}-{name}": value for name, value in columns.items()}
    asked |= said
    return {name: value for name, value in asked.items() if value is not None}


def test_the_address_is_the_admins():
    assert reverse("admin:policies_tryout") == PAGE


def test_what_is_in_force_answers_with_every_step(desk):
    invented.published()
    page = desk.post(
        PAGE, question(lines=[{"amount": "1100"}, {"amount": "50", "item_class": "C"}])
    )
    answer = page.context["answer"]
    assert {name: str(amount) for name, amount in answer.amounts.items()} == {
        "total": "1150.00", "fund": "500.00", "personal": "650.00", "account": "0.00",
        "cash": "650.00", "eligible": "1100.00", "deductible": "100.00", "self_funded": "50.00",
    }  # fmt: skip
    said = page.content.decode()
    assert "1,000.00 at 50%: 500.00" in said
    assert "HC-2" in said


def test_a_draft_answers_as_it_stands(desk):
    version = invented.draft()
    for share, fund in (("0.5", "500.00"), ("0.9", "900.00")):
        RatioRow.objects.filter(version=version, tiers=[3]).update(share=share)
        answer = desk.post(PAGE, question(version=version.pk)).context["answer"]
        assert str(answer.amounts["fund"]) == fund


def test_a_new_status_counts_from_the_month_after(desk):
    invented.published()
    asked = {"status": "retired", "since": "2024-04-20"}
    answer = desk.post(PAGE, question(**asked)).context["answer"]
    assert str(answer.amounts["fund"]) == "550.00"
    answer = desk.post(PAGE, question(**asked, day="2024-04-30")).context["answer"]
    assert str(answer.amounts["fund"]) == "500.00"


def test_what_was_used_before_counts(desk):
    invented.published()
    asked = question(used_deductible="100", used_counted="1999.5", balance="100")
    answer = desk.post(PAGE, asked).context["answer"]
    assert str(answer.amounts["fund"]) == "0.50"
    assert str(answer.amounts["account"]) == "100.00"


def test_lines_left_blank_are_no_lines(desk):
    invented.published()
    lines = [{"amount": "1100"}, {"amount": "", "self_pay": "", "standard": ""}]
    answer = desk.post(PAGE, question(lines=lines)).context["answer"]
    assert str(answer.amounts["total"]) == "1100.00"


def test_a_case_that_no_row_answers_is_told(desk):
    version = invented.draft(ratios=[{"when": {"tiers": [1]}, "share": "0.5"}])
    page = desk.post(PAGE, question(version=version.pk))
    assert page.status_code == 200
    assert "no row answers" in page.content.decode()


def test_a_figure_that_is_missing_is_told(desk):
    cap = {"series": "average_wage", "series_offset": -1, "rate": "0.05"}
    version = invented.draft(caps=[cap])
    page = desk.post(PAGE, question(version=version.pk))
    assert "of 2023 is not published" in page.content.decode()
    PublishedFigure.objects.create(
        area=cast.area(), series="average_wage", year=2023, value=10000, published_on="2024-06-01",
        source="bureau of statistics",
    )  # fmt: skip
    answer = desk.post(PAGE, question(version=version.pk)).context["answer"]
    assert str(answer.amounts["fund"]) == "500.00"


CREDIT = {
    "subject": "credit",
    "credit_terms": [{}],
    "credits": [
        {"rule": "a", "when": {"statuses": ["in_service"]}, "base": "contribution", "rate": "0.02"}
    ],
}


def credit_draft():
    content = invented.benefit_content() | CREDIT
    for name in ("terms", "deductibles", "ratios", "adjustments", "caps"):
        del content[name]
    return invented.exchange.import_version(content, by=invented.officer())


def test_a_months_credit_answers_too(desk):
    version = credit_draft()
    asked = question(
        version=version.pk, contribution_base="8000", contribution_received="on", lines=[]
    )
    answer = desk.post(f"{PAGE}?version={version.pk}", asked).context["answer"]
    assert str(answer.amounts["credit"]) == "160.00"
    asked["status"] = "flexible"
    answer = desk.post(f"{PAGE}?version={version.pk}", asked).context["answer"]
    assert answer.reason == "no rule gives a credit"


@pytest.mark.parametrize(
    "said",
    [
        {"day": "yesterday"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"born": "2300-01-01"},
        {"born": ""}, {"tier": "7"}, {"version": "99999"}, {"version": "x"}, {"area": ""},
        {"area": "999999"}, {"balance": "-5"}, {"used_eligible": "1e12"}, {"used_eligible": "NaN"},
        {"lines": []}, {"lines": [{"amount": ""}]}, {"lines": [{"amount": "abc"}]},
        {"lines": [{"amount": "0.001"}]}, {"lines": [{"amount": "10", "self_pay": "250"}]},
        {"lines": [{"amount": "10", "self_pay": "x%"}]}, {"line-TOTAL_FORMS": "many"},
        {"line-TOTAL_FORMS": "100000"}, {"since": "1800-01-01", "status": "retired"},
        {"care": "chronic"}, {"special_groups": "，、 ;" * 50}, {"day": None}, {"status": None},
        {"channel": "hand", "claimed_on": "1999-01-01"}, {"scheme": "390"}, {"day": "2023-12-31"},
    ],
)  # fmt: skip
def test_no_input_breaks_the_page(desk, said):
    invented.published()
    assert desk.post(PAGE, question(**said)).status_code == 200


@pytest.mark.parametrize("query", ["version=x", "version=²", "version=9" * 3, "version=" + "9" * 40,
                                   "subject=credit", "subject=x"])  # fmt: skip
def test_no_address_breaks_the_page(desk, query):
    assert desk.get(f"{PAGE}?{query}").status_code == 200


def test_another_citys_officer_cannot_try_this_citys_drafts(client):
    version = invented.draft()
    stranger = invented.officer(areas=[cast.other_area()])
    client.force_login(stranger)
    page = client.post(f"{PAGE}?version={version.pk}", question(version=version.pk))
    assert page.context["answer"] is None
    assert version.title not in page.content.decode()


def test_who_may_not_read_policies_may_not_try_them(client):
    client.force_login(cast.staff(areas=[cast.area()]))
    assert client.get(PAGE).status_code == 403
