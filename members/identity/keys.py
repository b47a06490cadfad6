"""The keys of identity numbers, as settings give them.

`IDENTITY_KEYS` maps key ids to SM4 keys of 32 hexadecimal digits: the first one encrypts, the
others still decrypt what they encrypted, so a key is rotated by putting a new one in front.
`IDENTITY_INDEX_KEY` makes the blind indexes and cannot change without computing them all again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 16
LONGEST_ID = 32


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys at work: `current` encrypts, every one in `keys` decrypts."""

    current: str
    keys: dict[str, bytes]
    index_key: bytes


def ring() -> KeyRing:
    """The keys of this process."""
    return _read(tuple(settings.IDENTITY_KEYS.items()), settings.IDENTITY_INDEX_KEY)


@lru_cache(maxsize=4)
def _read(keys: tuple[tuple[str, str], ...], index_key: str) -> KeyRing:
    """Raises ImproperlyConfigured, never quoting a key."""
    if not keys:
        raise ImproperlyConfigured("IDENTITY_KEYS names no key.")
    ids = [key_id for key_id, _ in keys]
    if not all(key_id.isascii() and 0 < len(key_id) <= LONGEST_ID for key_id in ids):
        raise ImproperlyConfigured("The ids in IDENTITY_KEYS are short and ASCII.")
    read = {key_id: _hexadecimal(text, "IDENTITY_KEYS") for key_id, text in keys}
    if any(len(key) != KEY_BYTES for key in read.values()):
        raise ImproperlyConfigured("Each key in IDENTITY_KEYS has 32 hexadecimal digits.")
    return KeyRing(ids[0], read, _hexadecimal(index_key, "IDENTITY_INDEX_KEY"))


def _hexadecimal(text: str, name: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be hexadecimal.") from None
