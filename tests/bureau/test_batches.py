"""Batch runs: planned once, worked by many, steered by hand, and nothing lost or doubled."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bureau import batchkinds
from bureau.models import (
    ActionRecord,
    BatchChunk,
    BatchException,
    BatchRun,
    ChunkState,
    PoolingArea,
    RunState,
    User,
)
from bureau.services import batches, batchwork
from config.environment import BASE_DIR

KIND = "found-areas"
MONTH = date(2024, 1, 1)


def found_areas(run, chunk):
    """Found one area for each subject; a subject done twice would break the primary key."""
    for number in range(chunk.first_id, chunk.last_id + 1):
        if number % 1000 == 13:
            chunk.note(number, "unlucky", "thirteen")
            continue
        PoolingArea.objects.create(
            code=f"{number:06d}", name="x", short_name="x", province_name="x"
        )
    return {"founded": chunk.last_id - chunk.first_id + 1, "yuan": Decimal("0.10")}


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    monkeypatch.setattr(batchkinds, "_kinds", {})
    batchkinds.register(KIND, "Found areas", found_areas)


@pytest.fixture
def area(db):
    return PoolingArea.objects.create(
        code="990100", name="甲市", short_name="甲", province_name="某省"
    )


@pytest.fixture
def operator(db):
    return User.objects.create_user("operator", display_name="孙批处理")


def plan(area, ranges=((1, 3), (4, 6)), **more):
    return batches.plan(kind=KIND, area=area, period=MONTH, ranges=ranges, by=None, **more)[0]


def work_all():
    while batchwork.work_one():
        pass


def founded():
    return PoolingArea.objects.exclude(pk="990100").count()


def fail_on(monkeypatch, number):
    """Make the chunk of that number fail until the returned function is called."""
    broken = {number}

    def do(run, chunk):
        if chunk.number in broken:
            raise ValueError("the base table is locked")
        return found_areas(run, chunk)

    batchkinds.register(KIND, "Found areas", do)
    return broken.clear


def test_a_run_is_planned_once_however_often_it_is_asked_for(area, operator):
    asked = {"kind": KIND, "area": area, "period": MONTH, "ranges": [(1, 9)], "by": operator}
    first, created = batches.plan(**asked)
    again, created_again = batches.plan(**asked)

    assert (again, created, created_again) == (first, True, False)
    assert first.chunks.count() == 1
    assert ActionRecord.objects.filter(action="batch planned", actor=operator).count() == 1


def test_the_database_refuses_a_second_run_of_that_month(area):
    run = plan(area)
    with pytest.raises(IntegrityError, match="one_run_of_a_kind_area_and_period"):
        BatchRun.objects.create(kind=run.kind, area=area, period=MONTH, as_of=MONTH)


def test_the_database_refuses_a_subject_in_two_chunks(area):
    with pytest.raises(IntegrityError, match="no_subject_in_two_chunks_of_a_run"):
        plan(area, ranges=[(1, 5), (5, 9)])


def test_an_unknown_kind_is_refused(area):
    with pytest.raises(LookupError, match="No app registered the batch kind 'nonsense'"):
        batches.plan(kind="nonsense", area=area, period=MONTH, ranges=[], by=None)


def test_a_run_adds_up_its_chunks_and_ends(area):
    run = plan(area)
    work_all()
    run.refresh_from_db()

    assert run.state == RunState.DONE
    assert run.totals == {"founded": 6, "yuan": "0.20"}
    assert run.started_at <= run.finished_at
    assert founded() == 6


def test_a_run_without_subjects_ends_too(area):
    run = plan(area, ranges=[])
    batchwork.sweep()
    run.refresh_from_db()
    assert (run.state, run.totals) == (RunState.DONE, {})


def test_what_follows_a_run_happens_once_and_in_its_transaction(area):
    ended = []
    batchkinds.register(KIND, "Found areas", found_areas, ended.append)
    run = plan(area)
    work_all()
    assert not batchwork.finish_if_over(run.pk)
    assert ended == [run]


def test_what_follows_can_fail_the_run_and_be_tried_again(area):
    problems = [ValueError("no table")]

    def follow(_run):
        if problems:
            raise problems.pop()

    batchkinds.register(KIND, "Found areas", found_areas, follow)
    run = plan(area)
    work_all()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "no table" in run.error

    batches.retry_failed(run, by=None)
    batchwork.sweep()
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")
    assert founded() == 6


def test_one_bad_subject_is_an_exception_and_no_failed_chunk(area):
    run = plan(area, ranges=[(12, 14)])
    work_all()
    run.refresh_from_db()

    noted = BatchException.objects.get()
    assert (noted.subject_id, noted.reason, noted.detail) == (13, "unlucky", "thirteen")
    assert run.state == RunState.DONE
    assert founded() == 2


def test_a_preview_counts_everything_and_keeps_nothing(area):
    run = plan(area, ranges=[(12, 14)], is_preview=True)
    work_all()
    run.refresh_from_db()

    assert run.totals == {"founded": 3, "yuan": "0.10"}
    assert run.exceptions.count() == 1
    assert founded() == 0
    assert plan(area, ranges=[(12, 14)]) != run, "a preview does not stand in the way of the run"


def test_a_failed_chunk_is_undone_tried_three_times_and_fails_the_run(area, monkeypatch):
    mend = fail_on(monkeypatch, 2)
    run = plan(area)
    work_all()
    run.refresh_from_db()

    failed = run.chunks.get(number=2)
    assert (failed.state, failed.attempts) == (ChunkState.FAILED, batchwork.ATTEMPTS)
    assert "the base table is locked" in failed.error
    assert (run.state, founded()) == (RunState.FAILED, 3)

    mend()
    batches.retry_failed(run, by=None)
    work_all()
    run.refresh_from_db()
    assert (run.state, founded()) == (RunState.DONE, 6)


def test_a_paused_run_gives_out_no_chunks_until_it_is_resumed(area, operator):
    run = plan(area)
    batchwork.work_one()
    batches.pause(run, by=operator)

    work_all()
    assert founded() == 3

    batches.resume(run, by=operator)
    work_all()
    run.refresh_from_db()
    assert (run.state, founded()) == (RunState.DONE, 6)


def test_the_chunk_at_hand_is_finished_after_a_pause(area):
    run = plan(area)
    held = batchwork.claim()
    batches.pause(run, by=None)
    assert batchwork.work(held)
    assert founded() == 3


def test_a_run_whose_last_chunk_ended_in_a_pause_ends_when_resumed(area):
    run = plan(area, ranges=[(1, 3)])
    held = batchwork.claim()
    batches.pause(run, by=None)
    batchwork.work(held)
    batches.resume(run, by=None)
    batchwork.sweep()
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_a_cancelled_run_stops_and_leaves_the_month_free(area, operator):
    run = plan(area)
    batchwork.work_one()
    batches.cancel(run, by=operator)
    work_all()

    assert list(run.chunks.values_list("state", flat=True)) == ["done", "cancelled"]
    assert founded() == 3
    assert plan(area) != run


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("done", "pause"),
        ("done", "cancel"),
        ("done", "resume"),
        ("done", "retry_failed"),
        ("cancelled", "resume"),
        ("running", "resume"),
        ("running", "retry_failed"),
        ("paused", "pause"),
    ],
)
def test_what_makes_no_sense_in_a_state_is_refused(area, state, verb):
    run = plan(area)
    BatchRun.objects.filter(pk=run.pk).update(state=state)
    with pytest.raises(batches.BatchStateError):
        getattr(batches, verb)(run, by=None)
    run.refresh_from_db()
    assert run.state == state


def expire(chunk):
    past = timezone.now() - timedelta(seconds=1)
    BatchChunk.objects.filter(pk=chunk.pk).update(lease_until=past)


def test_a_lease_that_ran_out_is_given_to_another_and_the_first_writes_nothing(area):
    plan(area, ranges=[(1, 3)])
    first = batchwork.claim()
    expire(first)
    assert batchwork.sweep() == 1
    second = batchwork.claim()

    assert not batchwork.work(first), "who lost the lease writes nothing"
    assert founded() == 0
    assert batchwork.work(second)
    assert founded() == 3


def test_a_lease_that_still_holds_is_left_alone(area):
    plan(area)
    batchwork.claim()
    assert batchwork.sweep() == 0


def test_a_chunk_that_kills_its_workers_fails_in_the_end(area):
    run = plan(area, ranges=[(1, 3)])
    for _ in range(batchwork.ATTEMPTS):
        expire(batchwork.claim())
        batchwork.sweep()
    run.refresh_from_db()
    assert batchwork.claim() is None
    assert (run.state, run.chunks.get().state) == (RunState.FAILED, ChunkState.FAILED)


def test_the_command_line_does_the_same_work(area, capsys):
    plan(area)
    call_command("work", once=True)
    assert "2 chunks done" in capsys.readouterr().out
    assert founded() == 6


def test_the_application_role_can_plan_and_work_and_delete_nothing(area, as_application):
    with as_application():
        run = plan(area, ranges=[(12, 14)])
        work_all()
    run.refresh_from_db()
    assert run.state == RunState.DONE
    for table in ("batchexception", "batchchunk", "batchrun"):
        with pytest.raises(Exception, match="permission denied"), as_application():
            connection.cursor().execute(f"DELETE FROM bureau_{table}")


# Several connections: what happens when two do it at once.

several_connections = pytest.mark.django_db(transaction=True)


def at_once(count, do):
    """Run ``do`` in that many threads, each on a connection of its own, and see no error."""
    errors, start = [], threading.Barrier(count)

    def body():
        try:
            start.wait(timeout=30)
            do()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []


@several_connections
def test_workers_racing_for_chunks_do_each_once(area):
    run = plan(area, ranges=[(n * 10, n * 10 + 9) for n in range(40)])
    at_once(6, work_all)

    run.refresh_from_db()
    assert (run.state, founded() + run.exceptions.count()) == (RunState.DONE, 400)
    assert set(run.chunks.values_list("attempts", flat=True)) == {1}
    assert run.totals["founded"] == 400
    assert ActionRecord.objects.filter(action="batch done").count() == 1


@several_connections
def test_two_who_plan_the_same_month_at_once_plan_one_run(area):
    at_once(6, lambda: plan(area, ranges=[(1, 3)]))
    assert BatchRun.objects.count() == 1
    assert BatchChunk.objects.count() == 1


@several_connections
def test_the_sweeper_passes_over_a_chunk_that_is_being_worked_on(area):
    plan(area, ranges=[(1, 3)])
    chunk = batchwork.claim()
    expire(chunk)
    with transaction.atomic():
        BatchChunk.objects.select_for_update().get(pk=chunk.pk)
        swept = []
        at_once(1, lambda: swept.append(batchwork.requeue_expired()))
    assert swept == [0]


WORKER = """
import json, sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict.update(json.loads(sys.argv[1]))
from bureau import batchkinds
from bureau.models import PoolingArea
from bureau.services import batchwork

def do(run, chunk):
    PoolingArea.objects.create(code="000001", name="x", short_name="x", province_name="x")
    print("working", flush=True)
    time.sleep(60)

batchkinds.register("found-areas", "", do)
batchwork.work_one()
"""


@pytest.mark.faults
@several_connections
def test_a_worker_killed_at_work_loses_nothing_and_doubles_nothing(area):
    run = plan(area, ranges=[(1, 3)])
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({key: connection.settings_dict[key] for key in keys})
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, database],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout.readline() == "working\n"
        worker.send_signal(signal.SIGKILL)

    chunk = run.chunks.get()
    assert (chunk.state, chunk.attempts, founded()) == (ChunkState.RUNNING, 1, 0)
    expire(chunk)
    call_command("work", once=True)
    run.refresh_from_db()
    assert (run.state, founded()) == (RunState.DONE, 3)


def test_a_kind_that_cuts_an_area_is_started_for_the_period_that_a_day_lies_in(area):
    batchkinds.register(KIND, "Found areas", found_areas, ranges=lambda _area: [(1, 2), (3, 4)])
    run, is_new = batches.start(KIND, area, date(2024, 3, 17), by=None)
    again, is_new_again = batches.start(KIND, area, date(2024, 3, 1), by=None)
    assert (run.period, run.chunks.count()) == (date(2024, 3, 1), 2)
    assert (is_new, is_new_again, again.pk) == (True, False, run.pk)


def test_a_kind_that_nothing_cuts_cannot_be_started_from_the_console(area):
    batchkinds.register(KIND, "Found areas", found_areas)
    with pytest.raises(LookupError):
        batches.start(KIND, area, date(2024, 3, 1), by=None)
