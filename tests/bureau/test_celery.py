"""Celery workers on a Redis of the test's own: the bell wakes them, its absence hurts nobody."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from datetime import date

import pytest
from celery import current_app
from django.db import connection

from bureau import batchkinds, bell
from bureau.models import BatchRun, PoolingArea, RunState
from bureau.services import batches
from config.environment import BASE_DIR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

# The worker's own start: it takes the test database, and a kind that only counts.
WORKER = """
import json, sys
from config.celery import app
import django
django.setup()
from django.db import connection
connection.settings_dict.update(json.loads(sys.argv[1]))
from bureau import batchkinds
batchkinds.register("count", "", lambda _, chunk: {"subjects": chunk.last_id - chunk.first_id + 1})
app.worker_main(["worker", "--pool", "solo", "--loglevel", "info", "--without-mingle"])
"""


@pytest.fixture
def redis_url(tmp_path):
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    ) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(batchkinds, "_kinds", {})
    batchkinds.register("count", "Count", lambda *_: {})
    area = PoolingArea.objects.create(code="990100", name="x", short_name="x", province_name="x")
    return lambda: batches.plan(
        kind="count", area=area, period=date(2024, 1, 1), ranges=[(1, 5), (6, 9)], by=None
    )[0]


def ends(run, within=30):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if BatchRun.objects.get(pk=run.pk).state == RunState.DONE:
            return True
        time.sleep(0.1)
    return False


def test_the_bell_wakes_a_worker_that_does_the_run(redis_url, settings, run):
    settings.CELERY_BROKER_URL = redis_url
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({key: connection.settings_dict[key] for key in keys})
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, database],
        cwd=BASE_DIR,
        env={**os.environ, "REDIS_URL": redis_url, "C_FORCE_ROOT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as worker:
        try:
            assert any("ready." in line for line in worker.stdout), "the worker did not start"
            planned = run()
            assert ends(planned)
        finally:
            worker.terminate()
            worker.communicate(timeout=30)
    planned.refresh_from_db()
    assert planned.totals == {"subjects": 9}


def test_a_broker_that_is_away_costs_nothing(settings, run):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    started = time.monotonic()
    planned = run()

    assert planned.state == RunState.PLANNED
    assert time.monotonic() - started < 5


def test_without_a_broker_nobody_is_rung(settings, monkeypatch):
    settings.CELERY_BROKER_URL = ""
    monkeypatch.setattr(bell.current_app, "send_task", lambda *_, **__: pytest.fail("rang"))
    bell.ring()


def test_tasks_are_acknowledged_late_and_never_prefetched():
    conf = current_app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.broker_transport_options["visibility_timeout"] >= 12 * 3600
