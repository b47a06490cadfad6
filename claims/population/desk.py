"""Settling the errands of many members in memory, one member after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from claims.population.book import Book
from claims.population.customer import Customer, Equipment
from claims.population.errands import Errand
from claims.population.life import Life


class Desk:
    """Settles the errands of lives and books what comes of them."""

    def __init__(self, equipment: Equipment) -> None:
        self.equipment = equipment
        self._book = Book()

    def serve(self, life: Life, errands: Sequence[Errand], chance: Random) -> None:
        """Settle a member's errands, and reverse what is to be reversed, each on its day."""
        customer = Customer(life, chance, equipment=self.equipment, book=self._book)
        for _on, _place, errand, reverses in _in_order(errands):
            if reverses:
                customer.take_back(errand)
            else:
                customer.settle(errand)
        self._book.totals += customer.opened()

    def taken(self) -> Book:
        """What was booked so far; a new book begins."""
        book, self._book = self._book, Book()
        return book


def _in_order(errands: Sequence[Errand]) -> Iterator[tuple[date, int, Errand, bool]]:
    """The events of a member's errands: those of a day in the order of the errands."""
    events = [(one.settled_on, n, one, False) for n, one in enumerate(errands)]
    events += [
        (one.reversed_on, len(errands) + n, one, True)
        for n, one in enumerate(errands)
        if one.reversed_on is not None
    ]
    return iter(sorted(events, key=lambda event: event[:2]))
