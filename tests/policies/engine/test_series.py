"""Amounts that follow a published figure."""

from datetime import date

from policies.engine.money import fen, millionths
from policies.engine.series import NO_AMOUNT, Amount, Figure, Series

WAGES = {
    ("average_wage", 2022): Figure(fen(102_000)),
    ("average_wage", 2023): Figure(fen(110_030), date(2024, 7, 15)),
}
BEFORE, AFTER = (Series(WAGES, day) for day in (date(2024, 7, 14), date(2024, 7, 15)))
FIVE_PERCENT = Amount(series="average_wage", offset=-1, rate=millionths("0.05"), unit=100)


def test_a_formula_is_rounded_to_its_unit():
    assert FIVE_PERCENT.resolve(2024, AFTER) == (fen(5502), False)
    assert FIVE_PERCENT._replace(unit=1).resolve(2024, AFTER) == (fen("5501.50"), False)


def test_a_figure_is_unknown_until_the_day_it_is_published():
    assert FIVE_PERCENT.resolve(2024, BEFORE) == (None, False)


def test_the_fallback_stands_in_for_the_amount_and_makes_it_provisional():
    assert FIVE_PERCENT._replace(fallback=fen(1700)).resolve(2024, BEFORE) == (fen(1700), True)


def test_the_latest_earlier_figure_stands_in_before_the_fallback():
    amount = FIVE_PERCENT._replace(earliest=2021, fallback=fen(1700))
    assert amount.resolve(2024, BEFORE) == (fen(5100), True)
    assert amount.resolve(2024, AFTER) == (fen(5502), False)
    assert amount.resolve(2022, AFTER) == (fen(1700), True)


def test_a_fixed_year_does_not_move():
    fixed = FIVE_PERCENT._replace(year=2022)
    assert fixed.resolve(2024, BEFORE) == fixed.resolve(2030, BEFORE) == (fen(5100), False)


def test_an_amount_of_nothing_is_no_amount():
    assert NO_AMOUNT.resolve(2024, AFTER) == (None, False)


def test_figures_can_be_seen_as_they_were_known_on_another_day():
    assert AFTER.as_known_on(date(2024, 1, 1)).value("average_wage", 2023) is None
