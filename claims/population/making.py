"""Making a population: inventing it by the chunk, and storing each chunk as it comes."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from django.db.models import Count

from claims.population import source
from claims.population.ahead import ahead, collecting_between
from claims.population.bills import Bills
from claims.population.book import Book
from claims.population.building import build
from claims.population.chance import stream
from claims.population.circumstances import Circumstances
from claims.population.customer import Equipment
from claims.population.desk import Desk
from claims.population.errands import Errands
from claims.population.life import Life
from claims.population.people import People
from claims.population.places import Places
from claims.population.rules import Rules
from claims.population.shelf import stock
from claims.population.source import AreaSource
from claims.population.storing import store
from claims.population.writing import Ids
from members.models import Employer, Member
from policies.engine.vocabulary import EmployerGroup
from policies.models import PublishedFigure

CHUNK = 2_000
EMPLOYERS_A_PATTERN = 3
Progress = Callable[[int, int], None]


class Chunk(NamedTuple):
    """Some lives of one area, and what was settled for them."""

    lives: list[Life]
    book: Book
    chance: Random


class Population:
    """An invented population over some areas, whose policies are loaded."""

    def __init__(self, areas: Sequence[AreaSource], *, seed: int, ids: Ids) -> None:
        codes = [area.code for area in areas]
        publish_figures(areas)
        self.areas = areas
        self.seed = seed
        self.ids = ids
        self.places: Places = build(areas)
        self.circumstances = Circumstances(self.places)
        self.errands = Errands(self.places, self.circumstances)
        self.employers = employ(areas)
        self.bills = Bills(stock(codes), ids)
        self.desk = Desk(Equipment(self.places, Rules(codes), self.bills, self.circumstances, ids))

    def people(self, area: AreaSource) -> People:
        """The people of an area."""
        return People(
            area,
            seed=self.seed,
            ids=self.ids,
            employers=self.employers[area.code],
            circumstances=self.circumstances,
        )

    def chunks(
        self, members: Mapping[str, int], *, first: Mapping[str, int], mean: float
    ) -> Iterator[Chunk]:
        """Invent so many members of each area from a first index on, with so many errands each."""
        for area in self.areas:
            people = self.people(area)
            begin = first.get(area.code, 0)
            end = begin + members[area.code]
            for start in range(begin, end, CHUNK):
                indexes = range(start, min(start + CHUNK, end))
                yield self._chunk(area, people, indexes, mean)

    def _chunk(
        self, area: AreaSource, people: People, indexes: Sequence[int], mean: float
    ) -> Chunk:
        lives = []
        for life, chance in people.draw(indexes):
            lives.append(life)
            self.desk.serve(life, self.errands.draw(life, chance, mean), chance)
        return Chunk(lives, self.desk.taken(), stream(self.seed, area.code, "chunk", indexes[0]))


def make(
    areas: Sequence[AreaSource],
    *,
    members: int,
    visits: int,
    seed: int,
    progress: Progress = lambda _done, _of: None,
) -> Counter[str]:
    """Make and store a population; tell how many members, visits and settlements came of it."""
    population = Population(areas, seed=seed, ids=Ids.of_database())
    made: Counter[str] = Counter()
    mean = visits / members if members else 0.0
    shares = source.shares_out(members, areas)
    chunks = population.chunks(shares, first=already_there(areas), mean=mean)
    cards = Ids.of_database().card
    with collecting_between():
        for chunk in ahead(chunks):
            store(chunk.lives, chunk.book, cards=cards, chance=chunk.chance)
            made["members"] += len(chunk.lives)
            made["visits"] += len(chunk.book.visits)
            made["settlements"] += len(chunk.book.settlements)
            progress(made["members"], members)
            gc.collect()
    return made


def already_there(areas: Sequence[AreaSource]) -> dict[str, int]:
    """How many members each area has: those who come are others."""
    counted = Member.objects.filter(area__in=[area.code for area in areas]).values("area")
    return {row["area"]: row["count"] for row in counted.annotate(count=Count("pk"))}


def publish_figures(areas: Sequence[AreaSource]) -> None:
    """Publish the invented figures that are not published yet."""
    PublishedFigure.objects.bulk_create(
        (
            PublishedFigure(area_id=area.code, source=source.SOURCE, **figure)
            for area in areas
            for figure in area.figures
        ),
        ignore_conflicts=True,
    )


def employ(areas: Sequence[AreaSource]) -> dict[str, dict[str, list[int]]]:
    """The employers of each area by group, registered where they are not yet."""
    Employer.objects.bulk_create(
        (employer for area in areas for employer in _employers(area)), ignore_conflicts=True
    )
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    known = Employer.objects.filter(area__in=[area.code for area in areas]).order_by("code")
    for employer in known:
        found[employer.area_id][employer.group].append(employer.pk)
    return found


def _employers(area: AreaSource) -> Iterator[Employer]:
    material = source.read("employers")
    streets = source.read("institutions")["streets"]
    serial = 0
    for group in EmployerGroup:
        prefix = "91" if group is EmployerGroup.ENTERPRISE else "12"
        for pattern in material[group.value]:
            for word in range(EMPLOYERS_A_PATTERN):
                serial += 1
                words = material["words"]
                name = pattern["name"].format(
                    city="",
                    word=words[(serial + word) % len(words)],
                    street=streets[serial % len(streets)],
                )
                yield Employer(
                    area_id=area.code,
                    code=f"{prefix}{area.code}MA{serial:08d}",
                    name=name,
                    group=group.value,
                )
