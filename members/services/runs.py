"""The members' batch runs: crediting a month, opening a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bureau.models import BatchChunk, BatchRun, PoolingArea, RunState
from members.models import Member
from members.services import crediting, year_opening
from members.services.crediting import MonthCredit
from policies.engine.money import yuan
from policies.engine.vocabulary import NoCredit
from policies.labels import NO_CREDITS
from policies.selectors import rulebook

CREDIT_MONTH = gettext_noop("credit_month")
OPEN_YEAR = gettext_noop("open_year")
MEMBERS_A_CHUNK = 2_000
TO_LOOK_AT = frozenset(
    {
        NoCredit.NOT_RECEIVED.value,
        NoCredit.BASE_MISSING.value,
        NoCredit.FIGURE_MISSING.value,
    }
)
"""Reasons for no credit that somebody can do something about: listed member by member."""

CHUNK_RANGES = """
    SELECT min(id), max(id) FROM (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS chunk
        FROM members_member WHERE area_id = %s
    ) AS numbered GROUP BY chunk ORDER BY chunk
"""


def chunk_ranges(area: PoolingArea) -> Iterator[tuple[int, int]]:
    """The area's members as ranges of ids, so many a chunk."""
    with connection.cursor() as cursor:
        cursor.execute(CHUNK_RANGES, [MEMBERS_A_CHUNK, area.pk])
        yield from cursor.fetchall()


def year_of(day: date) -> date:
    """The first day of a day's year."""
    return day.replace(month=1, day=1)


def credit_chunk(run: BatchRun, chunk: BatchChunk) -> dict[str, int | Decimal]:
    """Credit the run's month to a chunk of members, and make good the months run before."""
    found = crediting.credit_month(
        crediting.members_between(run.area_id, chunk.first_id, chunk.last_id),
        area_id=run.area_id,
        month=run.period,
        as_of=run.as_of,
        earlier=months_run_before(run),
        post=not run.is_preview,
    )
    for one in found:
        if one.refused:
            chunk.note(one.member_id, one.refused, f"{one.month:%Y-%m}")
        elif one.outcome.reason in TO_LOOK_AT:
            chunk.note(one.member_id, one.outcome.reason, f"{one.month:%Y-%m}")
    return _counts(run.period, found)


def months_run_before(run: BatchRun) -> Sequence[date]:
    """The earlier months of the area that a finished run has credited."""
    done = BatchRun.objects.filter(
        kind=CREDIT_MONTH,
        area_id=run.area_id,
        is_preview=False,
        state=RunState.DONE,
        period__lt=run.period,
    )
    return list(done.order_by("period").values_list("period", flat=True))


def _counts(month: date, found: Sequence[MonthCredit]) -> dict[str, int | Decimal]:
    own = [one for one in found if one.month == month]
    made_good = [one for one in found if one.month != month and one.postings]
    left_out = Counter(one.outcome.reason for one in own if one.outcome.reason)
    return {
        "members": len(own),
        "credited": sum(bool(one.postings) for one in own),
        "amount": yuan(sum(one.amount for one in own)),
        "made_good": len(made_good),
        "made_good_amount": yuan(sum(one.amount for one in made_good)),
        **{f"left_out:{reason}": count for reason, count in sorted(left_out.items())},
    }


def open_chunk(run: BatchRun, chunk: BatchChunk) -> dict[str, int | Decimal]:
    """Open the run's year for a chunk of members."""
    members = (
        Member.objects.filter(area_id=run.area_id, pk__range=(chunk.first_id, chunk.last_id))
        .select_related("person")
        .prefetch_related("suspensions")
        .order_by("pk")
    )
    opened = year_opening.open_year(
        members,
        area_id=run.area_id,
        year=run.period.year,
        as_of=run.as_of,
        post=not run.is_preview,
    )
    return {
        "totals_opened": opened.totals,
        "awards": len(opened.awards),
        "award_amount": yuan(sum(opened.awards.values())),
    }


def summary(run: BatchRun) -> list[str]:
    """What a run did, in sentences for the bureau."""
    totals = run.totals
    if run.kind == OPEN_YEAR:
        return [
            _("%(count)s totals of the year opened.") % {"count": totals.get("totals_opened", 0)},
            _("%(count)s awards, %(amount)s yuan together.")
            % {"count": totals.get("awards", 0), "amount": _amount(totals, "award_amount")},
        ]
    return [*_credited(run, totals), *_left_out(totals)]


def _credited(run: BatchRun, totals: dict[str, Any]) -> Iterator[str]:
    without = _without_rules(run)
    if without:
        yield without
    yield _("%(count)s of %(members)s members credited, %(amount)s yuan together.") % {
        "count": totals.get("credited", 0),
        "members": totals.get("members", 0),
        "amount": _amount(totals, "amount"),
    }
    if totals.get("made_good"):
        yield _("%(count)s differences for earlier months, %(amount)s yuan together.") % {
            "count": totals["made_good"],
            "amount": _amount(totals, "made_good_amount"),
        }


def _left_out(totals: dict[str, Any]) -> Iterator[str]:
    labels = dict(NO_CREDITS)
    for name, count in sorted(totals.items()):
        if name.startswith("left_out:"):
            reason = name.removeprefix("left_out:")
            yield _("%(count)s left out: %(reason)s") % {
                "count": count,
                "reason": labels.get(reason, reason),
            }


def _without_rules(run: BatchRun) -> str:
    """Says so where no rule gives anybody a credit in the month."""
    try:
        rules = rulebook.credit_on(run.period, area_id=run.area_id)
    except rulebook.NoPolicyInForce as error:
        return str(error)
    if rules.tables.credits:
        return ""
    return _("The policy in force has no rule for credits: nobody is credited.")


def _amount(totals: dict[str, Any], name: str) -> str:
    return f"{Decimal(str(totals.get(name, 0))):,.2f}"
