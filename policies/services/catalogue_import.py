"""Load the catalogue from a file: planned whole, shown, written only where every row is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import PoolingArea, User
from policies.models import CatalogueItem, ItemTerms, PaymentStandard, pinyin
from policies.services import catalogue_sheet
from policies.services.catalogue_rows import CatalogueRow, RowError, parsed

AT_ONCE = 1000
Dated = ItemTerms | PaymentStandard


@dataclass(slots=True)
class Plan:
    """What loading a file would do: nothing has been written yet."""

    rows: int = 0
    new: list[CatalogueItem] = field(default_factory=list)
    changed: list[CatalogueItem] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    terms: list[ItemTerms] = field(default_factory=list)
    standards: list[PaymentStandard] = field(default_factory=list)
    ended: list[Dated] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.terms or self.standards)


def plan(content: bytes, *, area: PoolingArea | None, begins: date) -> Plan:
    """Plan the load of a file: classes and standards of an area, from a day where no row says it.

    Raises ValidationError where the file as a whole cannot be read; what is wrong in its rows is
    in the plan.
    """
    sheet = catalogue_sheet.read(content)
    made = Plan(rows=len(sheet.rows), headings=sheet.headings)
    rows: list[CatalogueRow] = []
    for number, said in sheet.rows:
        found = parsed(number, said)
        if isinstance(found, CatalogueRow):
            rows.append(found)
        else:
            made.errors += found
    made.errors += _twice(rows)
    made.errors += _without_area(rows, area)
    if not made.errors:
        _plan_items(made, rows)
        if area is not None:
            _plan_terms(made, rows, area, begins)
            _plan_standards(made, rows, area, begins)
    return made


def _twice(rows: Iterable[CatalogueRow]) -> Iterable[RowError]:
    seen: dict[str, int] = {}
    for row in rows:
        if row.code in seen:
            said = _("Row %(row)s has the same code; keep one of them.")
            yield RowError(row.number, "code", said % {"row": seen[row.code]})
        seen.setdefault(row.code, row.number)


def _without_area(rows: Iterable[CatalogueRow], area: PoolingArea | None) -> Iterable[RowError]:
    for row in rows if area is None else ():
        if row.item_class or row.item_standard is not None or row.group_standard is not None:
            said = _("Choose the area whose class or payment standard this is.")
            yield RowError(row.number, "item_class", said)


def _plan_items(made: Plan, rows: Sequence[CatalogueRow]) -> None:
    known = {item.code: item for item in _items(row.code for row in rows)}
    for row in rows:
        item = known.get(row.code)
        if item is None:
            made.new.append(CatalogueItem(**row.item))
        elif any(getattr(item, name) != value for name, value in row.item.items()):
            for name, value in row.item.items():
                setattr(item, name, value)
            made.changed.append(item)
    for item in (*made.new, *made.changed):
        item.name_pinyin = pinyin.spelling(item.name)


def _items(codes: Iterable[str]) -> Iterable[CatalogueItem]:
    asked = list(codes)
    for start in range(0, len(asked), AT_ONCE):
        yield from CatalogueItem.objects.filter(code__in=asked[start : start + AT_ONCE])


def _plan_terms(made: Plan, rows: Sequence[CatalogueRow], area: PoolingArea, begins: date) -> None:
    wanted = [row for row in rows if row.item_class]
    standing: dict[str, list[ItemTerms]] = {}
    for terms in ItemTerms.objects.filter(
        area=area, item__code__in=[row.code for row in wanted]
    ).select_related("item"):
        standing.setdefault(terms.item.code, []).append(terms)
    items = _by_code(made, wanted)
    for row in wanted:
        new = ItemTerms(
            item=items[row.code],
            area=area,
            item_class=row.item_class,
            self_pay=row.self_pay,
            in_force_from=row.begins or begins,
        )
        others = standing.get(row.code, [])
        if _follows(made, row, new, others, ("item_class", "self_pay")):
            made.terms.append(new)


def _plan_standards(
    made: Plan, rows: Sequence[CatalogueRow], area: PoolingArea, begins: date
) -> None:
    items = _by_code(made, rows)
    standing: dict[tuple[str, str], list[PaymentStandard]] = {}
    for one in PaymentStandard.objects.filter(area=area).select_related("item"):
        code = one.item.code if one.item else ""
        standing.setdefault((one.generic_group, code), []).append(one)
    planned: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        for group, code, price in _prices(row):
            if price is None or _said_before(made, row, planned, (group, code), price):
                continue
            new = PaymentStandard(
                area=area,
                generic_group=group,
                item=items[code] if code else None,
                price=price,
                in_force_from=row.begins or begins,
            )
            if _follows(made, row, new, standing.get((group, code), []), ("price",)):
                made.standards.append(new)


def _prices(row: CatalogueRow) -> Iterable[tuple[str, str, Decimal | None]]:
    yield "", row.code, row.item_standard
    yield str(row.item.get("generic_group", "")), "", row.group_standard


def _said_before(
    made: Plan,
    row: CatalogueRow,
    planned: dict[tuple[str, str], Decimal],
    key: tuple[str, str],
    price: Decimal,
) -> bool:
    """Rows of one generic group name its standard once, or all the same."""
    if key not in planned:
        planned[key] = price
        return False
    if planned[key] != price:
        said = _("An earlier row gives the group %(group)s another standard.") % {"group": key[0]}
        made.errors.append(RowError(row.number, "group_standard", said))
    return True


def _by_code(made: Plan, rows: Sequence[CatalogueRow]) -> dict[str, CatalogueItem]:
    found = {item.code: item for item in _items(row.code for row in rows)}
    return found | {item.code: item for item in (*made.new, *made.changed)}


def _follows(
    made: Plan,
    row: CatalogueRow,
    new: Any,
    standing: Sequence[Dated],
    columns: tuple[str, ...],
) -> bool:
    """Whether something new begins on the day; ends what holds then, and ends before what comes."""
    day = new.in_force_from
    for one in standing:
        holds = one.in_force_from <= day and (
            one.in_force_until is None or day < one.in_force_until
        )
        if not holds:
            continue
        if all(getattr(one, name) == getattr(new, name) for name in columns):
            return False
        if one.in_force_from == day:
            said = _("Something else holds from %(day)s already; load it from a later day.")
            made.errors.append(RowError(row.number, columns[0], said % {"day": day.isoformat()}))
            return False
        new.in_force_until, one.in_force_until = one.in_force_until, day
        made.ended.append(one)
        return True
    later = [one.in_force_from for one in standing if one.in_force_from > day]
    new.in_force_until = min(later, default=None)
    return True


@transaction.atomic
def load(content: bytes, *, area: PoolingArea | None, begins: date, by: User) -> Plan:
    """Load a file; raises ValidationError, with nothing written, where some row is wrong."""
    made = plan(content, area=area, begins=begins)
    if made.errors:
        raise ValidationError(
            _("%(count)s errors: nothing was loaded.") % {"count": len(made.errors)}
        )
    _write(made)
    if not made.changes_nothing and area is not None:
        audit.record("catalogue loaded", area, by=by, detail=counts(made))
    elif not made.changes_nothing:
        audit.record("catalogue loaded", (made.new or made.changed)[0], by=by, detail=counts(made))
    return made


def counts(made: Plan) -> dict[str, int]:
    """How many of what a plan makes."""
    return {
        "rows": made.rows,
        "new": len(made.new),
        "changed": len(made.changed),
        "terms": len(made.terms),
        "standards": len(made.standards),
    }


def _write(made: Plan) -> None:
    CatalogueItem.objects.bulk_create(made.new, batch_size=AT_ONCE)
    columns = [name for name in made.headings if name not in {"code", *NOT_OF_ITEMS}]
    CatalogueItem.objects.bulk_update(made.changed, [*columns, "name_pinyin"], batch_size=AT_ONCE)
    for model in (ItemTerms, PaymentStandard):
        ended = [one for one in made.ended if isinstance(one, model)]
        model._default_manager.bulk_update(ended, ["in_force_until"], batch_size=AT_ONCE)  # type: ignore[arg-type]
    ItemTerms.objects.bulk_create(made.terms, batch_size=AT_ONCE)
    PaymentStandard.objects.bulk_create(made.standards, batch_size=AT_ONCE)


NOT_OF_ITEMS = frozenset(
    {"item_class", "self_pay", "item_standard", "group_standard", "in_force_from"}
)
