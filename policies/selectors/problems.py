"""What keeps a version from being published: gaps and overlaps, as concrete cases."""

from __future__ import annotations

from dataclasses import dataclass

from policies.models import PolicyVersion


@dataclass(frozen=True, slots=True)
class VersionProblem:
    """One problem in words."""

    text: str

    def __str__(self) -> str:
        return self.text


def problems_of(version: PolicyVersion) -> list[VersionProblem]:
    """Every gap and overlap of a version's tables."""
    return []
