"""The portal's own server: shared, stopped when the last user has gone, however it went."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config.embedded import accounts, membership
from config.embedded.server import EmbeddedDatabaseError, Server

pytestmark = pytest.mark.faults

BASE_DIR = Path(__file__).resolve().parent.parent.parent
USER = """
import os, sys
from pathlib import Path
from config.embedded.membership import join
from config.embedded.server import Server
join(Server(Path(sys.argv[1])))
{then}
print("joined", flush=True)
sys.stdin.read()
"""


started: list[subprocess.Popen[str]] = []


@pytest.fixture(scope="module")
def home(public_folder):
    return public_folder / "postgres"


@pytest.fixture
def server(home):
    server = Server(home)
    yield server
    while started:
        user = started.pop()
        user.kill()
        user.communicate()
    assert stops(server), "a test left its server running"


def joined(server, then=""):
    """Start a process that uses the server until its standard input ends."""
    user = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", USER.format(then=then), str(server.home)],
        cwd=BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "XDG_RUNTIME_DIR"},
    )
    started.append(user)
    assert user.stdout.readline() == "joined\n"
    return user


def ends(user, how=None):
    if how is not None:
        user.send_signal(how)
    user.communicate(timeout=30)
    started.remove(user)


@contextmanager
def one_user(server):
    user = joined(server)
    try:
        yield user
    finally:
        ends(user)


def postmaster(server):
    """Return the process number of the running server, or None."""
    try:
        return int((server.data / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return None


def answers(server):
    try:
        with psycopg.connect(server.superuser_dsn) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def stops(server, within=20):
    deadline = time.monotonic() + within
    while postmaster(server) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def keeper(server):
    """Return the process number of the keeper that waits."""
    words = ["config.embedded.keeper", str(server.home)]
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        if cmdline.read_text().split("\0")[2:4] == words:
            return int(cmdline.parent.name)
    raise LookupError("nobody keeps the server")


def test_two_processes_share_one_server_until_the_last_leaves(server):
    first, second = joined(server), joined(server)
    shared = postmaster(server)

    ends(first)
    assert not stops(server, within=1)
    assert answers(server)
    assert postmaster(server) == shared

    ends(second)
    assert stops(server)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_it_stops_after_its_last_user_was_killed(server, how):
    user = joined(server)
    assert answers(server)

    ends(user, how)

    assert stops(server)


def test_children_that_outlive_their_parent_still_use_it(server):
    user = joined(server, then="if os.fork() == 0: os.read(0, 1); os._exit(0)")
    user.kill()

    assert not stops(server, within=1)
    assert answers(server)


def test_a_program_started_by_a_user_does_not_keep_it_running(server):
    user = joined(
        server, then="import subprocess; subprocess.Popen(['sleep', '60'], stdin=-3, stdout=-3)"
    )
    user.kill()

    assert stops(server)


def test_whoever_comes_while_it_stops_gets_a_fresh_one(server):
    for _ in range(3):
        ends(joined(server), signal.SIGKILL)
        with one_user(server):
            assert answers(server)


def test_the_next_user_replaces_a_killed_keeper(server):
    first = joined(server)
    os.kill(keeper(server), signal.SIGKILL)
    second = joined(server)

    ends(first)
    ends(second)

    assert stops(server)


def test_the_next_user_restarts_a_killed_server(server):
    with one_user(server):
        killed = postmaster(server)
        os.kill(killed, signal.SIGKILL)
        with one_user(server):
            assert answers(server)
            assert postmaster(server) != killed


def test_many_users_coming_at_once_start_one_server(server):
    script = USER.format(then="")
    users = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(server.home)],
            cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(6)
    ]  # fmt: skip
    started.extend(users)
    assert [user.stdout.readline() for user in users] == ["joined\n"] * 6
    assert server.log.read_text().count("database system is ready") == 1


def test_both_roles_exist_and_only_the_owner_makes_databases(server):
    with one_user(server), psycopg.connect(server.superuser_dsn) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE 'portal%'"
            " ORDER BY 1"
        ).fetchall()
    assert roles == [("portal_application", False, False), ("portal_owner", False, True)]


def test_nothing_listens_but_a_socket_for_its_own_account(server):
    with one_user(server):
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        with psycopg.connect(server.superuser_dsn) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_data_of_another_major_version_get_a_clear_message(tmp_path):
    server = Server(tmp_path)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(
        EmbeddedDatabaseError, match=r"written by PostgreSQL 17.*brings PostgreSQL 18"
    ):
        membership.join(server)
    assert postmaster(server) is None


def test_the_command_line_shows_that_message_without_a_traceback(public_folder):
    var = public_folder / "var"
    (var / "postgres" / "data").mkdir(parents=True)
    (var / "postgres" / "data" / "PG_VERSION").write_text("17\n")
    environment = {**os.environ, "PORTAL_VAR_DIR": str(var), "DATABASE_URL": ""}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "was written by PostgreSQL 17" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unfinished_data_folder_is_made_anew(home):
    other = Server(home.parent / "interrupted")
    unfinished = other.home / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with one_user(other):
        assert answers(other)
    assert stops(other)


def test_a_deep_folder_gets_a_short_socket(tmp_path):
    deep = Server(tmp_path / ("a" * 100))
    assert len(str(deep.socket_dir)) < 80
    assert deep.socket_dir != Server(tmp_path / ("b" * 100)).socket_dir


def test_importing_settings_starts_nothing(tmp_path):
    environment = {**os.environ, "PORTAL_VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": ""}
    subprocess.run(
        [sys.executable, "-c", "import config.settings"], cwd=BASE_DIR, env=environment, check=True
    )
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server cannot reach")
def test_root_keeps_its_folders_closed_and_the_data_elsewhere(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    assert accounts.reachable_home(closed / "var" / "postgres").parent == accounts.ROOT_HOME
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server cannot reach")
def test_root_brings_programs_within_reach(monkeypatch, home):
    monkeypatch.setattr(accounts, "_others_may_enter", lambda _: False)
    home.mkdir(exist_ok=True)
    programs = accounts.binaries(home)

    done = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True,
                          check=True, **accounts.identity())  # fmt: skip
    assert programs.is_relative_to(home)
    assert "18." in done.stdout
