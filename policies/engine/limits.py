"""What the caps (最高支付限额) still leave for a bill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple, cast

from policies.engine.bill import Used
from policies.engine.errors import FigureMissing
from policies.engine.money import NO_LIMIT
from policies.engine.rows import Cap, Terms
from policies.engine.series import Series
from policies.engine.tables import Plan
from policies.engine.vocabulary import CapBasis, CapPeriod

BY_FUND = CapBasis.FUND.value
VISIT, MONTH, YEAR = CapPeriod.VISIT.value, CapPeriod.MONTH.value, CapPeriod.YEAR.value


class Room(NamedTuple):
    """The cap that leaves least, in fen, and what it leaves.

    `fund` is what the fund may still pay, `eligible` the spending it may still cover, `overall`
    what the member's overall annual limit leaves; `limit` is what holds for the period (with what
    was carried in), `before` what stood against it. The three `overall_…` say the same of the
    overall annual limit where it applies. A share paid above a cap stands against no cap of this
    kind of care, but against the overall limit.
    """

    period: str
    limit: int | None
    before: int
    left: int
    fund: int
    eligible: int
    overall: int
    above: int
    article: str
    provisional: bool
    counts_overall: bool
    overall_limit: int | None = None
    overall_before: int = 0
    overall_article: str = ""

    def binding(self) -> tuple[int, str, str]:
        """The limit that holds the fund back, its period and its article."""
        if self.overall_limit is not None and self.overall < self.left:
            return self.overall_limit, "overall", self.overall_article
        return self.limit or 0, self.period, self.article


new_room = cast("Callable[[tuple[object, ...]], Room]", partial(tuple.__new__, Room))
"""A room from all its fields in order: half the time of calling the class."""


def room_under(
    plan: Plan, terms: Terms, day: date, year: int, *, used: Used, series: Series
) -> Room:
    """Find the cap that leaves least for a bill of a day in a policy year."""
    tightest: Cap | None = None
    limit, before, left, provisional = NO_LIMIT, used.counted, NO_LIMIT, False
    for cap in plan.caps:
        amount, stands_in = limit_of(cap, year, series)
        provisional = provisional or stands_in
        amount, against = _with_carried(cap, amount, terms, day, used)
        if tightest is None or amount - against < left:
            tightest, limit, before, left = cap, amount, against, amount - against
    left = max(left, 0)
    overall_limit, overall, stands_in = _overall(plan, year, used, series)
    by_fund = terms.cap_basis == BY_FUND
    return new_room(
        (
            tightest.period if tightest else "",
            limit if limit < NO_LIMIT else None,
            before,
            left,
            min(left, overall) if by_fund else overall,
            NO_LIMIT if by_fund else left,
            overall,
            tightest.above if tightest else 0,
            tightest.article if tightest else "",
            provisional or stands_in,
            plan.counts_in_overall,
            overall_limit,
            used.overall,
            plan.overall.article if plan.overall else "",
        )
    )


def limit_of(cap: Cap, year: int, series: Series) -> tuple[int, bool]:
    """The cap's amount in a policy year and whether it is provisional; raises FigureMissing."""
    if not cap.amount.series:
        return NO_LIMIT if cap.amount.fixed is None else cap.amount.fixed, False
    amount, provisional = cap.amount.resolve(year, series)
    if amount is None:
        raise FigureMissing(cap.amount.series, cap.amount.wanted(year))
    return amount, provisional


def _with_carried(cap: Cap, amount: int, terms: Terms, day: date, used: Used) -> tuple[int, int]:
    """The limit with what it carries over, and what stands against it."""
    period = cap.period
    if period == YEAR:
        return amount + (used.carried if cap.carries_over else 0), used.counted
    if period == VISIT:
        return amount, used.visit_counted
    if cap.carries_over:
        return amount * periods_begun(period, terms, day), used.counted
    return amount, used.month_counted if period == MONTH else used.quarter_counted


def periods_begun(period: str, terms: Terms, day: date) -> int:
    """Months or quarters of the policy year that have begun."""
    months = (day.month - terms.year_starts) % 12
    return months + 1 if period == MONTH else months // 3 + 1


def _overall(plan: Plan, year: int, used: Used, series: Series) -> tuple[int | None, int, bool]:
    """The overall annual limit (None: none applies), what it leaves, whether it is provisional."""
    if plan.overall is None or not plan.counts_in_overall:
        return None, NO_LIMIT, False
    limit, provisional = limit_of(plan.overall, year, series)
    if limit >= NO_LIMIT:
        return None, NO_LIMIT, provisional
    return limit, max(limit - used.overall, 0), provisional
