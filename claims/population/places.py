"""The invented institutions (定点医药机构): made once, then known with their agreements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from claims.population import source
from claims.population.chance import Weighted
from claims.settlement.selectors import whereabouts
from facilities.models import (
    Agreement,
    Consortium,
    ConsortiumMembership,
    Doctor,
    Institution,
)


@dataclass(slots=True)
class Site:
    """An institution as the population goes there."""

    institution: Institution
    role: str
    agreements: list[Agreement] = field(default_factory=list)
    memberships: list[ConsortiumMembership] = field(default_factory=list)
    doctors: list[Doctor] = field(default_factory=list)

    @property
    def pk(self) -> int:
        """The institution's id."""
        return self.institution.pk

    @property
    def is_pharmacy(self) -> bool:
        """Whether drugs are bought here rather than prescribed."""
        return self.institution.kind == Institution.Kind.PHARMACY

    def agreement_on(self, day: date) -> Agreement | None:
        """The agreement in force on a day."""
        for one in self.agreements:
            if one.in_force_from <= day and (
                one.in_force_until is None or day < one.in_force_until
            ):
                return one
        return None

    def consortium_on(self, day: date) -> int | None:
        """The id of the consortium that it belongs to on a day."""
        for one in self.memberships:
            if one.joined_on <= day and (one.left_on is None or day < one.left_on):
                return one.consortium_id
        return None


class Places:
    """All sites, by the area and the role that they play there."""

    def __init__(self, roles: dict[tuple[str, str], list[int]]) -> None:
        ids = {pk for pks in roles.values() for pk in pks}
        self._sites = _loaded(ids, {pk: role for (_, role), pks in roles.items() for pk in pks})
        self._roles = {key: [self._sites[pk] for pk in pks] for key, pks in roles.items()}
        shares = [(row["role"], row["share"]) for row in _inside() if "share" in row]
        self._by_share = Weighted[str](shares)
        self.consortia = _consortia_of(self._sites.values())
        self._by_consortium = _by_consortium(self._sites.values())

    def draw(self, chance: Random, area: str, role: str) -> Site:
        """A site that plays a role in an area; `area` may be the region of a place elsewhere."""
        return chance.choice(self._roles[area, role])

    def draw_visited(self, chance: Random, area: str) -> Site:
        """A site of the area where people go to see a doctor, by how many do."""
        return self.draw(chance, area, self._by_share.draw(chance))

    def billing(self, site: Site) -> Site:
        """The site that bills and is tested for a visit to one."""
        return self._sites[whereabouts.billing(site.institution).pk]

    def draw_of_consortium(self, chance: Random, consortium: int, *, primary: bool) -> Site:
        """A primary institution, or one of a higher tier, that belongs to a consortium."""
        return chance.choice(self._by_consortium[consortium, primary])

    def consortia_in(self, area: str) -> Sequence[Consortium]:
        """The consortia of an area."""
        return [one for one in self.consortia if one.area_id == area]


def _inside() -> list[dict[str, Any]]:
    return list(source.read("institutions")["inside"])


def _loaded(ids: Iterable[int], roles: dict[int, str]) -> dict[int, Site]:
    """The sites as they stand in the database, with all that is asked of them."""
    found = Institution.objects.select_related("physical", "ordering").in_bulk(list(ids))
    sites = {pk: Site(found[pk], roles[pk]) for pk in sorted(found)}
    for agreement in Agreement.objects.filter(institution__in=found).order_by("in_force_from"):
        sites[agreement.institution_id].agreements.append(agreement)
    memberships = ConsortiumMembership.objects.filter(institution__in=found)
    for membership in memberships.select_related("consortium").order_by("pk"):
        sites[membership.institution_id].memberships.append(membership)
    for doctor in Doctor.objects.filter(institution__in=found).order_by("pk"):
        sites[doctor.institution_id].doctors.append(doctor)
    return sites


def _consortia_of(sites: Iterable[Site]) -> list[Consortium]:
    found = {one.consortium_id: one.consortium for site in sites for one in site.memberships}
    by_area: dict[str, list[Consortium]] = defaultdict(list)
    for consortium in found.values():
        by_area[consortium.area_id].append(consortium)
    return [one for area in sorted(by_area) for one in by_area[area]]


def _by_consortium(sites: Iterable[Site]) -> dict[tuple[int, bool], list[Site]]:
    """The sites of each consortium, apart by whether they are primary."""
    found: dict[tuple[int, bool], list[Site]] = defaultdict(list)
    for site in sites:
        for membership in site.memberships:
            found[membership.consortium_id, site.institution.is_primary].append(site)
    return found
