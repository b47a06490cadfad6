"""The officers' pages: what they save, whom they show what, and how many queries they need."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bureau.models import ActionRecord
from policies.models import (
    CatalogueItem,
    ItemTerms,
    PaymentStandard,
    PolicyVersion,
    PublishedFigure,
    WorkedExample,
)
from policies.services import publishing, worked_examples
from tests import cast
from tests.policies import invented

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def officer():
    return invented.officer()


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def address(name, *args):
    return reverse(f"admin:policies_{name}", args=args)


def page_of(version):
    return address("policyversion_change", version.pk)


def typed(page):
    """What the browser would send back of a page's forms, unchanged."""
    context = page.context
    forms = [context["adminform"].form]
    for grid in context["inline_admin_formsets"]:
        forms += [grid.formset.management_form, *grid.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is None or value is False:
                continue
            sent[field.html_name] = "on" if value is True else value
    return sent


def test_saving_a_draft_unchanged_changes_nothing(desk, officer):
    version = invented.draft(by=officer)
    before = invented.exchange.exported(version)
    answer = desk.post(page_of(version), typed(desk.get(page_of(version))))
    assert answer.status_code == 302
    version.refresh_from_db()
    assert invented.exchange.exported(version) == before
    assert not ActionRecord.objects.filter(action="version edited").exists()


def test_a_share_is_typed_in_per_cent(desk, officer):
    version = invented.draft(by=officer)
    sent = typed(desk.get(page_of(version)))
    assert sent["ratiorow_set-2-share"] == "50"
    sent["ratiorow_set-2-share"] = "55.5%"
    assert desk.post(page_of(version), sent).status_code == 302
    assert version.ratiorow_set.get(tiers=[3]).share == Decimal("0.555")
    assert ActionRecord.objects.get(action="version edited").actor == officer


def test_rows_are_added_moved_and_removed(desk, officer):
    version = invented.draft(by=officer)
    sent = typed(desk.get(page_of(version)))
    sent |= {
        "ratiorow_set-TOTAL_FORMS": "4",
        "ratiorow_set-0-position": "3",
        "ratiorow_set-1-position": "1",
        "ratiorow_set-2-DELETE": "on",
        "ratiorow_set-3-position": "2",
        "ratiorow_set-3-share": "40",
        "ratiorow_set-3-band_from": "0",
        "ratiorow_set-3-care": "outpatient",
        "ratiorow_set-3-tiers": ["3"],
        "ratiorow_set-3-special_groups": "甲组，乙组",
    }
    assert desk.post(page_of(version), sent).status_code == 302
    rows = version.ratiorow_set.order_by("position")
    assert [(row.position, row.tiers, row.share) for row in rows] == [
        (1, [2], Decimal("0.6")),
        (2, [3], Decimal("0.4")),
        (3, [0, 1], Decimal("0.75")),
    ]
    assert rows[1].special_groups == ["甲组", "乙组"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("share", "sixty"), ("share", "900"), ("share", "1.23456"), ("band_until", "-1"),
     ("age_from", "x"), ("tiers", ["9"]), ("kinds", ["ship"]), ("share", "")],
)  # fmt: skip
def test_a_wrong_cell_is_marked_where_it_stands(desk, officer, field, value):
    version = invented.draft(by=officer)
    sent = typed(desk.get(page_of(version))) | {f"ratiorow_set-1-{field}": value}
    page = desk.post(page_of(version), sent)
    assert page.status_code == 200
    (grid,) = [
        one for one in page.context["inline_admin_formsets"] if one.formset.prefix == "ratiorow_set"
    ]
    assert field in grid.formset.forms[1].errors or "__all__" in grid.formset.forms[1].errors


def test_what_is_published_is_read_not_edited(desk):
    version = invented.published()
    page = desk.get(page_of(version))
    assert "50%+5%" in page.content.decode()
    assert page.context["inline_admin_formsets"] == []
    assert desk.post(page_of(version), {"title": "other"}).status_code == 403


def test_the_steps_of_a_life_are_taken_on_its_pages(client, officer):
    version = invented.draft(by=officer)
    publisher = invented.publisher()
    review = address("policyversion_review", version.pk)
    client.force_login(officer)
    assert client.post(review, {"submit": "1"}).status_code == 302
    refused = client.post(review, {"publish": "1"})
    assert refused.status_code == 403
    client.force_login(publisher)
    assert client.post(review, {"send_back": "1", "why": ""}).status_code == 200
    assert client.post(review, {"send_back": "1", "why": "article 2"}).status_code == 302
    client.force_login(officer)
    client.post(review, {"submit": "1"})
    client.force_login(publisher)
    assert client.post(review, {"publish": "1"}).status_code == 302
    version.refresh_from_db()
    assert version.state == "published"
    end = address("policyversion_end_early", version.pk)
    assert client.post(end, {"until": "2023-01-01"}).status_code == 200
    assert client.post(end, {"until": "2026-01-01"}).status_code == 302
    version.refresh_from_db()
    assert version.in_force_until == date(2026, 1, 1)


def test_looking_at_a_page_changes_no_version(desk, officer):
    version = invented.draft(by=officer)
    for name in ("review", "copy", "export_yaml"):
        assert desk.get(address(f"policyversion_{name}", version.pk)).status_code == 200
    assert PolicyVersion.objects.get().state == "draft"


def test_a_version_travels_as_a_file(desk):
    version = invented.published()
    text = desk.get(address("policyversion_export_yaml", version.pk)).content.decode()
    answer = desk.post(address("policyversion_import_yaml"), {"text": text})
    draft = PolicyVersion.objects.get(state="draft")
    assert answer.url == page_of(draft)
    again = desk.get(address("policyversion_export_yaml", draft.pk)).content.decode()
    assert again == text


@pytest.mark.parametrize("text", ["", "a: [", "area: 370200", "area: '320100'\nsubject: benefit"])
def test_a_file_that_is_no_version_is_told(desk, text):
    cast.other_area()
    page = desk.post(address("policyversion_import_yaml"), {"text": text})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()


def test_an_officer_of_another_city_sees_nothing(client):
    version = invented.published()
    figure = PublishedFigure.objects.create(
        area=cast.area(), series="average_wage", year=2023, value=1, published_on="2024-01-01",
        source="x",
    )  # fmt: skip
    example = WorkedExample.objects.create(area=cast.area(), name="e", body={})
    client.force_login(invented.officer(areas=[cast.other_area()]))
    for name, pk in (
        ("policyversion", version.pk),
        ("publishedfigure", figure.pk),
        ("workedexample", example.pk),
        ("document", version.document_id),
    ):
        listed = client.get(address(f"{name}_changelist"))
        assert listed.context["cl"].result_count == 0
        assert client.get(address(f"{name}_change", pk)).status_code == 302
    for step in ("review", "export_yaml"):
        assert client.get(address(f"policyversion_{step}", version.pk)).status_code == 404
    assert client.get(address("policyversion_copy", version.pk)).status_code == 403
    assert client.post(address("policyversion_end_early", version.pk)).status_code == 403


def test_a_clerk_edits_nothing(client):
    version = invented.draft()
    client.force_login(cast.clerk(groups=["Clerk"]))
    assert client.get(page_of(version)).status_code == 200
    assert client.post(page_of(version), {"title": "x"}).status_code == 403
    review = address("policyversion_review", version.pk)
    assert client.post(review, {"submit": "1"}).status_code == 403
    assert client.get(address("policyversion_copy", version.pk)).status_code == 403


def test_a_figure_is_added_and_then_stands(desk):
    sent = {
        "area": cast.area().pk, "series": "average_wage", "year": "2023", "value": "102000",
        "published_on": "2024-06-01", "source": "bureau of statistics",
    }  # fmt: skip
    assert desk.post(address("publishedfigure_add"), sent).status_code == 302
    figure = PublishedFigure.objects.get()
    assert desk.post(address("publishedfigure_change", figure.pk), sent).status_code == 403
    assert desk.post(address("publishedfigure_delete", figure.pk)).status_code == 403


EXAMPLE = """
name: first visit
member: {born: 1990-05-01, statuses: [{from: 2015-07-01, status: in_service}]}
institutions: {H3: {kind: hospital, tier: 3}}
events:
  - {visit: H3, date: 2024-03-01, lines: [{amount: 100.00, class: A}], expect: {fund: 0.00}}
"""


def test_an_example_is_edited_as_text_and_run(desk, monkeypatch):
    sent = {"area": cast.area().pk, "scheme": "310", "name": "first", "is_active": "on"}
    assert desk.post(address("workedexample_add"), sent | {"text": "a: ["}).status_code == 200
    assert desk.post(address("workedexample_add"), sent | {"text": EXAMPLE}).status_code == 302
    example = WorkedExample.objects.get()
    assert example.body["events"][0]["date"] == "2024-03-01"
    played = []
    monkeypatch.setattr(
        worked_examples, "_players", [lambda _area, body: played.append(body) or ["fund: 5.00"]]
    )
    page = desk.get(address("workedexample_run_example", example.pk))
    assert "fund: 5.00" in page.content.decode()
    assert played[0]["events"][0]["date"] == date(2024, 3, 1)
    assert played[0]["events"][0]["lines"][0]["amount"] == Decimal("100.00")


CSV = "国家编码,名称,类别,甲乙类,先行自付比例\r\nXB01AAT012A001010203485,阿司匹林,药品,乙,10%\r\n"


def upload(text):
    return SimpleUploadedFile("items.csv", text.encode("gbk"))


def test_the_catalogue_is_previewed_and_then_loaded(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load = address("catalogueitem_load_file")
    sent = {"area": cast.area().pk, "begins": "2024-01-01"}
    page = desk.post(load, sent | {"file": upload(CSV.replace("10%", "10"))})
    assert [row for row, _column, _what in page.context["errors"]] == [2]
    page = desk.post(load, sent | {"file": upload(CSV)})
    assert not CatalogueItem.objects.exists()
    assert desk.post(load, {"confirm": "forged"}).status_code == 302
    assert desk.post(load, {"confirm": page.context["token"]}).status_code == 302
    assert CatalogueItem.objects.get().name == "阿司匹林"
    page = desk.post(load, sent | {"file": upload(CSV)})
    assert page.context["plan"].changes_nothing


def test_a_preview_is_confirmed_by_who_made_it_alone(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load = address("catalogueitem_load_file")
    client.force_login(invented.officer())
    sent = {"area": cast.area().pk, "begins": "2024-01-01", "file": upload(CSV)}
    token = client.post(load, sent).context["token"]
    client.force_login(invented.officer())
    client.post(load, {"confirm": token})
    assert not CatalogueItem.objects.exists()


def test_items_are_found_by_code_name_and_pinyin(desk):
    item = CatalogueItem.objects.create(
        code="XB01AAT012A001010203485", name="阿司匹林肠溶片", kind="drug"
    )
    CatalogueItem.objects.create(code="T000100057", name="黄芪", kind="drug")
    for word in ("XB01", "阿司匹林", "asipilin", "aspl"):
        listed = desk.get(address("catalogueitem_changelist"), {"q": word})
        assert list(listed.context["cl"].result_list) == [item]


@pytest.fixture
def many():
    area = cast.area()
    first = invented.published()
    for year in range(2025, 2031):
        publishing.copy_as_draft(first, in_force_from=date(year, 1, 1), by=invented.officer())
    for number in range(10):
        item = CatalogueItem.objects.create(code=f"T{number:09d}", name="黄芪", kind="drug")
        ItemTerms.objects.create(item=item, area=area, item_class="A", in_force_from="2024-01-01")
        PaymentStandard.objects.create(item=item, area=area, price=1, in_force_from="2024-01-01")
        WorkedExample.objects.create(area=area, name=str(number), body={})
    return first


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("policyversion_changelist", 16),
        ("document_changelist", 12),
        ("publishedfigure_changelist", 12),
        ("workedexample_changelist", 12),
        ("catalogueitem_changelist", 12),
        ("paymentstandard_changelist", 12),
        ("tryout", 12),
    ],
)
def test_lists_keep_their_budget_of_queries(
    desk, many, name, budget, django_assert_max_num_queries
):
    with django_assert_max_num_queries(budget):
        assert desk.get(address(name)).status_code == 200


@pytest.mark.parametrize(("state", "budget"), [("published", 28), ("draft", 34)])
def test_a_versions_page_keeps_its_budget(desk, many, state, budget, django_assert_max_num_queries):
    version = PolicyVersion.objects.filter(state=state).first()
    with django_assert_max_num_queries(budget):
        assert desk.get(page_of(version)).status_code == 200
