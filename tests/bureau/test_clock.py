from datetime import date

import pytest
import time_machine

from bureau import clock


@time_machine.travel("2023-12-31T16:00:00Z")
def test_the_new_year_starts_at_midnight_in_shanghai():
    assert clock.today() == date(2024, 1, 1)


@time_machine.travel("2023-12-31T15:59:59Z", tick=False)
def test_a_second_before_it_is_still_the_old_year():
    assert clock.today() == date(2023, 12, 31)


def test_months_run_over_the_end_of_the_year():
    assert clock.next_month(date(2023, 12, 31)) == date(2024, 1, 1)
    assert clock.previous_month(date(2024, 1, 1)) == date(2023, 12, 1)
    assert clock.add_months(date(2024, 1, 1), -13) == date(2022, 12, 1)


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (date(2023, 11, 15), date(2024, 1, 2), [date(2023, 11, 1), date(2023, 12, 1)]),
        (date(2024, 1, 1), date(2024, 1, 31), []),
        (date(2024, 2, 1), date(2024, 1, 1), []),
    ],
)
def test_months_between_leave_out_the_last(first, until, expected):
    assert clock.months_between(first, until) == expected
