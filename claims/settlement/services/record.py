"""A settlement as rows: the outcome, what it was reckoned from, and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bureau.models import User
from claims.settlement.models import ADDS, AMOUNTS, BillLine, SettledLine, Settlement, Visit
from claims.settlement.services.question import Question
from members.models import YearTotal
from policies.engine.benefit import Outcome
from policies.engine.bill import Split
from policies.engine.money import NO_LIMIT, yuan

MIRRORED = (
    "area_id",
    "visit_id",
    "member_id",
    "institution_id",
    "day",
    "care",
    "channel",
    "version_id",
    "policy_year",
    "deductible_account",
    "reason",
    "claimed_on",
)
LINE_PARTS = ("total", "self_funded", "over_standard", "pre_self_pay", "eligible")


def settlement(
    visit: Visit,
    question: Question,
    outcome: Outcome,
    *,
    year: YearTotal,
    on: date,
    by: User | None,
    number: str,
) -> Settlement:
    """The settlement of an outcome, not yet saved."""
    found = Settlement(
        **columns(visit, question, outcome, year=year, on=on, number=number), made_by=by
    )
    found.visit, found.year_total = visit, year
    return found


def columns(
    visit: Visit, question: Question, outcome: Outcome, *, year: YearTotal, on: date, number: str
) -> dict[str, Any]:
    """The columns of the settlement of an outcome, but for who makes it."""
    return {
        "area_id": visit.area_id,
        "number": number,
        "visit_id": visit.pk,
        "member_id": visit.member_id,
        "institution_id": visit.institution_id,
        "day": visit.day,
        "care": visit.care,
        "channel": question.bill.channel,
        "version_id": question.rules.version_id,
        "year_total_id": year.pk,
        "policy_year": outcome.policy_year,
        "deductible_account": outcome.deductible_account,
        "reason": outcome.reason,
        "provisional": outcome.provisional,
        "facts": facts(question),
        "steps": [list(step) for step in outcome.steps],
        "claimed_on": question.bill.claimed_on,
        "made_on": on,
        "eligible_before": year.eligible,
        "deductible_before": year.deductible,
        "fund_before": year.fund,
        "counted_before": year.counted,
        "overall_before": yuan(question.used.overall),
        **amounts(outcome),
        **limits(outcome),
    }


def amounts(outcome: Outcome) -> dict[str, Any]:
    """The outcome's amounts in yuan, and what it adds to the year."""
    names = (
        "total",
        "self_funded",
        "over_standard",
        "pre_self_pay",
        "eligible",
        "deductible",
        "fund",
        "own_share",
        "above_cap",
        "account",
        "cash",
    )
    found = {name: yuan(getattr(outcome, name)) for name in names}
    added = outcome.adds._asdict().items()
    return found | {f"adds_{name}": yuan(amount) for name, amount in added}


def limits(outcome: Outcome) -> dict[str, Any]:
    """The cap that left least, what stood against it, and the overall limit."""
    room = outcome.room
    if room is None:
        return {}
    found: dict[str, Any] = {"limit_before": yuan(room.before)}
    if room.limit is not None and room.limit < NO_LIMIT:
        found |= {"limit_period": str(room.period), "limit_amount": yuan(room.limit)}
    if room.overall_limit is not None and room.overall_limit < NO_LIMIT:
        found["overall_limit"] = yuan(room.overall_limit)
    return found


def facts(question: Question) -> dict[str, Any]:
    """What the engine was asked, as JSON can hold it; enough to ask it again."""
    bill, person, used, series = question.bill, question.person, question.used, question.series
    return {
        "where": bill.where._asdict(),
        "from_account": bill.from_account,
        "person": {
            **person._asdict(),
            "born": person.born.isoformat(),
            "statuses": [[day.isoformat(), status] for day, status in person.statuses],
            "special_groups": sorted(person.special_groups),
        },
        "used": {**used._asdict(), "own": dict(used.own)},
        "figures": series.as_listed(),
    }


def lines(
    settled: Settlement, bill_lines: Sequence[BillLine], outcome: Outcome
) -> list[SettledLine]:
    """The settled lines of an outcome, not yet saved."""
    return [
        SettledLine(settlement=settled, line=line, total=line.amount, **line_parts(parts))
        for line, parts in zip(bill_lines, outcome.lines, strict=True)
    ]


def line_parts(parts: Split) -> dict[str, Decimal]:
    """The four parts of a line in yuan."""
    return {name: yuan(amount) for name, amount in parts._asdict().items()}


def mirror(
    settled: Settlement, *, year: YearTotal, on: date, by: User | None, number: str, note: str
) -> Settlement:
    """The exact mirror of a settlement, not yet saved."""
    return Settlement(
        number=number,
        reverses=settled,
        year_total=year,
        made_on=on,
        made_by=by,
        note=note[:200],
        eligible_before=year.eligible,
        deductible_before=year.deductible,
        fund_before=year.fund,
        counted_before=year.counted,
        **{name: getattr(settled, name) for name in MIRRORED},
        **{name: -getattr(settled, name) for name in (*AMOUNTS, *ADDS)},
    )


def mirrored_lines(settled: Iterable[SettledLine], mirrored: Settlement) -> list[SettledLine]:
    """The lines of a mirror, not yet saved."""
    return [
        SettledLine(
            settlement=mirrored,
            line_id=line.line_id,
            **{part: -getattr(line, part) for part in LINE_PARTS},
        )
        for line in settled
    ]
