"""Random shares, amounts and published figures."""

from __future__ import annotations

from datetime import date
from random import Random

from policies.engine.money import WHOLE
from policies.engine.series import Amount, Figure, Series

SERIES = "average_wage"


def figures(rng: Random) -> Series:
    """Some years of a published figure, some of them not yet known."""
    values = {
        (SERIES, year): Figure(rng.randrange(1_000_000, 12_000_000), date(year + 1, 7, 1))
        for year in range(2019, 2024)
        if rng.random() < 0.8
    }
    return Series(values, date(rng.randrange(2021, 2026), rng.randrange(1, 13), 1))


def share_of(rng: Random) -> int:
    return rng.choice((0, rng.randrange(WHOLE), rng.randrange(40, 100) * 10_000, WHOLE))


def yuan_of(rng: Random, most: int) -> int:
    return rng.choice((rng.randrange(most) * 100, rng.randrange(most * 100)))


def amount_of(rng: Random, most: int) -> Amount:
    """A fixed amount, none, or a formula on a published figure."""
    if rng.random() < 0.6:
        return Amount(fixed=rng.choice((yuan_of(rng, most), yuan_of(rng, most), None)))
    return Amount(
        series=SERIES,
        year=rng.choice((None, None, 2020, 2022)),
        offset=rng.choice((-1, -2, 0)),
        rate=rng.randrange(10_000, 300_000),
        unit=rng.choice((1, 100)),
        earliest=rng.choice((None, 2019)),
        fallback=yuan_of(rng, most),
    )
