"""Age and status on a day (rules §3): from when a birthday or a change of status counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from policies.engine.vocabulary import Status, TimeRule

ONE_DAY = timedelta(days=1)
MONTH_AFTER = TimeRule.MONTH_AFTER.value
IN_SERVICE = Status.IN_SERVICE.value
RETIRED = Status.RETIRED.value


def age_on(born: date, day: date) -> int:
    """Age in whole years; who was born on 29 February ages on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_under(rule: str, born: date, day: date) -> int:
    """Age as the rule takes it: on the day itself, or as reached by the end of the month before."""
    if rule == MONTH_AFTER:
        day = day.replace(day=1) - ONE_DAY
    months = day.month - born.month
    early = months < 0 or (not months and day.day < born.day)
    return day.year - born.year - early


def counted_until(rule: str, day: date) -> date:
    """The day up to which a birthday counts: the day itself, or the last of the month before."""
    return day.replace(day=1) - ONE_DAY if rule == MONTH_AFTER else day


def month_after(day: date) -> date:
    """The first day of the month after a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def takes_effect(rule: str, changed_on: date, first: bool) -> date:
    """The day from which a status counts: the first one at once, later ones as the rule says."""
    return changed_on if first or rule != MONTH_AFTER else month_after(changed_on)


def status_under(rule: str, statuses: Sequence[tuple[date, str]], day: date) -> str:
    """Status in effect on a day; before the first change, the first status."""
    last = len(statuses) - 1
    if last > 0:
        before = changed_before(rule, day)
        while last and statuses[last][0] >= before:
            last -= 1
    return statuses[last][1] if statuses else IN_SERVICE


def changed_before(rule: str, day: date) -> date:
    """The day before which a status must have changed to count on a day."""
    return day.replace(day=1) if rule == MONTH_AFTER else day + ONE_DAY


def retired_on(statuses: Sequence[tuple[date, str]], day: date) -> date | None:
    """The day of the last retirement formalities (退休手续) up to a day, or None."""
    for changed_on, status in reversed(statuses):
        if status == RETIRED and changed_on <= day:
            return changed_on
    return None


def retired_after_flexible(statuses: Sequence[tuple[date, str]], day: date) -> bool:
    """Whether the last status before retirement was flexible employment (灵活就业)."""
    before = ""
    for changed_on, status in statuses:
        if status == Status.RETIRED and changed_on <= day:
            return before == Status.FLEXIBLE
        before = status
    return False
