"""The invented catalogue (医保目录), and what an item costs and counts for in an area on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from claims.population import source
from facilities.spelling import spell
from policies.engine.vocabulary import ItemClass, ItemKind
from policies.models import CatalogueItem, ItemTerms, PaymentStandard

SINCE = date(2021, 1, 1)
FEN = Decimal("0.01")


class Article(NamedTuple):
    """An item as it is sold."""

    item: CatalogueItem
    price: Decimal
    dearer: bool
    self_funded: bool


class Terms(NamedTuple):
    """Class, first-self-payment ratio and, where there is one, payment standard a unit."""

    item_class: str
    self_pay: Decimal
    standard: Decimal | None


class Shelf:
    """The catalogue as it stands in the database, by group and kind."""

    def __init__(self, areas: Sequence[str]) -> None:
        rows = {str(row["code"]): row for row in source.read("catalogue")["items"]}
        items = CatalogueItem.objects.filter(code__in=rows).order_by("code")
        self.articles = [_article(item, rows[item.code]) for item in items]
        self._terms = _dated(
            ItemTerms.objects.filter(area__in=areas),
            "item_id",
            lambda row: (row.item_class, row.self_pay),
        )
        self._standards = _dated(
            PaymentStandard.objects.filter(area__in=areas, item=None),
            "generic_group",
            lambda row: row.price,
        )

    @cached_property
    def by_group(self) -> dict[str, list[Article]]:
        """Drugs by their generic group."""
        return self._by(lambda item: item.generic_group)

    @cached_property
    def by_kind(self) -> dict[str, list[Article]]:
        """Everything by the kind of item."""
        return self._by(lambda item: item.kind)

    def _by(self, key: Any) -> dict[str, list[Article]]:
        found: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles:
            if key(article.item):
                found[key(article.item)].append(article)
        return dict(found)

    def terms(self, item: CatalogueItem, area: str, on: date) -> Terms:
        """What an item counts for in an area on a day; what no row names is self-funded."""
        terms = _on(self._terms.get((area, item.pk), ()), on)
        item_class, self_pay = terms or (ItemClass.C.value, Decimal(0))
        standard = _on(self._standards.get((area, item.generic_group), ()), on)
        return Terms(item_class, self_pay, standard)


def _article(item: CatalogueItem, row: dict[str, Any]) -> Article:
    price, self_funded = Decimal(str(row["price"])), row["class"] == ItemClass.C
    return Article(item, price, bool(row.get("dearer")), self_funded)


def _dated(rows: Iterable[Any], key: str, value: Any) -> dict[tuple[str, Any], list[Any]]:
    found: dict[tuple[str, Any], list[Any]] = defaultdict(list)
    for row in rows:
        place = row.area_id, getattr(row, key)
        found[place].append((row.in_force_from, row.in_force_until, value(row)))
    return found


def _on(periods: Iterable[tuple[date, date | None, Any]], day: date) -> Any:
    for first, until, value in periods:
        if first <= day and (until is None or day < until):
            return value
    return None


def stock(areas: Sequence[str]) -> Shelf:
    """Put on the shelf what is not there yet, with its terms in each area."""
    material = source.read("catalogue")
    rows = {str(row["code"]): row for row in material["items"]}
    known = set(CatalogueItem.objects.filter(code__in=rows).values_list("code", flat=True))
    CatalogueItem.objects.bulk_create(
        _item(code, row, material["makers"]) for code, row in rows.items() if code not in known
    )
    items = {item.code: item for item in CatalogueItem.objects.filter(code__in=rows)}
    for area in areas:
        if not ItemTerms.objects.filter(area=area, item__in=items.values()).exists():
            ItemTerms.objects.bulk_create(
                terms for code, item in items.items() for terms in _terms(area, item, rows[code])
            )
        if not PaymentStandard.objects.filter(area=area).exists():
            PaymentStandard.objects.bulk_create(_standards(area, rows.values()))
    return Shelf(areas)


def _item(code: str, row: dict[str, Any], makers: Sequence[str]) -> CatalogueItem:
    return CatalogueItem(
        code=code,
        name=row["name"],
        name_pinyin=spell(row["name"]).full,
        kind=row["kind"],
        specification=row.get("spec", ""),
        unit=row["unit"],
        manufacturer=makers[row["maker"]] if "maker" in row else "",
        generic_group=row.get("group", ""),
        **{flag: row.get(flag, False) for flag in ("essential", "negotiated", "dual_channel")},
    )


def _terms(area: str, item: CatalogueItem, row: dict[str, Any]) -> Iterator[ItemTerms]:
    """An item's class in an area; what class B asks first is less from the day of the revision."""
    material = source.read("catalogue")
    first = Decimal(str(_asked_first(material["self_pay"][area], item, row)))
    days: list[Any] = [SINCE, material["revised_on"], None] if first else [SINCE, None]
    for place, (begins, ends) in enumerate(pairwise(days)):
        revised = first * Decimal(str(material["revised_self_pay"])) if place else first
        yield ItemTerms(
            item=item,
            area_id=area,
            item_class=row["class"],
            self_pay=revised,
            in_force_from=begins,
            in_force_until=ends,
        )


def _asked_first(shares: dict[str, float], item: CatalogueItem, row: dict[str, Any]) -> float:
    if row["class"] != ItemClass.B:
        return 0
    if item.negotiated:
        return shares["negotiated"]
    sold = item.kind in (ItemKind.DRUG, ItemKind.CONSUMABLE)
    return shares[item.kind if sold else ItemKind.SERVICE.value]


def _standards(area: str, rows: Iterable[dict[str, Any]]) -> Iterator[PaymentStandard]:
    """A standard for each group with a dearer product: midway at first, revised later."""
    material = source.read("catalogue")
    prices: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        if "group" in row:
            prices[row["group"]].append(Decimal(str(row["price"])))
    for group, of_group in prices.items():
        if len(of_group) == 1:
            continue
        standard = (min(of_group) + max(of_group)) / 2
        days = [SINCE, material["revised_on"], None]
        for place, (begins, ends) in enumerate(pairwise(days)):
            factor = Decimal(str(material["revised_standard"])) if place else Decimal(1)
            yield PaymentStandard(
                area_id=area,
                generic_group=group,
                price=(standard * factor).quantize(FEN, ROUND_HALF_UP),
                in_force_from=begins,
                in_force_until=ends,
            )
