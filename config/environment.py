"""Where the portal stands and what its surroundings say; imports no Django settings."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()  # type: ignore[no-untyped-call]
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("PORTAL_VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def own_database() -> bool:
    """Tell whether the portal runs its own PostgreSQL, because nobody named another."""
    return not env.str("DATABASE_URL", default="")


def secret(name: str, *, length: int = 32) -> str:
    """Return the secret that the environment gives, else one made up once for this machine.

    A made-up one (hexadecimal, ``length`` bytes) is kept under ``var/secrets``; the system check
    ``config.E001`` refuses it for deployment, since a second machine would make up another.
    """
    return env.str(name, default="") or _made_up(VAR_DIR / "secrets" / name.lower(), length)


def _made_up(path: Path, length: int) -> str:
    """Whoever links first has made it up; a reader never sees half a secret."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(secrets.token_hex(length))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()
