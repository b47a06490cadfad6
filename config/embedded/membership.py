"""Using the portal's own server, together with the other processes that do.

Every process that uses it *joins*: it holds a shared lock on ``users.lock`` for as long as it
lives. The kernel lets go of a lock however its process ends, so SIGTERM and kill -9 leave nothing
stale. A keeper waits for the exclusive lock, which it gets when nobody is left, and then stops the
server. Entry points call ``join_own_database``; importing settings starts nothing.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys

import psycopg

from bureau.database import provision
from config.databases import APPLICATION_ROLE, DATABASE, OWNER_ROLE
from config.embedded import accounts, locks
from config.embedded.server import Server
from config.environment import BASE_DIR, VAR_DIR, own_database

_memberships: dict[Server, int] = {}


def join_own_database() -> None:
    """Start the portal's own server or share the one that runs, unless a real one is named."""
    if own_database():
        join(Server.at(VAR_DIR))


def join(server: Server) -> None:
    """Use ``server`` until this process ends.

    Raises:
        EmbeddedDatabaseError: the data are of another major version, or it does not start.
    """
    if server in _memberships:
        return
    accounts.open_folder(server.home)
    membership = locks.hold(server.users_lock, fcntl.LOCK_SH)  # waits while a server stops
    try:
        with locks.held(server.start_lock, fcntl.LOCK_EX):
            if server.ensure_running():
                _provision(server)
            _ensure_kept(server)
    except BaseException:
        os.close(membership)
        raise
    _memberships[server] = membership


def _provision(server: Server) -> None:
    with psycopg.connect(server.superuser_dsn, autocommit=True) as connection:
        provision.roles_and_database(
            connection, database=DATABASE, owner=OWNER_ROLE, application=APPLICATION_ROLE
        )


def _ensure_kept(server: Server) -> None:
    """Start a keeper; it ends at once where one is at work already."""
    with server.keeper_log.open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "config.embedded.keeper", str(server.home)],
            cwd=BASE_DIR,
            check=True,
            start_new_session=True,  # out of reach of a Ctrl-C in the user's terminal
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
