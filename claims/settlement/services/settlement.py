"""Settle a visit (结算): lock, read, decide, write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.models import User
from claims.settlement.models import BillLine, SettledLine, Settlement, Visit
from claims.settlement.selectors import used
from claims.settlement.services import numbering, record, refusals
from claims.settlement.services.question import ask, purpose_of
from claims.settlement.services.refusals import CannotSettle, NothingToSettle
from members import ledger
from members.models import Account, YearTotal
from members.models.year_total import ALL_CARE
from members.services import totals
from policies import engine
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import CareTables
from policies.engine.vocabulary import Channel
from policies.selectors import figures, rulebook

__all__ = ["CannotSettle", "NothingToSettle", "lock_totals", "settle"]


def settle(
    visit: Visit,
    *,
    by: User | None,
    lines: Sequence[BillLine] | None = None,
    from_account: bool = False,
    channel: str = Channel.ONLINE.value,
    on: date | None = None,
    claimed_on: date | None = None,
    series: Series | None = None,
) -> Settlement:
    """Settle the visit's lines (all unsettled ones, or those given) under the policy of its day.

    `on` is the legal day on which it is settled: figures published by then are known, and a claim
    by hand is made then unless `claimed_on` says when. Raises NoPolicyInForce, PolicyError,
    CannotSettle or NothingToSettle; what the policy refuses is a settlement with a reason, and with
    nothing from the fund.
    """
    on = on or clock.today()
    if visit.day > on:
        raise refusals.in_the_future(visit.number)
    if channel == Channel.HAND:
        claimed_on = claimed_on or on
    with refusals.in_words(), transaction.atomic():
        rules = rulebook.benefit_on(visit.day, area_id=visit.area_id, scheme=visit.member.scheme)
        care = rules.tables.care(visit.care)
        year, overall = lock_totals(visit, care, on=on)
        account = _locked_account(visit) if from_account else None
        to_settle = _unsettled(visit, lines)
        question = ask(
            visit,
            to_settle,
            rules=rules,
            used_before=used.before(visit, care, year, overall),
            account=account,
            channel=channel,
            claimed_on=claimed_on,
            series=series or _series(rules, visit, on),
        )
        outcome = engine.settle(
            rules.tables, question.bill, question.person, question.used, question.series
        )
        number = numbering.settlement_number(on)
        settlement = record.settlement(
            visit, question, outcome, year=year, on=on, by=by, number=number
        )
        _write(settlement, record.lines(settlement, to_settle, outcome), account)
        audit.record("visit settled", settlement, by=by, detail={"fund": str(settlement.fund)})
    return settlement


def _write(settlement: Settlement, lines: Iterable[SettledLine], account: Account | None) -> None:
    settlement.save(force_insert=True)
    SettledLine.objects.bulk_create(lines)
    if account is not None and settlement.account:
        ledger.pay(
            account,
            settlement.account,
            key=f"settlement:{settlement.number}",
            on=settlement.made_on,
            rule=purpose_of(settlement.visit).value,
        )


def lock_totals(visit: Visit, care: CareTables, *, on: date) -> tuple[YearTotal, YearTotal | None]:
    """Lock the year's totals of the visit's care and, where its caps count there, of all care."""
    year = care.terms.policy_year(visit.day)
    own = totals.lock(visit.member, care=visit.care, year=year, on=on)
    if not any(cap.counts_in_overall for cap in care.caps):
        return own, None
    return own, totals.lock(visit.member, care=ALL_CARE, year=year, on=on)


def _series(rules: rulebook.BenefitRules, visit: Visit, on: date) -> Series:
    return figures.known(visit.area_id, on) if rules.needs_figures else NO_FIGURES


def _unsettled(visit: Visit, lines: Sequence[BillLine] | None) -> Sequence[BillLine]:
    """The lines to settle, read after the lock: of two who settle them at once, one is told."""
    if lines is not None:
        wanted = {line.pk for line in lines}
        found = list(visit.lines.filter(settled_by=None, pk__in=wanted))
        if len(found) != len(wanted):
            raise CannotSettle(
                _("Some of these lines are settled already, or not of visit %(number)s.")
                % {"number": visit.number}
            )
    else:
        found = list(visit.lines.filter(settled_by=None))
    if not found:
        raise NothingToSettle(
            _("Visit %(number)s has no unsettled lines.") % {"number": visit.number}
        )
    return found


def _locked_account(visit: Visit) -> Account | None:
    account: Account | None = Account.objects.filter(member_id=visit.member_id).first()
    return None if account is None else ledger.lock(account)
