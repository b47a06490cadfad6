"""Published figures as the engine reads them."""

from __future__ import annotations

from datetime import date

from policies.engine.money import fen
from policies.engine.series import Figure, Series
from policies.models import PublishedFigure


def known(area_id: str, as_of: date) -> Series:
    """The figures of an area that are known on a day."""
    rows = PublishedFigure.objects.filter(area_id=area_id).values_list(
        "series", "year", "value", "published_on"
    )
    return Series(
        {(series, year): Figure(fen(value), published) for series, year, value, published in rows},
        as_of,
    )
