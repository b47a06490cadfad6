"""What members go out for: visits, purchases and claims, some of which are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from claims.population import source, times
from claims.population.chance import Weighted, day_between, happens
from claims.population.circumstances import Circumstances
from claims.population.life import Life
from claims.population.places import Places, Site

CLAIMED_AFTER = (20, 110)
LATE_CLAIM = (date(2025, 7, 5), date(2025, 12, 20))
REVERSED_AFTER = 9
MOST_ERRANDS = 40
TYPICAL_AGE, HEAVY_FACTOR = 42.0, 4.0
UNEVENNESS = 0.9
PRESCRIBED = ("prescribed", "bad_prescription", "pharmacy_not_opened")
MEAN_APPETITE = 1.62
"""The mean of `appetite` over a population, so that as many errands come out as were asked for."""


@dataclass(slots=True)
class Errand:
    """A visit, a purchase or a claim by hand; `settled_on` is later than the day for claims."""

    day: date
    site: Site
    settled_on: date
    prescriber: Site | None = None
    by_hand: bool = False
    from_account: bool = False
    parts: int = 1
    reversed_on: date | None = None
    settled_again: bool = False
    referred: bool = False


@lru_cache(maxsize=1)
def kinds() -> Weighted[str]:
    """The kinds of errand by how frequent they are."""
    return Weighted(source.read("habits")["errands"].items())


class Errands:
    """What the members of a population go out for."""

    def __init__(self, places: Places, circumstances: Circumstances) -> None:
        self._places = places
        self._circumstances = circumstances

    def draw(self, life: Life, chance: Random, mean: float) -> list[Errand]:
        """The errands of a life, in the order in which they are settled; `mean` is that of all."""
        first = max(times.FIRST_DAY, life.insured_from - timedelta(days=20))
        last = min(life.died_on or times.LAST_DAY, times.LAST_DAY)
        if life.insured_until is not None:
            last = min(last, life.insured_until + timedelta(days=30))
        if first > last or not mean:
            return []
        wanted = mean * appetite(life, chance) / MEAN_APPETITE
        count = min(int(wanted + chance.random()), MOST_ERRANDS)
        days = [_mostly_this_year(chance, first, last) for _errand in range(count)]
        days += [day for day in _special_days(life, chance, count) if first <= day <= last]
        errands = [self.errand(life, chance, day) for day in days]
        return sorted(errands, key=lambda errand: errand.settled_on)

    def errand(self, life: Life, chance: Random, day: date, kind: str = "") -> Errand:
        """One errand on a day, of a kind or of any."""
        kind = kind or _kind(life, chance)
        errand = Errand(day, self._site(kind, life, chance, day), day)
        if kind in PRESCRIBED:
            errand.prescriber = self._prescriber(kind, life, chance)
        if kind == "claimed":
            _claim(errand, life, chance)
            return errand
        # Where no agreement is in force, no terminal could ask the account.
        networked = self._places.billing(errand.site).agreement_on(day) is not None
        errand.from_account = networked and happens(chance, "from_account")
        errand.referred = happens(chance, "referred")
        if not errand.site.is_pharmacy and happens(chance, "in_parts"):
            errand.parts = 2
        if happens(chance, "reversed"):
            later = day + timedelta(days=chance.randint(0, REVERSED_AFTER))
            errand.reversed_on = min(later, max(day, times.LAST_DAY))
            errand.settled_again = happens(chance, "settled_again")
        return errand

    def _site(self, kind: str, life: Life, chance: Random, day: date) -> Site:
        own = self._own(kind, life, chance, day)
        if own is not None:
            return own
        if kind in ELSEWHERE:
            place, role = ELSEWHERE[kind](life, chance)
            return self._places.draw(chance, place, role)
        if kind == "any":
            return self._places.draw_visited(chance, life.area.code)
        return self._places.draw(chance, life.area.code, kind)

    def _own(self, kind: str, life: Life, chance: Random, day: date) -> Site | None:
        """Where this member usually goes for such an errand."""
        if kind == "signed":
            return self._circumstances.signed_site(life, chance, day) or life.usual_primary
        if kind == "primary":
            return life.usual_primary
        if kind == "hospital":
            return life.usual_hospital
        if kind in ("prescribed", "bad_prescription", "pharmacy"):
            return life.usual_pharmacy
        return None

    def _prescriber(self, kind: str, life: Life, chance: Random) -> Site | None:
        if kind == "bad_prescription":
            return self._places.draw(chance, life.area.code, "undesignated")
        signed = self._circumstances.signed_site(life, chance, times.FIRST_FULL_YEAR)
        return chance.choice([signed or life.usual_primary, life.usual_hospital])


def _near(life: Life, _chance: Random) -> tuple[str, str]:
    return life.area.near["region"], "hospital"


def _near_primary(life: Life, _chance: Random) -> tuple[str, str]:
    return life.area.near["region"], "primary"


def _far(_life: Life, chance: Random) -> tuple[str, str]:
    place = chance.choice(source.read("institutions")["far"])
    return str(place["region"]), chance.choice(("hospital", "second"))


def _filed(life: Life, chance: Random) -> tuple[str, str]:
    return _filed_region(life) or _far(life, chance)[0], chance.choice(("hospital", "second"))


def _undirected(life: Life, chance: Random) -> tuple[str, str]:
    if life.filings and happens(chance, "goes_where_filed"):
        return _filed_region(life) or life.area.near["region"], "undirected"
    near = happens(chance, "claimed_near")
    return (life.area.near["region"] if near else _far(life, chance)[0]), "undirected"


def _filed_region(life: Life) -> str | None:
    """The place that the member's filing is for."""
    far = [place["region"] for place in source.read("institutions")["far"]]
    for filing in life.filings:
        for region in (life.area.near["region"], *far):
            if filing.covers(region):
                return str(region)
    return None


ELSEWHERE: dict[str, Callable[[Life, Random], tuple[str, str]]] = {
    "near": _near,
    "near_primary": _near_primary,
    "far": _far,
    "filed": _filed,
    "undirected": _undirected,
    "claimed": _undirected,
}


def appetite(life: Life, chance: Random) -> float:
    """How much a member needs, compared with others: age, illness and chance."""
    age = life.age_in(times.FIRST_FULL_YEAR.year)
    need = chance.gammavariate(UNEVENNESS, 1 / UNEVENNESS) * (0.3 + age / TYPICAL_AGE)
    return (need + HEAVY_FACTOR) if life.heavy else need


def _mostly_this_year(chance: Random, first: date, last: date) -> date:
    """A day; those of the year before are few."""
    day = day_between(chance, first, last)
    if day < times.FIRST_FULL_YEAR and happens(chance, "skips_last_year"):
        day = day_between(chance, max(first, min(times.FIRST_FULL_YEAR, last)), last)
    return day


def _special_days(life: Life, chance: Random, count: int) -> Iterator[date]:
    """Days on which something stands against the benefit, for those who do go out."""
    if not count:
        return
    for stay in life.stays:
        if happens(chance, "during_stay") and stay.discharged_on is not None:
            yield day_between(chance, stay.admitted_on, stay.discharged_on)
    for suspension in life.suspensions:
        if happens(chance, "during_stay"):
            last = suspension.suspended_until or times.LAST_DAY
            yield day_between(chance, suspension.suspended_from, last - timedelta(days=1))


def _kind(life: Life, chance: Random) -> str:
    """A kind of errand; who filed to go elsewhere mostly goes there."""
    if life.filings and happens(chance, "goes_where_filed"):
        return chance.choice(("filed", "filed", "undirected", "claimed"))
    return kinds().draw(chance)


def _claim(errand: Errand, life: Life, chance: Random) -> None:
    """Claim by hand: soon, or far too late for a visit of the year before."""
    errand.by_hand = True
    last_year = times.FIRST_FULL_YEAR - timedelta(days=1)
    if happens(chance, "late_claim") and life.insured_from < times.FIRST_DAY:
        errand.day = day_between(chance, times.FIRST_DAY, min(errand.day, last_year))
        errand.settled_on = day_between(chance, *LATE_CLAIM)
        return
    soon = errand.day + timedelta(days=chance.randint(*CLAIMED_AFTER))
    errand.settled_on = min(soon, max(times.LAST_DAY, errand.day))
