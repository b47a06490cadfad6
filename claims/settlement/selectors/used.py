"""What a member's year, visit, month and quarter have used before a bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from bureau.clock import add_months, month_of
from claims.settlement.models import Settlement, Visit
from members.models import YearTotal
from policies.engine.bill import NOTHING_OWN, Used
from policies.engine.money import fen
from policies.engine.tables import CareTables
from policies.engine.vocabulary import BandBasis, CapPeriod, DeductiblePeriod


def before(visit: Visit, care: CareTables, year: YearTotal, overall: YearTotal | None) -> Used:
    """Read what was used; call it after the year's totals are locked, in a later statement."""
    settled = Settlement.objects.filter(
        member_id=visit.member_id, policy_year=year.year, care=year.care
    )
    visit_sums = _of_visit(settled, visit) if asks_for_visit(care) else (0, 0, 0)
    return Used(
        eligible=fen(year.eligible),
        deductible=fen(year.deductible),
        counted=fen(year.counted),
        carried=fen(year.carried),
        overall=fen(overall.counted) if overall else 0,
        visit_eligible=visit_sums[0],
        visit_deductible=visit_sums[1],
        visit_counted=visit_sums[2],
        month_counted=_since(settled, month_of(visit.day), 1)
        if has_cap(care, CapPeriod.MONTH)
        else 0,
        quarter_counted=_since(settled, care.terms.quarter_from(visit.day), 3)
        if has_cap(care, CapPeriod.QUARTER)
        else 0,
        own=_own_accounts(settled) if any(row.account for row in care.deductibles) else NOTHING_OWN,
    )


def asks_for_visit(care: CareTables) -> bool:
    """Whether the tables reckon anything by the visit."""
    return (
        care.terms.deductible_period == DeductiblePeriod.VISIT
        or care.terms.band_basis == BandBasis.VISIT
        or has_cap(care, CapPeriod.VISIT)
    )


def has_cap(care: CareTables, period: CapPeriod) -> bool:
    """Whether some cap holds for the period."""
    return any(cap.period == period for cap in care.caps)


def _of_visit(settled: QuerySet[Settlement], visit: Visit) -> tuple[int, int, int]:
    sums = settled.filter(visit=visit).aggregate(
        eligible=Sum("adds_eligible"),
        deductible=Sum("adds_deductible"),
        counted=Sum("adds_counted"),
    )
    return _fen(sums["eligible"]), _fen(sums["deductible"]), _fen(sums["counted"])


def _since(settled: QuerySet[Settlement], first: date, months: int) -> int:
    window = settled.filter(day__gte=first, day__lt=add_months(first, months))
    return _fen(window.aggregate(counted=Sum("adds_counted"))["counted"])


def _own_accounts(settled: QuerySet[Settlement]) -> dict[str, int]:
    rows = settled.exclude(deductible_account="").values("deductible_account")
    summed = rows.annotate(borne=Sum("adds_deductible")).order_by()
    return {row["deductible_account"]: fen(row["borne"]) for row in summed}


def _fen(amount: Decimal | None) -> int:
    return fen(amount or Decimal(0))
