"""Months credited, made good and run again, told as stories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from bureau.models import BatchRun, PoolingArea, RunState
from bureau.services import batches, batchwork
from members import ledger
from members.models import Contribution, Entry, Member, StatusChange
from members.services import crediting, runs
from policies.engine.series import Figure, Series
from policies.services.loading import DATA, load_area
from tests import cast
from tests.shipped import policies_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def policies(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Two areas with their shipped policies: one with a provisional pension, one without rules."""
    with policies_in_force(django_db_blocker, "370200", "140500"):
        yield


def credit(
    member: Member,
    month: date,
    *,
    earlier: Sequence[date] = (),
    as_of: date | None = None,
    figures: dict[tuple[str, int], Figure] | None = None,
) -> Decimal:
    """Credit one member; what was posted in the run, in yuan."""
    as_of = as_of or month
    found = crediting.credit_month(
        [Member.objects.select_related("person").get(pk=member.pk)],
        area_id=member.area_id,
        month=month,
        as_of=as_of,
        earlier=earlier,
        series=Series(figures or {}, as_of),
    )
    return sum((posting.amount for one in found for posting in one.postings), Decimal(0))


def balance(member: Member) -> Decimal:
    member.account.refresh_from_db()
    return member.account.balance


JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))
PENSIONS = {
    ("average_pension", 2022): Figure(398_755),
    ("average_pension", 2023): Figure(412_337, date(2024, 2, 20)),
}


def test_a_month_is_credited_once_whatever_is_run_again() -> None:
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY)
    assert credit(zhang, JANUARY) == Decimal("160.00")
    assert credit(zhang, JANUARY) == 0
    assert credit(zhang, JANUARY, as_of=MARCH) == 0
    assert balance(zhang) == Decimal("160.00")


def test_a_credit_cites_its_rule_its_article_and_its_source() -> None:
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY)
    credit(zhang, JANUARY)
    entry = Entry.objects.get(account=zhang.account, period=JANUARY)
    assert (entry.rule, entry.article, entry.source_fund) == ("QD-3.8c", "QD-3.8c", "own")
    assert entry.version is not None
    assert entry.version.in_force_on(JANUARY)


def test_a_contribution_not_received_brings_no_credit_yet() -> None:
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY, received_on=None)
    assert credit(zhang, JANUARY) == 0


def test_a_late_contribution_is_credited_late_at_its_own_months_rule() -> None:
    born = date(1980, 6, 1)
    zhang = cast.zhang(person=cast.person(born=born))
    december = date(2023, 12, 1)
    cast.contribution(zhang, december, received_on=date(2024, 2, 10))
    cast.contribution(zhang, JANUARY)
    assert credit(zhang, december) == 0
    assert credit(zhang, JANUARY, earlier=[december]) == Decimal("160.00")
    cast.contribution(zhang, FEBRUARY)
    paid = credit(zhang, FEBRUARY, earlier=[december, JANUARY], as_of=date(2024, 2, 28))
    assert paid == Decimal("160.00") + Decimal("168.00")
    late = Entry.objects.get(account=zhang.account, period=december)
    assert (late.kind, late.rule, late.amount) == ("credit", "QD-3.8a-2", Decimal("168.00"))


def test_a_provisional_credit_is_made_good_once_the_figure_is_published() -> None:
    li = cast.li(balance="0")
    assert credit(li, JANUARY, figures=PENSIONS) == Decimal("79.75")
    first = Entry.objects.get(account=li.account, period=JANUARY)
    assert first.provisional
    assert credit(li, FEBRUARY, figures=PENSIONS, earlier=[JANUARY]) == Decimal("79.75")
    paid = credit(li, MARCH, figures=PENSIONS, earlier=[JANUARY, FEBRUARY])
    assert paid == Decimal("82.47") + 2 * Decimal("2.72")
    difference = Entry.objects.get(account=li.account, period=JANUARY, kind="difference")
    assert (difference.amount, difference.revision) == (Decimal("2.72"), 1)
    assert difference.corrects == first
    assert not difference.provisional


def test_a_figure_that_nothing_stands_in_for_leaves_the_month_open_until_it_is_published() -> None:
    li = cast.li(balance="0")
    assert credit(li, JANUARY) == 0
    paid = credit(li, MARCH, figures=PENSIONS, earlier=[JANUARY])
    assert paid == 2 * Decimal("82.47")


def test_a_corrected_base_gives_a_difference_and_changes_no_entry() -> None:
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY)
    credit(zhang, JANUARY)
    cast.contribution(zhang, JANUARY, revision=1, base=Decimal(7000))
    cast.contribution(zhang, FEBRUARY)
    paid = credit(zhang, FEBRUARY, earlier=[JANUARY])
    assert paid == Decimal("160.00") - Decimal("20.00")
    amounts = Entry.objects.filter(account=zhang.account, period=JANUARY).order_by("revision")
    assert list(amounts.values_list("amount", flat=True)) == [Decimal("160.00"), Decimal("-20.00")]


def test_a_difference_never_takes_a_balance_below_zero() -> None:
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY)
    credit(zhang, JANUARY)
    ledger.pay(zhang.account, Decimal("150.00"), key="settlement:1", on=JANUARY)
    cast.contribution(zhang, JANUARY, revision=1, base=Decimal(7000))
    found = crediting.credit_month(
        [zhang],
        area_id=zhang.area_id,
        month=FEBRUARY,
        as_of=FEBRUARY,
        earlier=[JANUARY],
    )
    assert [one.refused for one in found] == ["", "below_zero"]
    assert balance(zhang) == Decimal("10.00")


def test_retired_terms_hold_from_the_month_after_the_formalities() -> None:
    zhang = cast.zhang(person=cast.person(born=date(1964, 1, 10)))
    StatusChange.objects.create(member=zhang, changed_on=JANUARY, status="retired")
    cast.contribution(zhang, JANUARY)
    assert credit(zhang, JANUARY, figures=PENSIONS) == Decimal("160.00")
    assert credit(zhang, FEBRUARY, figures=PENSIONS) == Decimal("79.75")


def test_who_has_no_account_and_who_has_died_gets_no_credit() -> None:
    without = cast.zhang(has_account=False)
    dead = cast.li(balance="0")
    dead.person.died_on = date(2023, 12, 31)
    dead.person.save()
    cast.contribution(without, JANUARY)
    assert credit(without, JANUARY) == 0
    assert credit(dead, JANUARY, figures=PENSIONS) == 0


def test_an_area_whose_document_gives_no_rule_says_so() -> None:
    area = PoolingArea.objects.get(pk="140500")
    cast.zhang(area=area)
    run = finished(batches.start(runs.CREDIT_MONTH, area, JANUARY, by=None)[0])
    assert run.state == RunState.DONE
    assert run.totals["credited"] == 0
    assert run.totals["left_out:no_rule"] == 1


def finished(run: BatchRun) -> BatchRun:
    """Work until no chunk waits."""
    while batchwork.work_one():
        pass
    run.refresh_from_db()
    return run


def test_a_run_credits_the_area_and_the_next_one_makes_good_what_came_late() -> None:
    area = PoolingArea.objects.get(pk="370200")
    zhang, late = cast.zhang(), cast.zhang(person=cast.person("赵敏"))
    cast.contribution(zhang, JANUARY)
    cast.contribution(late, JANUARY, received_on=FEBRUARY)
    first = finished(batches.start(runs.CREDIT_MONTH, area, JANUARY, by=None, as_of=JANUARY)[0])
    assert (first.totals["credited"], first.totals["amount"]) == (1, "160.00")
    assert list(first.exceptions.values_list("subject_id", "reason")) == [(late.pk, "not_received")]
    second = finished(batches.start(runs.CREDIT_MONTH, area, FEBRUARY, by=None, as_of=FEBRUARY)[0])
    assert (second.totals["made_good"], second.totals["made_good_amount"]) == (1, "160.00")


def test_a_preview_promises_what_the_run_does_and_keeps_nothing() -> None:
    area = PoolingArea.objects.get(pk="370200")
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY)
    preview = finished(
        batches.start(runs.CREDIT_MONTH, area, JANUARY, by=None, as_of=JANUARY, is_preview=True)[0]
    )
    assert not Entry.objects.filter(period=JANUARY).exists()
    run = finished(batches.start(runs.CREDIT_MONTH, area, JANUARY, by=None, as_of=JANUARY)[0])
    assert run.totals == preview.totals
    assert Entry.objects.filter(period=JANUARY).count() == 1


def test_planning_a_month_twice_gives_the_same_run() -> None:
    area = PoolingArea.objects.get(pk="370200")
    cast.contribution(cast.zhang(), JANUARY)
    run, is_new = batches.start(runs.CREDIT_MONTH, area, JANUARY, by=None)
    finished(run)
    again, is_new_again = batches.start(runs.CREDIT_MONTH, area, date(2024, 1, 31), by=None)
    assert (is_new, is_new_again, again.pk) == (True, False, run.pk)


def test_the_days_of_receipt_count_as_known_on_the_runs_day() -> None:
    zhang = cast.zhang()
    Contribution.objects.create(
        member=zhang,
        area_id=zhang.area_id,
        month=JANUARY,
        base=Decimal(8000),
        received_on=date(2024, 1, 16),
    )
    assert credit(zhang, JANUARY, as_of=date(2024, 1, 15)) == 0
    assert credit(zhang, JANUARY, as_of=date(2024, 1, 16)) == Decimal("160.00")


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_credit_a_month_once() -> None:
    load_area(DATA / "370200")  # an earlier test of this kind may have emptied the tables
    zhang = cast.zhang()
    cast.contribution(zhang, JANUARY)
    together = Barrier(4)

    def run_it() -> Decimal:
        together.wait()
        try:
            return credit(zhang, JANUARY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        posted = list(workers.map(lambda _: run_it(), range(4)))
    assert sorted(posted) == [0, 0, 0, Decimal("160.00")]
    assert balance(zhang) == Decimal("160.00")
