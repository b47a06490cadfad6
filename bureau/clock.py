"""Legal days and months, in Shanghai."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return the legal day it is now."""
    return timezone.localdate(timezone=SHANGHAI)


def month_of(day: date) -> date:
    """Return the month of a day, as its first day."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return add_months(month_of(day), 1)


def previous_month(day: date) -> date:
    """Return the first day of the month before a day's."""
    return add_months(month_of(day), -1)


def add_months(month: date, count: int) -> date:
    """Return the first day of the month ``count`` months after (before, if negative) a month."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def months_between(first: date, until: date) -> list[date]:
    """Return the months from the month of ``first`` up to but not including that of ``until``."""
    count = (until.year - first.year) * 12 + until.month - first.month
    return [add_months(month_of(first), index) for index in range(max(count, 0))]
