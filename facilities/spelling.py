"""How Chinese names are typed by who searches for them: spelt out, or by initials (拼音)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

NOT_TYPED = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as it is typed, in small letters and without blanks."""

    full: str
    initials: str


def spell(name: str) -> Spelling:
    """Spell a name of an institution or an item: 市人民医院 is shirenminyiyuan and srmyy."""
    return join(lazy_pinyin(name, style=Style.NORMAL))


def join(syllables: list[str]) -> Spelling:
    """The spelling that syllables make; letters and digits of the name stay as they are."""
    typed = [NOT_TYPED.sub("", syllable.lower()) for syllable in syllables]
    return Spelling("".join(typed), "".join(syllable[:1] for syllable in typed))
