"""Files kept between a preview and its confirmation, for who uploaded them alone."""

from __future__ import annotations

from typing import NamedTuple
from uuid import uuid4

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from bureau.models import User

SALT = "policies.uploads"
LONGEST = 3600
"""Seconds that a preview can be confirmed."""


class Kept(NamedTuple):
    """A file that was kept, and what was said with it."""

    name: str
    content: bytes
    said: dict[str, str]


def keep(content: bytes, *, by: User, **said: str) -> str:
    """Keep a file; returns the token that gives it back to the same person."""
    name = default_storage.save(f"previews/{uuid4().hex}", ContentFile(content))
    return signing.dumps({**said, "name": name, "by": by.pk}, salt=SALT)


def kept(token: str, *, by: User) -> Kept:
    """The file of a token; raises BadSignature where it ran out or is another's."""
    said = signing.loads(token, salt=SALT, max_age=LONGEST)
    if said.pop("by") != by.pk:
        raise signing.BadSignature
    name = said.pop("name")
    try:
        with default_storage.open(name) as file:
            return Kept(name, file.read(), said)
    except FileNotFoundError:
        raise signing.BadSignature from None


def forget(file: Kept) -> None:
    """Remove a kept file."""
    default_storage.delete(file.name)
