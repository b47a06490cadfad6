"""The catalogue as it stands in an area on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from policies.engine.vocabulary import ItemClass
from policies.models import CatalogueItem, ItemTerms, PaymentStandard

Row = TypeVar("Row", ItemTerms, PaymentStandard)


class ItemOnDay(NamedTuple):
    """Class, first self-payment (a fraction) and payment standard a unit (yuan) of an item."""

    item_class: str = ItemClass.C.value
    self_pay: Decimal = Decimal(0)
    standard_price: Decimal | None = None


def terms_on(item_ids: Collection[int], *, area_id: str, day: date) -> dict[int, ItemOnDay]:
    """Terms of items in an area on a day, in three queries however many items are asked.

    An item's own payment standard goes before its generic group's (SJZ-27, NJ-21). What the area
    does not list on the day is class C: fully self-funded.
    """
    groups = dict(CatalogueItem.objects.filter(pk__in=item_ids).values_list("pk", "generic_group"))
    terms = {
        row.item_id: row
        for row in _running(ItemTerms.objects.filter(item__in=groups, area=area_id), day)
    }
    of_items, of_groups = _standards(groups, area_id, day)
    return {
        item_id: ItemOnDay(
            terms[item_id].item_class,
            terms[item_id].self_pay,
            of_items.get(item_id, of_groups.get(group)),
        )
        if item_id in terms
        else ItemOnDay()
        for item_id, group in groups.items()
    }


def _standards(
    groups: dict[int, str], area_id: str, day: date
) -> tuple[dict[int | None, Decimal], dict[str, Decimal]]:
    """Payment standards by item and by generic group."""
    named = {group for group in groups.values() if group}
    asked = PaymentStandard.objects.filter(
        Q(item__in=groups) | Q(generic_group__in=named), area=area_id
    )
    rows = list(_running(asked, day))
    return (
        {row.item_id: row.price for row in rows if row.item_id is not None},
        {row.generic_group: row.price for row in rows if row.item_id is None},
    )


def _running(rows: QuerySet[Row], day: date) -> QuerySet[Row]:
    return rows.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=day), in_force_from__lte=day
    )
