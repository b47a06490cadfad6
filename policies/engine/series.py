"""Published figures (公布数据), such as the average wage, by the year that they describe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from policies.engine.money import share_to


class Figure(NamedTuple):
    """One published value in fen; `published` is the day it became known (None: always known)."""

    value: int
    published: date | None = None

    def known_on(self, day: date) -> bool:
        return self.published is None or self.published <= day


class Series:
    """The figures that are known on a day, by name and year described."""

    __slots__ = ("_figures", "as_of")

    def __init__(self, figures: Mapping[tuple[str, int], Figure], as_of: date) -> None:
        self._figures = figures
        self.as_of = as_of

    def value(self, name: str, year: int) -> int | None:
        """Return the figure in fen, or None while it is not published."""
        figure = self._figures.get((name, year))
        return figure.value if figure is not None and figure.known_on(self.as_of) else None

    def as_listed(self) -> list[list[object]]:
        """The figures known on the day as plain rows: name, year, fen."""
        return [
            [name, year, figure.value]
            for (name, year), figure in sorted(self._figures.items())
            if figure.known_on(self.as_of)
        ]

    def with_figures(self, figures: Mapping[tuple[str, int], Figure]) -> Series:
        """The same figures with others over them."""
        return Series({**self._figures, **figures}, self.as_of)

    def as_known_on(self, day: date) -> Series:
        return Series(self._figures, day)


NO_FIGURES = Series({}, date.max)


class Amount(NamedTuple):
    """An amount: fixed, or a rate of a published figure of a year, fixed or counted from one asked.

    While the figure is not published, the latest earlier one from `earliest` on stands in for it,
    then `fallback`; either makes the answer provisional. A fixed amount of None is no amount.
    """

    fixed: int | None = None
    series: str = ""
    year: int | None = None
    offset: int = 0
    rate: int = 0
    unit: int = 1
    earliest: int | None = None
    fallback: int | None = None

    def resolve(self, asked: int, series: Series) -> tuple[int | None, bool]:
        """Return the amount in fen (None: nothing published) and whether it is provisional."""
        if not self.series:
            return self.fixed, False
        figure, provisional = self.figure(asked, series)
        if figure is None:
            return self.fallback, self.fallback is not None
        return share_to(figure, self.rate, self.unit), provisional

    def figure(self, asked: int, series: Series) -> tuple[int | None, bool]:
        """Return the published figure, and whether it stands in for one not yet published."""
        wanted = self.wanted(asked)
        for year in range(wanted, min(self.earliest or wanted, wanted) - 1, -1):
            value = series.value(self.series, year)
            if value is not None:
                return value, year != wanted
        return None, False

    def wanted(self, asked: int) -> int:
        """The year whose figure is meant when a year asks."""
        return self.year if self.year is not None else asked + self.offset


NO_AMOUNT = Amount()
