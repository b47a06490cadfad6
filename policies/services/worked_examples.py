"""Worked examples: written as YAML beside the policy tables, and played."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies.models import WorkedExample
from policies.services import exchange

Player = Callable[[str, Mapping[str, Any]], Sequence[object]]
_players: list[Player] = []

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DECIMAL = re.compile(r"-?\d+\.\d+")
READING_ORDER = (
    "name", "scheme", "parameters", "member", "institutions", "born", "sex", "statuses", "from",
    "visit", "hand_claim", "reverse", "date", "claimed", "prescription", "lines", "amount", "class",
    "events", "credits", "incentive",
)  # fmt: skip
"""How an example reads; the database keeps no order of names. What expects comes last."""

NEEDED = ("name", "member", "institutions")


def plays(player: Player) -> Player:
    """Register what plays one example of an area: it returns what differs from the expectation."""
    _players.append(player)
    return player


def can_be_played() -> bool:
    """Whether something that plays examples is installed."""
    return bool(_players)


def run(example: WorkedExample) -> list[str]:
    """What comes out otherwise than the example expects, in words; nothing where it passes."""
    content = content_of(example)
    try:
        return [str(found) for player in _players for found in player(example.area_id, content)]
    except ValidationError as error:
        return error.messages


def content_of(example: WorkedExample) -> dict[str, Any]:
    """An example with its days and decimals, which JSON holds as text."""
    content: dict[str, Any] = _revived(example.body)
    return content


def _revived(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            int(key) if key.isdigit() else key: _revived(value[key])
            for key in sorted(value, key=_place)
        }
    if isinstance(value, list):
        return [_revived(one) for one in value]
    if isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Decimal(value)
    return value


def _place(name: str) -> tuple[bool, int]:
    known = READING_ORDER.index(name) if name in READING_ORDER else len(READING_ORDER)
    return name == "expect", known


def as_text(example: WorkedExample) -> str:
    """An example as the YAML text that officers edit."""
    return exchange.as_yaml(content_of(example)) if example.body else ""


def from_text(text: str) -> dict[str, Any]:
    """An example of its YAML text; raises UnreadableVersion or ValidationError saying why not."""
    body = exchange.read_yaml(text)
    if not isinstance(body, dict):
        raise ValidationError(_("An example is a mapping: name, member, institutions, events, …"))
    missing = [name for name in NEEDED if name not in body]
    if missing:
        raise ValidationError(_("The example needs %(names)s.") % {"names": ", ".join(missing)})
    return body
