"""The catalogue: codes, terms by date, and loading from files."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from bureau.models import ActionRecord
from policies.models import CatalogueItem, ItemTerms, PaymentStandard, codes
from policies.selectors.catalogue import ItemOnDay, terms_on
from policies.services import catalogue_import
from tests import cast
from tests.policies import invented

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DRUG = "XB01AAT012A001010203485"
PATENT = "ZA01AAX0558010100166"
SLICES = "T000100057"
SERVICE = "001102000040000"
CONSUMABLE = "C02040205800005113250000023"
BEGINS = date(2024, 1, 1)


@pytest.mark.parametrize("code", [DRUG, PATENT, SLICES, SERVICE, CONSUMABLE, f"{SERVICE}-320400"])
def test_national_codes_are_of_different_lengths(code):
    codes.check(code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (DRUG[:-1], "22 more"),
        (PATENT + "0", "19 more"),
        ("T1", "9 digits"),
        (SERVICE[2:], "15 digits"),
        (CONSUMABLE[:-1], "26 digits"),
        ("A1", "western drug"),
        ("", "western drug"),
    ],
)
def test_what_is_no_national_code_is_told_its_form(code, says):
    with pytest.raises(ValidationError, match=says):
        codes.check(code)


def test_an_item_is_found_by_its_pinyin():
    item = CatalogueItem.objects.create(code=DRUG, name="阿司匹林", kind="drug")
    assert item.name_pinyin == "asipilin aspl"


# Terms on a day


def item(code=DRUG, **fields):
    return CatalogueItem.objects.create(**{"code": code, "name": "item", "kind": "drug", **fields})


def test_an_items_own_standard_goes_before_its_groups(django_assert_num_queries):
    area = cast.area()
    selected, other = item(generic_group="g"), item(DRUG[:-1] + "6", generic_group="g")
    alone = item(SLICES)
    for one in (selected, other, alone):
        ItemTerms.objects.create(item=one, area=area, item_class="A", in_force_from=BEGINS)
    standard = PaymentStandard.objects.create
    standard(area=area, generic_group="g", price=2, in_force_from=BEGINS)
    standard(area=area, item=selected, price=1, in_force_from=BEGINS)
    asked = [selected.pk, other.pk, alone.pk]
    with django_assert_num_queries(3):
        found = terms_on(asked, area_id=area.pk, day=date(2024, 5, 1))
    assert [found[pk].standard_price for pk in asked] == [Decimal(1), Decimal(2), None]


def test_terms_change_on_their_day():
    area, one = cast.area(), item()
    terms = ItemTerms.objects.create
    terms(
        item=one, area=area, item_class="A", in_force_from=BEGINS, in_force_until=date(2025, 1, 1)
    )
    terms(item=one, area=area, item_class="B", self_pay="0.1", in_force_from=date(2025, 1, 1))

    def on(*day):
        return terms_on([one.pk], area_id=area.pk, day=date(*day))[one.pk]

    assert on(2023, 12, 31) == ItemOnDay("C", Decimal(0), None)
    assert on(2024, 12, 31).item_class == "A"
    assert on(2025, 1, 1) == ItemOnDay("B", Decimal("0.1"), None)


def test_another_areas_terms_say_nothing():
    one = item()
    ItemTerms.objects.create(item=one, area=cast.other_area(), item_class="A", in_force_from=BEGINS)
    found = terms_on([one.pk], area_id=cast.area().pk, day=date(2024, 5, 1))
    assert found[one.pk].item_class == "C"


# Loading from files

HEADINGS = [
    "国家编码",
    "名称",
    "类别",
    "通用名",
    "甲乙类",
    "先行自付比例",
    "支付标准",
    "通用名支付标准",
]
ROWS = [
    [DRUG, "阿司匹林", "药品", "阿司匹林", "乙", "10%", "", "12.5"],
    [PATENT, "板蓝根颗粒", "中成药", "", "甲", "", "8.00", ""],
    [SERVICE, "普通门诊诊察费", "诊察费", "", "A", "0", "", ""],
]


def as_csv(rows=None, headings=HEADINGS, encoding="utf-8"):
    lines = [headings, *(ROWS if rows is None else rows)]
    return "\r\n".join(",".join(line) for line in lines).encode(encoding)


def as_excel(rows=None):
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([HEADINGS, *(ROWS if rows is None else rows)]):
            for place, cell in enumerate(line):
                sheet.write(number, place, cell)
    return file.getvalue()


def load(content, begins=BEGINS):
    return catalogue_import.load(content, area=cast.area(), begins=begins, by=invented.officer())


def contents():
    return (
        list(CatalogueItem.objects.order_by("pk").values()),
        list(ItemTerms.objects.order_by("pk").values()),
        list(PaymentStandard.objects.order_by("pk").values()),
    )


@pytest.mark.parametrize(
    "content",
    [as_csv(), as_csv(encoding="utf-8-sig"), as_csv(encoding="gbk"), as_excel()],
    ids=["utf-8", "utf-8 with a mark", "gbk", "excel"],
)
def test_a_file_is_loaded_and_loading_it_again_changes_nothing(content):
    load(content)
    found = contents()
    assert [one["code"] for one in found[0]] == [DRUG, PATENT, SERVICE]
    assert [(one["item_class"], one["self_pay"]) for one in found[1]] == [
        ("B", Decimal("0.1")),
        ("A", 0),
        ("A", 0),
    ]
    assert {(one["generic_group"], one["price"]) for one in found[2]} == {
        ("阿司匹林", Decimal("12.5")),
        ("", Decimal(8)),
    }
    assert load(content).changes_nothing
    assert contents() == found
    assert ActionRecord.objects.filter(action="catalogue loaded").count() == 1


def test_a_later_file_ends_what_it_changes_on_its_day():
    load(as_csv())
    changed = [[DRUG, "阿司匹林", "药品", "阿司匹林", "甲", "", "", "11"], *ROWS[1:]]
    made = load(as_csv(changed), begins=date(2025, 1, 1))
    assert catalogue_import.counts(made) == {
        "rows": 3, "new": 0, "changed": 0, "terms": 1, "standards": 1,
    }  # fmt: skip
    terms = ItemTerms.objects.filter(item__code=DRUG).order_by("in_force_from")
    assert [(one.item_class, one.in_force_until) for one in terms] == [
        ("B", date(2025, 1, 1)),
        ("A", None),
    ]
    assert load(as_csv(changed), begins=date(2025, 1, 1)).changes_nothing


def test_an_earlier_file_ends_where_the_later_one_begins():
    load(as_csv(), begins=date(2025, 1, 1))
    load(as_csv([[DRUG, "阿司匹林", "药品", "阿司匹林", "甲", "", "", ""]]), begins=BEGINS)
    first = ItemTerms.objects.get(item__code=DRUG, in_force_from=BEGINS)
    assert first.in_force_until == date(2025, 1, 1)


def test_something_else_from_the_same_day_is_refused():
    load(as_csv())
    rows = [[DRUG, "阿司匹林", "药品", "阿司匹林", "甲", "", "", ""]]
    plan = catalogue_import.plan(as_csv(rows), area=cast.area(), begins=BEGINS)
    assert [(one.row, one.column) for one in plan.errors] == [(2, "item_class")]


@pytest.mark.parametrize(
    ("place", "value", "column", "says"),
    [
        (0, "110200004", "code", "format the column as text"),
        (0, DRUG[:-1], "code", "22 more"),
        (0, SERVICE, "", "no such item"),
        (1, "", "name", "fill it in"),
        (2, "丸子", "kind", "write one of"),
        (4, "丁", "item_class", "A, B or C"),
        (4, "甲", "self_pay", "class B"),
        (5, "10", "self_pay", "10%"),
        (5, "many", "self_pay", "number"),
        (6, "-1", "item_standard", "price"),
        (6, "1e99", "item_standard", "price"),
        (6, "NaN", "item_standard", "number"),
        (3, "", "generic_group", "group's name"),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_what_to_do(place, value, column, says):
    rows = [list(row) for row in ROWS]
    rows[0][place] = value
    before = contents()
    plan = catalogue_import.plan(as_csv(rows), area=cast.area(), begins=BEGINS)
    (error,) = plan.errors
    assert (error.row, error.column) == (2, column)
    assert says in error.what
    with pytest.raises(ValidationError, match="nothing was loaded"):
        load(as_csv(rows))
    assert contents() == before


def test_a_code_that_stands_twice_is_refused():
    plan = catalogue_import.plan(as_csv([ROWS[0], ROWS[0]]), area=cast.area(), begins=BEGINS)
    assert [(one.row, one.column) for one in plan.errors] == [(3, "code")]


def test_classes_need_an_area():
    plan = catalogue_import.plan(as_csv(), area=None, begins=BEGINS)
    assert {error.column for error in plan.errors} == {"item_class"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04broken", "Excel"),
        (b"\xff\xfe\x00\x00", "UTF-8 or GBK"),
        (as_csv([]), "no rows"),
        (b"code,name\r\n1,2", "类别"),
        (b"code,name,kind,colour\r\n1,2,3,4", "colour"),
        (b"code,code,name,kind\r\n1,2,3,4", "twice"),
        (b'code,name,kind\r\n"1,2,3', "CSV"),
    ],
)
def test_a_file_of_something_else_is_refused_in_words(content, says):
    with pytest.raises(ValidationError) as refused:
        catalogue_import.plan(content, area=None, begins=BEGINS)
    assert says in " ".join(refused.value.messages)
