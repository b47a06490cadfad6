"""Match columns (匹配列): which members and institutions a row of a policy table answers for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple, TypeVar

from policies.engine.vocabulary import EmployerGroup, Kind, Place, Status

T = TypeVar("T", int, date)


class Profile(NamedTuple):
    """What the match columns of benefit tables look at: one visit of one member."""

    kind: str = Kind.HOSPITAL
    tier: int = 0
    charge_class: int = 3
    community: bool = False
    selected: bool = False
    place: str = Place.AREA
    status: str = Status.IN_SERVICE
    age: int = 0
    employer_group: str = EmployerGroup.ENTERPRISE
    special_groups: frozenset[str] = frozenset()
    family_doctor: bool = False
    referred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The match columns shared by benefit tables; an empty column answers for everything."""

    kinds: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    charge_classes: tuple[int, ...] = ()
    community: bool | None = None
    selected: bool | None = None
    places: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    age_from: int | None = None
    age_until: int | None = None
    employer_groups: tuple[str, ...] = ()
    special_groups: tuple[str, ...] = ()
    family_doctor: bool | None = None
    referred: bool | None = None

    def covers(self, profile: Profile) -> bool:
        return all(
            (
                not self.kinds or profile.kind in self.kinds,
                not self.tiers or profile.tier in self.tiers,
                not self.charge_classes or profile.charge_class in self.charge_classes,
                self.community is None or profile.community == self.community,
                self.selected is None or profile.selected == self.selected,
                not self.places or profile.place in self.places,
                not self.statuses or profile.status in self.statuses,
                within(profile.age, self.age_from, self.age_until),
                not self.employer_groups or profile.employer_group in self.employer_groups,
                not self.special_groups
                or not profile.special_groups.isdisjoint(self.special_groups),
                self.family_doctor is None or profile.family_doctor == self.family_doctor,
                self.referred is None or profile.referred == self.referred,
            )
        )


MATCH_COLUMNS = tuple(column.name for column in fields(Match))


class CreditProfile(NamedTuple):
    """What the match columns of the credit table look at: one member in one month."""

    month: date
    status: str
    age: int
    employer_group: str = EmployerGroup.ENTERPRISE
    special_groups: frozenset[str] = frozenset()
    supplementary_scheme: str = ""
    retired_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMatch:
    """The match columns of the credit table; months and retirement days are half-open ranges."""

    statuses: tuple[str, ...] = ()
    age_from: int | None = None
    age_until: int | None = None
    employer_groups: tuple[str, ...] = ()
    special_groups: tuple[str, ...] = ()
    supplementary_schemes: tuple[str, ...] = ()
    retired_from: date | None = None
    retired_until: date | None = None
    month_from: date | None = None
    month_until: date | None = None

    def covers(self, profile: CreditProfile) -> bool:
        return all(
            (
                not self.statuses or profile.status in self.statuses,
                within(profile.age, self.age_from, self.age_until),
                not self.employer_groups or profile.employer_group in self.employer_groups,
                not self.special_groups
                or not profile.special_groups.isdisjoint(self.special_groups),
                not self.supplementary_schemes
                or profile.supplementary_scheme in self.supplementary_schemes,
                self.retired_within(profile.retired_on),
                within(profile.month, self.month_from, self.month_until),
            )
        )

    def retired_within(self, retired_on: date | None) -> bool:
        if self.retired_from is None and self.retired_until is None:
            return True
        return retired_on is not None and within(retired_on, self.retired_from, self.retired_until)


CREDIT_MATCH_COLUMNS = tuple(column.name for column in fields(CreditMatch))


def within(value: T, start: T | None, until: T | None) -> bool:
    """Whether a value lies in the half-open range; an open end is None."""
    return (start is None or start <= value) and (until is None or value < until)
