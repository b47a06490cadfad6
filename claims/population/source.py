"""The invented material that the population is drawn from, as YAML beside this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "data"
SOURCE = "演示数据"


@lru_cache(maxsize=16)
def read(name: str) -> Any:
    """One file of the material."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class AreaSource:
    """What is invented about a pooling area; shares are of its members, amounts a month in yuan."""

    code: str
    weight: int
    divisions: list[str]
    near: Mapping[str, str]
    wage: int
    pension: int
    signs: float
    figures: list[Mapping[str, Any]] = field(default_factory=list)
    residents: float = 0.0
    single_names: float = 0.0
    without_account: float = 0.03
    special_group: Mapping[str, Any] = field(default_factory=dict)
    supplementary: Mapping[str, Any] = field(default_factory=dict)


def areas(codes: Iterable[str] = ()) -> list[AreaSource]:
    """The areas that have invented people: all of them, or those named.

    Raises LookupError for a code that the material does not know.
    """
    known = {content["code"]: AreaSource(**content) for content in read("areas")}
    wanted = list(codes) or list(known)
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise LookupError(f"no invented people for {', '.join(unknown)}; for {', '.join(known)}")
    return [known[code] for code in wanted]


def shares_out(total: int, among: Iterable[AreaSource]) -> dict[str, int]:
    """Share a number of members out among areas by their weight, to the last one."""
    found = list(among)
    weights = sum(area.weight for area in found)
    counts = {area.code: total * area.weight // weights for area in found}
    for area in found[: total - sum(counts.values())]:
        counts[area.code] += 1
    return counts


def habit(name: str) -> float:
    """How often something is so."""
    return float(read("habits")[name])
