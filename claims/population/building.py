"""Building the invented institutions, the same ones whatever the seed of the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random
from typing import Any

from bureau.models import PoolingArea
from claims.population import source
from claims.population.chance import stream
from claims.population.naming import NAMES
from claims.population.places import Places
from claims.population.source import AreaSource
from facilities.models import (
    Agreement,
    Consortium,
    ConsortiumMembership,
    Department,
    Doctor,
    Institution,
)
from facilities.spelling import spell
from policies.engine.vocabulary import Pooling

FIRST_AGREEMENT, RENEWED = date(2021, 1, 1), date(2025, 1, 1)
FIRST_SERIAL = 101
TITLES = [title.value for title in Doctor.Title]
SUBJECT_COLUMNS = ("kind", "tier", "charge_class", "community", "direct_settlement")
FLAGS = ("external_prescriptions", "dual_channel", "traceable")


@dataclass(slots=True)
class Draft:
    """An institution about to be built: its part, its row of the material, and what it becomes."""

    role: str
    row: dict[str, Any]
    institution: Institution


def build(areas: Sequence[AreaSource]) -> Places:
    """Build the institutions of the areas that are not there yet; return them all."""
    roles: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, drafts in _places(areas):
        known = Institution.objects.in_bulk(
            [draft.institution.code for draft in drafts], field_name="code"
        )
        new = [draft for draft in drafts if draft.institution.code not in known]
        _build(new, known)
        for draft in drafts:
            institution = known.get(draft.institution.code, draft.institution)
            roles[place, draft.role].append(institution.pk)
        if new and new[0].institution.area_id:
            _found_consortia(place, drafts)
    return Places(roles)


def _places(areas: Sequence[AreaSource]) -> Iterator[tuple[str, list[Draft]]]:
    """Every place with the drafts of its institutions: the areas, near cities, far cities."""
    cities = dict(PoolingArea.objects.values_list("pk", "short_name"))
    material = source.read("institutions")
    for area in areas:
        yield area.code, _drafts(area.code, area.divisions, cities[area.code], material["inside"])
    near = [(area.near["region"], area.near["city"]) for area in areas]
    far = [(place["region"], place["city"]) for place in material["far"]]
    for region, city in dict.fromkeys([*near, *far]):
        yield region, _drafts("", [region], city, material["outside"])


def _drafts(
    area: str, divisions: Sequence[str], city: str, rows: Iterable[dict[str, Any]]
) -> list[Draft]:
    chance = stream("institutions", area, *divisions)
    serials = count(FIRST_SERIAL)
    names = _CityNames(chance, city)
    drafts: list[Draft] = []
    for row in rows:
        for place in range(row.get("count", 1)):
            of = _linked(drafts, row, place)
            institution = _institution(row, chance.choice(divisions), next(serials), of)
            institution.area_id = area or None
            institution.name = names.of(row["name"], of)
            drafts.append(Draft(row["role"], row, institution))
    return drafts


def _linked(drafts: list[Draft], row: dict[str, Any], place: int) -> Institution | None:
    """The institution that an internet hospital or a third-party centre belongs to."""
    role = row.get("of") or row.get("third_party_of")
    return [one.institution for one in drafts if one.role == role][place] if role else None


def _institution(
    row: dict[str, Any], division: str, serial: int, of: Institution | None
) -> Institution:
    letter = "P" if row["kind"] == Institution.Kind.PHARMACY else "H"
    columns = {name: row[name] for name in SUBJECT_COLUMNS if name in row}
    return Institution(
        code=f"{letter}{division}{serial:05d}",
        region=division,
        physical=of if row["kind"] == Institution.Kind.INTERNET else None,
        ordering=of if "third_party_of" in row else None,
        is_third_party="third_party_of" in row,
        **columns,
    )


class _CityNames:
    """Names for the institutions of one city, none twice."""

    def __init__(self, chance: Random, city: str) -> None:
        self._chance = chance
        self._city = city
        self._taken: set[str] = set()

    def of(self, pattern: str, linked: Institution | None) -> str:
        """A name after a pattern that no other has here."""
        material = source.read("institutions")
        while True:
            name = pattern.format(
                city=self._city,
                word=self._chance.choice(material["words"]),
                street=self._chance.choice(material["streets"]),
                of=linked.name if linked else "",
            )
            if name not in self._taken:
                self._taken.add(name)
                return str(name)


def _build(drafts: list[Draft], known: dict[str, Institution]) -> None:
    for draft in drafts:
        spelling = spell(draft.institution.name)
        draft.institution.name_pinyin = spelling.full[:400]
        draft.institution.name_initials = spelling.initials[:100]
    plain = [one.institution for one in drafts if not ({"of", "third_party_of"} & one.row.keys())]
    Institution.objects.bulk_create(plain)
    linked = [one.institution for one in drafts if {"of", "third_party_of"} & one.row.keys()]
    for institution in linked:
        _link(institution, known)
    Institution.objects.bulk_create(linked)
    Agreement.objects.bulk_create(_agreements(drafts))
    _employ(drafts)


def _link(institution: Institution, known: dict[str, Institution]) -> None:
    """Point to the institution as it stands in the database."""
    for name in ("physical", "ordering"):
        of = getattr(institution, name)
        if of is not None:
            setattr(institution, name, known.get(of.code, of))


def _agreements(drafts: list[Draft]) -> Iterator[Agreement]:
    """The agreements of designated institutions; every other one was renewed."""
    for place, draft in enumerate(drafts):
        if not draft.row.get("designated", True) or draft.row["kind"] == Institution.Kind.INTERNET:
            continue
        renewed = place % 2 == 0 and "ends" not in draft.row
        first = _agreement(draft, FIRST_AGREEMENT, RENEWED if renewed else draft.row.get("ends"))
        if "ends" in draft.row:
            first.ended_reason = "年度考核不合格，终止协议"
        yield first
        if renewed:
            yield _agreement(draft, RENEWED, None)


def _agreement(draft: Draft, first: date, until: date | None) -> Agreement:
    return Agreement(
        institution=draft.institution,
        number=f"XY{draft.institution.code}-{first:%Y}",
        in_force_from=first,
        in_force_until=until,
        pooling=draft.row.get("pooling", Pooling.BY_TIER.value),
        **{flag: draft.row.get(flag, False) for flag in FLAGS},
    )


def _employ(drafts: list[Draft]) -> None:
    """Departments and doctors of the institutions that have any."""
    departments, doctors = [], []
    for draft in drafts:
        of = draft.institution
        chance = stream("doctors", of.code)
        wanted = draft.row.get("doctors", 1 if draft.row["kind"] == "hospital" else 0)
        names = chance.sample(source.read("institutions")["departments"], min(wanted, 5))
        rooms = [
            Department(institution=of, code=f"{number:04d}", name=name)
            for number, name in enumerate(names, start=1)
        ]
        departments += rooms
        doctors += [_doctor(of, rooms[n % len(rooms)], n, chance) for n in range(wanted)]
    Department.objects.bulk_create(departments)
    Doctor.objects.bulk_create(doctors)


def _doctor(of: Institution, room: Department, place: int, chance: Random) -> Doctor:
    sex = chance.choice(("male", "female"))
    return Doctor(
        institution=of,
        department=room,
        code=f"D{of.region}{of.code[-4:]}{place:02d}",
        name=NAMES.draw(chance, sex, chance.randint(1966, 1996)),
        title=chance.choice(TITLES),
    )


def _found_consortia(area: str, drafts: list[Draft]) -> None:
    """The consortia of an area; an institution is in one at a time."""
    material = source.read("institutions")
    names = _CityNames(stream("consortia", area), "")
    by_role: dict[str, list[Institution]] = defaultdict(list)
    for draft in drafts:
        by_role[draft.role].append(draft.institution)
    for number in range(1, material["consortia"] + 1):
        consortium = Consortium.objects.create(
            area_id=area,
            code=f"YGT{area}{number:02d}",
            name=names.of(material["consortium_name"], None),
        )
        ConsortiumMembership.objects.bulk_create(
            ConsortiumMembership(
                consortium=consortium, institution=by_role[role].pop(), joined_on=FIRST_AGREEMENT
            )
            for role, many in material["consortium"].items()
            for _place in range(many)
        )
