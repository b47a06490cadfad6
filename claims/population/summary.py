"""What the demo made, as a bureau chief reads it (演示汇总)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.utils.translation import gettext

from bureau.models import BatchRun, PoolingArea
from claims.population import source, staffing, times
from claims.population.source import AreaSource
from claims.settlement.models import Settlement, Visit
from claims.settlement.services.explaining import explained
from members.models import Account, Member
from members.services import runs
from policies.engine.vocabulary import Label
from policies.labels import REASONS

LAST_NARROW = 0x2E7F
CAP_REACHED = f"$[*] ? (@[0] == {Label.CAP.value})"
CAPPED = "SELECT count(*) FROM claims_settlement WHERE area_id = %s AND steps @? %s::jsonpath"
URL = "http://127.0.0.1:8000/"


def lines(areas: Sequence[AreaSource]) -> Iterator[str]:
    """The whole summary, line by line."""
    words = source.read("words")
    found = [PoolingArea.objects.get(pk=area.code) for area in areas]
    yield words["heading"]
    yield words["period"].format(
        first=times.FIRST_DAY,
        last=times.SETTLED_DAY,
        month=f"{times.CREDITED_MONTH:%Y-%m}",
        year=times.OPENED_YEAR,
    )
    yield from _table(words, found)
    yield ""
    yield words["refused"]
    for area in found:
        yield "  " + words["reason"].format(
            area=area.short_name, reasons=_reasons(area) or words["none"]
        )
    yield ""
    yield words["examples"]
    for settlement in _examples(found):
        yield from _explained(settlement, words)
    yield ""
    yield from _logins(areas, words)


def _table(words: dict[str, Any], areas: Sequence[PoolingArea]) -> Iterator[str]:
    rows = [_figures(area) for area in areas]
    total: list[Any] = [words["total"], *map(sum, zip(*(row[1:] for row in rows), strict=True))]
    texts = [words["columns"], *([_text(cell) for cell in row] for row in [*rows, total])]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        first, *rest = (_padded(cell, width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([_left(row[0], widths[0]), *rest]) if first else ""


def _figures(area: PoolingArea) -> list[Any]:
    """One area's row of the table, in the order of its columns."""
    settled = Settlement.objects.filter(area=area)
    sums = settled.aggregate(fund=Sum("fund"), account=Sum("account"))
    credited = _totals(runs.CREDIT_MONTH, area)
    awarded = _totals(runs.OPEN_YEAR, area)
    return [
        area.short_name,
        Member.objects.filter(area=area).count(),
        Account.objects.filter(area=area).count(),
        int(credited.get("credited", 0)),
        _amount(credited.get("amount")),
        Visit.objects.filter(area=area).count(),
        settled.filter(reverses=None).count(),
        _amount(sums["fund"]),
        _amount(sums["account"]),
        _capped(area),
        settled.filter(reverses=None).exclude(reason="").count(),
        settled.exclude(reverses=None).count(),
        _amount(awarded.get("award_amount")),
    ]


def _totals(kind: str, area: PoolingArea) -> dict[str, Any]:
    period = times.CREDITED_MONTH if kind == runs.CREDIT_MONTH else times.OPENED
    run = BatchRun.objects.filter(kind=kind, area=area, period=period, is_preview=False).first()
    return run.totals if run else {}


def _capped(area: PoolingArea) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CAPPED, [area.pk, CAP_REACHED])
        return int(cursor.fetchone()[0])


def _reasons(area: PoolingArea) -> str:
    labels = dict(REASONS)
    refused = Settlement.objects.filter(area=area, reverses=None).exclude(reason="")
    counted = refused.values("reason").annotate(count=Count("pk")).order_by("-count")
    return "，".join(f"{labels[row['reason']]} {row['count']:,}" for row in counted)


def _examples(areas: Sequence[PoolingArea]) -> Iterator[Settlement]:
    """A visit that meets a cap, and one of several bands, from the first areas that have them."""
    settled = Settlement.objects.filter(area__in=areas, reverses=None, day=times.SETTLED_DAY)
    for found in (
        settled.filter(fund__gt=0, account__gt=0, reason="").order_by("pk").first(),
        settled.exclude(reason="").order_by("pk").first(),
    ):
        if found is not None:
            yield found


def _explained(settlement: Settlement, words: dict[str, Any]) -> Iterator[str]:
    yield "  " + words["example"].format(
        number=settlement.number,
        area=settlement.area.short_name,
        day=settlement.day,
        institution=settlement.institution,
    )
    for step in explained(settlement).steps:
        yield f"    {step.sentence}" + (f"  [{step.article}]" if step.article else "")


def _logins(areas: Sequence[AreaSource], words: dict[str, Any]) -> Iterator[str]:
    yield words["logins"].format(password=staffing.password())
    for login in staffing.logins(areas):
        seen = login.area.short_name if login.area else words["all_areas"]
        roles = "、".join(map(gettext, login.roles))
        yield "  " + words["login"].format(
            username=login.username, name=login.name, roles=roles, areas=seen
        )
    yield words["open_at"].format(url=URL)


def _amount(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def _text(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _padded(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text


def _left(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """How wide a text is on a terminal: Chinese characters take two places."""
    return sum(2 if ord(character) > LAST_NARROW else 1 for character in text)
