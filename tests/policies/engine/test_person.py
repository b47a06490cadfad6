"""From when a birthday or a change of status counts."""

from datetime import date

import pytest

from policies.engine.person import (
    age_under,
    month_after,
    retired_after_flexible,
    retired_on,
    status_under,
    takes_effect,
)

WORKED = (date(2008, 7, 1), "in_service")
RETIRED = (date(2023, 5, 12), "retired")


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2023, 3, 14), 69), (date(2023, 3, 15), 70), (date(2023, 3, 16), 70)],
    ids=["the day before", "the birthday", "the day after"],
)
def test_an_age_is_reached_on_the_birthday(day, age):
    assert age_under("on_day", date(1953, 3, 15), day) == age


@pytest.mark.parametrize(
    ("day", "age"), [(date(2023, 3, 31), 69), (date(2023, 4, 1), 70)], ids=["march", "april"]
)
def test_an_age_may_count_from_the_month_after(day, age):
    assert age_under("month_after", date(1953, 3, 15), day) == age


def test_a_birthday_on_the_first_counts_from_the_next_month_too():
    assert age_under("month_after", date(1953, 4, 1), date(2023, 4, 30)) == 69
    assert age_under("month_after", date(1953, 4, 1), date(2023, 5, 1)) == 70


def test_born_on_29_february_ages_on_1_march_of_a_common_year():
    leap = date(1956, 2, 29)
    assert age_under("on_day", leap, date(2023, 2, 28)) == 66
    assert age_under("on_day", leap, date(2023, 3, 1)) == 67
    assert age_under("on_day", leap, date(2024, 2, 29)) == 68
    assert age_under("month_after", leap, date(2023, 3, 31)) == 66
    assert age_under("month_after", leap, date(2023, 4, 1)) == 67
    assert age_under("month_after", leap, date(2024, 3, 1)) == 68


@pytest.mark.parametrize(
    ("day", "status"),
    [(date(2023, 5, 31), "in_service"), (date(2023, 6, 1), "retired")],
    ids=["the last of the month", "the first of the next"],
)
def test_a_later_status_counts_from_the_month_after(day, status):
    assert status_under("month_after", (WORKED, RETIRED), day) == status


@pytest.mark.parametrize(
    ("day", "status"), [(date(2023, 5, 11), "in_service"), (date(2023, 5, 12), "retired")]
)
def test_a_status_may_count_from_its_day(day, status):
    assert status_under("on_day", (WORKED, RETIRED), day) == status


def test_the_first_status_counts_at_once_and_even_before():
    assert status_under("month_after", (RETIRED,), date(2023, 5, 12)) == "retired"
    assert status_under("month_after", (RETIRED,), date(2020, 1, 1)) == "retired"
    assert status_under("month_after", (), date(2020, 1, 1)) == "in_service"


def test_of_two_changes_in_a_month_the_last_one_counts():
    back = (date(2023, 5, 20), "flexible")
    assert status_under("month_after", (WORKED, RETIRED, back), date(2023, 6, 1)) == "flexible"


def test_a_december_change_counts_from_january():
    assert month_after(date(2023, 12, 31)) == date(2024, 1, 1)
    assert takes_effect("month_after", date(2023, 12, 1), False) == date(2024, 1, 1)
    assert takes_effect("month_after", date(2023, 12, 1), True) == date(2023, 12, 1)
    assert takes_effect("on_day", date(2023, 12, 1), False) == date(2023, 12, 1)


def test_the_day_of_retirement_is_that_of_the_last_formalities_so_far():
    assert retired_on((WORKED, RETIRED), date(2023, 5, 11)) is None
    assert retired_on((WORKED, RETIRED), date(2023, 5, 12)) == date(2023, 5, 12)


def test_retired_after_flexible_work_looks_at_the_status_before():
    flexible = (date(2020, 1, 1), "flexible")
    assert retired_after_flexible((WORKED, flexible, RETIRED), date(2023, 6, 1))
    assert not retired_after_flexible(
        (flexible, (date(2021, 1, 1), "in_service"), RETIRED), date(2023, 6, 1)
    )
    assert not retired_after_flexible((WORKED, flexible, RETIRED), date(2023, 5, 1))
