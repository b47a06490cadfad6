"""What the caps (最高支付限额) still leave for a bill."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from policies.engine.bill import Used
from policies.engine.errors import FigureMissing
from policies.engine.money import NO_LIMIT
from policies.engine.rows import Cap, Terms
from policies.engine.series import Series
from policies.engine.tables import Plan
from policies.engine.vocabulary import CapBasis, CapPeriod


class Room(NamedTuple):
    """The cap that leaves least, in fen, and what it leaves.

    `fund` is what the fund may still pay, `eligible` the spending it may still cover, `overall` what the member's overall
    annual limit leaves; `limit` is what holds for the period (with what was carried in), `before` what stood against it.
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


def room_under(plan: Plan, terms: Terms, day: date, used: Used, series: Series) -> Room:
    """Find the cap that leaves least for a bill of a day."""
    year = terms.policy_year(day)
    tightest: Cap | None = None
    limit, before, left, provisional = None, used.counted, NO_LIMIT, False
    for cap in plan.caps:
        amount, stands_in = _limit(cap, year, series)
        provisional = provisional or stands_in
        amount, against = _with_carried(cap, amount, terms, day, used)
        if tightest is None or amount - against < left:
            tightest, limit, before = cap, amount, against
            left = max(amount - against, 0)
    overall = _overall(plan, year, used, series)
    by_fund = terms.cap_basis == CapBasis.FUND
    return Room(
        tightest.period if tightest else "",
        limit if limit is not None and limit < NO_LIMIT else None,
        before,
        left,
        min(left, overall) if by_fund else overall,
        NO_LIMIT if by_fund else left,
        overall,
        tightest.above if tightest else 0,
        tightest.article if tightest else "",
        provisional,
        plan.counts_in_overall,
    )


def _limit(cap: Cap, year: int, series: Series) -> tuple[int, bool]:
    amount, provisional = cap.amount.resolve(year, series)
    if amount is None:
        if cap.amount.series:
            asked = cap.amount.year if cap.amount.year is not None else year + cap.amount.offset
            raise FigureMissing(cap.amount.series, asked)
        amount = NO_LIMIT
    return amount, provisional


def _with_carried(cap: Cap, amount: int, terms: Terms, day: date, used: Used) -> tuple[int, int]:
    """The limit with what it carries over, and what stands against it."""
    period = cap.period
    if period == CapPeriod.VISIT:
        return amount, used.visit_counted
    if period == CapPeriod.YEAR:
        return amount + (used.carried if cap.carries_over else 0), used.counted
    months = (day.month - terms.year_starts) % 12
    if period == CapPeriod.MONTH:
        if cap.carries_over:
            return amount * (months + 1), used.counted
        return amount, used.month_counted
    if cap.carries_over:
        return amount * (months // 3 + 1), used.counted
    return amount, used.quarter_counted


def _overall(plan: Plan, year: int, used: Used, series: Series) -> int:
    if plan.overall is None or not plan.counts_in_overall:
        return NO_LIMIT
    amount, _ = _limit(plan.overall, year, series)
    return max(amount - used.overall, 0)
