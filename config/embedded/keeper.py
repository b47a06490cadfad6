"""The keeper: stops the portal's own server when its last user has gone."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from config.embedded import locks
from config.embedded.server import Server


def main(home: Path) -> None:
    """Go to the background and wait there; end at once where another keeper waits."""
    server = Server(home)
    try:
        office = locks.hold(server.keeper_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if os.fork():
        os._exit(0)  # the child has the lock too: whoever started us knows that it is held
    with locks.held(server.users_lock, fcntl.LOCK_EX):
        server.stop()
        os.close(office)  # before newcomers are let in, so that they see that nobody keeps


if __name__ == "__main__":
    main(Path(sys.argv[1]))
