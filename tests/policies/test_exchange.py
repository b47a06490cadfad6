"""Whole versions to YAML and back, and loading what ships."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import models

from policies.models import Document, PolicyVersion, PublishedFigure
from policies.models.fields import AmountField, ShareField
from policies.selectors.reading import rows_of
from policies.selectors.tables import TABLES, editable_fields, tables_of
from policies.services import exchange, loading
from policies.services.exchange import UnreadableVersion
from tests import cast
from tests.policies import invented

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


SHIPPED = sorted(
    path
    for path in loading.DATA.glob("*/*.yaml")
    if path.name not in {"area.yaml", "examples.yaml"}
)


def rows(version):
    return {
        table.name: [
            [getattr(row, field.name) for field in editable_fields(table.model)]
            for row in rows_of(version, table)
        ]
        for table in tables_of(version.subject)
    }


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_shipped_version_comes_back_as_it_went(path):
    area = cast.area(path.parent.name)
    for columns in exchange.read_yaml((path.parent / "area.yaml").read_text())["documents"]:
        Document.objects.create(area=area, **columns)
    content = exchange.read_yaml(path.read_text(encoding="utf-8"))
    first = exchange.import_version(content, by=None)
    text = exchange.export_yaml(first)
    again = exchange.import_version(exchange.read_yaml(text), by=None)
    assert rows(again) == rows(first)
    assert any(rows(first).values()) or "文件未规定" in first.title
    assert exchange.export_yaml(again) == text
    assert exchange.same_content(again, content)


def odd_value(field):
    """A value that is no column's default."""
    if isinstance(field, ArrayField):
        choices = getattr(field.base_field, "choices", None)
        return [choices[-1][0], choices[0][0]] if choices else ["one", "两 个"]
    if isinstance(field, ShareField):
        return Decimal("0.123456")
    if isinstance(field, AmountField):
        return Decimal("12345.67") + (field.name == "band_until")
    return plain_value(field)


def plain_value(field):
    if field.choices:
        others = [word for word, _label in field.choices if word and word != field.get_default()]
        return others[0]
    if isinstance(field, models.BooleanField):
        return not field.get_default()
    if isinstance(field, models.DateField):
        return date(2024, 2, 29)
    if isinstance(field, models.IntegerField):
        return 7
    return "yes: 'no', #1 “两”\n- 3"[: field.max_length]


@pytest.mark.parametrize("subject", sorted({table.subject for table in TABLES}))
def test_every_column_comes_back_as_it_went(subject):
    document = invented.document()
    made = PolicyVersion.objects.create(
        area=cast.area(), subject=subject, document=document, title="all",
        in_force_from=invented.BEGINS, scheme="390", note="many\nlines: yes",
    )  # fmt: skip
    for table in tables_of(subject):
        columns = {field.name: odd_value(field) for field in editable_fields(table.model)}
        table.model.objects.create(version=made, position=1, **columns)
    again = exchange.import_version(exchange.read_yaml(exchange.export_yaml(made)), by=None)
    assert rows(again) == rows(made)
    assert (again.scheme, again.note, again.title) == (made.scheme, made.note, made.title)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tables": []}, "tables"),
        ({"ratios": "none"}, "ratios"),
        ({"ratios": [1]}, "ratios, row 1"),
        ({"ratios": [{"shares": 1}]}, "shares"),
        ({"ratios": [{"share": "much"}]}, "share"),
        ({"ratios": [{"share": "0.5"}, {"share": 2, "when": {"tiers": [9]}}]}, "ratios, row 2"),
        ({"document": "XX"}, "XX"),
        ({"in_force_from": "soon"}, "in_force_from"),
        ({"subject": "benefits"}, "subject"),
        ({"subject": ["benefit"]}, "subject"),
        ({"ratios": [{"share": "0.5", "when": [1]}]}, "ratios, row 1"),
        ({"ratios": [{"share": "0.5", 5: 1}]}, "ratios, row 1"),
        ({"area": ["370200"]}, "area"),
        ({"scheme": 310.5}, "scheme"),
    ],
)
def test_a_file_with_a_slip_says_where_it_is(changes, says):
    content = invented.benefit_content() | changes
    with pytest.raises(UnreadableVersion) as refused:
        exchange.import_version(content, by=None)
    assert says in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "text", ["a: [", "a: 2024-02-30", "just words", "- 1", "", "%", "\x07", "a: !!python/x 1"]
)
def test_what_is_no_version_is_refused_in_words(text):
    with pytest.raises(UnreadableVersion):
        exchange.import_version(exchange.read_yaml(text), by=None)


def test_loading_what_ships_twice_changes_nothing():
    first, second = StringIO(), StringIO()
    call_command("load_policies", stdout=first)
    versions = list(PolicyVersion.objects.order_by("pk").values())
    figures = PublishedFigure.objects.count()
    call_command("load_policies", stdout=second)
    assert len(first.getvalue().splitlines()) > len(SHIPPED)
    assert second.getvalue().strip() == "Nothing changed: all shipped policies are loaded."
    assert list(PolicyVersion.objects.order_by("pk").values()) == versions
    assert PublishedFigure.objects.count() == figures
    assert {version["state"] for version in versions} == {"published"}
