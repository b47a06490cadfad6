"""What an errand costs: the lines of a bill, priced and classed as the catalogue has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from claims.population.chance import happens
from claims.population.life import Life
from claims.population.places import Site
from claims.population.shelf import Article, Shelf, Terms
from claims.population.tables import BillLineRow
from claims.population.writing import Ids
from policies.engine.vocabulary import ItemKind

DEAREST = Decimal(330)
"""What is above this is for those who are gravely ill, or pay for it themselves."""

EXAMINED = (ItemKind.LABORATORY.value, ItemKind.EXAMINATION.value)
CHRONIC_BOXES, HEAVY_BOXES = 3, 2


class Bills:
    """Bills drawn from the shelf."""

    def __init__(self, shelf: Shelf, ids: Ids) -> None:
        self._shelf = shelf
        self._ids = ids
        affordable = {
            kind: [one for one in many if one.price <= DEAREST]
            for kind, many in shelf.by_kind.items()
        }
        self._affordable = affordable
        self._self_funded = [one for one in shelf.articles if one.self_funded]

    def draw(
        self,
        life: Life,
        site: Site,
        *,
        visit: int,
        day: date,
        complaint: dict[str, Any],
        chance: Random,
    ) -> list[BillLineRow]:
        """The lines of the bill of a visit."""
        sold = list(
            self._bought(complaint, chance)
            if site.is_pharmacy
            else self._treated(life, site, complaint, chance)
        )
        return [
            self._line(visit, position, article, quantity, self._terms(article, life, day))
            for position, (article, quantity) in enumerate(sold, start=1)
        ]

    def _bought(self, complaint: dict[str, Any], chance: Random) -> Iterator[tuple[Article, int]]:
        yield from self._drugs(complaint, chance, most=2)
        if happens(chance, "consumable"):
            yield chance.choice(self._affordable[ItemKind.CONSUMABLE.value]), 1

    def _treated(
        self, life: Life, site: Site, complaint: dict[str, Any], chance: Random
    ) -> Iterator[tuple[Article, int]]:
        institution = site.institution
        small = institution.is_primary and not institution.is_third_party
        fee = ItemKind.GENERAL_TREATMENT if small else ItemKind.CONSULTATION
        yield chance.choice(self._shelf.by_kind[fee.value]), 1
        yield from self._drugs(complaint, chance, most=3)
        if life.heavy or happens(chance, "tests"):
            shelf = self._shelf.by_kind if life.heavy else self._affordable
            for _test in range(chance.randint(1, 3)):
                yield chance.choice(shelf[chance.choice(EXAMINED)]), 1
        if happens(chance, "treatment"):
            yield chance.choice(self._affordable[ItemKind.SERVICE.value]), chance.randint(1, 3)
        if happens(chance, "nucleic_acid"):
            yield chance.choice(self._shelf.by_kind[ItemKind.NUCLEIC_ACID.value]), 1

    def _drugs(
        self, complaint: dict[str, Any], chance: Random, *, most: int
    ) -> Iterator[tuple[Article, int]]:
        groups: Sequence[str] = complaint["drugs"]
        boxes = CHRONIC_BOXES if complaint.get("chronic") else 1
        boxes = HEAVY_BOXES if complaint.get("heavy") else boxes
        for group in chance.sample(groups, min(chance.randint(1, most), len(groups))):
            articles = self._shelf.by_group[group]
            dearer = [one for one in articles if one.dearer]
            asked = dearer if dearer and happens(chance, "dearer") else articles[:1]
            yield asked[0], chance.randint(1, boxes)
        if happens(chance, "self_funded"):
            yield chance.choice(self._self_funded), 1

    def _terms(self, article: Article, life: Life, day: date) -> Terms:
        return self._shelf.terms(article.item, life.area.code, day)

    def _line(
        self, visit: int, position: int, article: Article, quantity: int, terms: Terms
    ) -> BillLineRow:
        item = article.item
        return BillLineRow(
            next(self._ids.line),
            visit,
            position,
            item.pk,
            item.name,
            item.kind,
            quantity,
            article.price,
            article.price * quantity,
            terms.item_class,
            terms.self_pay,
            None if terms.standard is None else terms.standard * quantity,
        )
