"""How names of items are spelt, so that they are found by their pinyin."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

LONGEST = 300


def spelling(name: str) -> str:
    """The full pinyin and the initials of a name, as the search looks for them."""
    full = "".join(lazy_pinyin(name, errors="default"))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default"))
    return f"{full} {initials}".lower()[:LONGEST]
