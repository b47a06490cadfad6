"""What befalls members: contracts, filings, stays, suspensions, moves and deaths."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from claims.population import source, times
from claims.population.chance import Weighted, day_between, happens
from claims.population.life import Life
from claims.population.places import Places, Site
from members.models import Filing, SignedContract, SpecialGroupMembership, Stay, Suspension
from members.models.enrolment import EMPLOYEE_SCHEME
from policies.engine.vocabulary import Status

PRIMARY, HOSPITAL, PHARMACY = (
    ("community", "community", "selected", "first_tier"),
    ("tertiary", "secondary", "secondary", "county"),
    ("pharmacy", "pharmacy", "pharmacy", "dual_channel"),
)
MIDDLE_AGE, OLD, DISABLED_UNTIL = 45, 65, 1962


class Circumstances:
    """What may befall the members of an area whose sites are known."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._diagnoses: list[dict[str, Any]] = source.read("diagnoses")
        self._conditions: dict[
            tuple[str, int], tuple[list[dict[str, Any]], list[dict[str, Any]]]
        ] = {}
        self._by_age: dict[tuple[str, int], Weighted[dict[str, Any]]] = {}

    def befall(self, life: Life, chance: Random) -> None:
        """Let things befall a member, as chance has it."""
        area = life.area.code
        life.usual_primary = self._places.draw(chance, area, chance.choice(PRIMARY))
        life.usual_hospital = self._places.draw(chance, area, chance.choice(HOSPITAL))
        life.usual_pharmacy = self._places.draw(chance, area, chance.choice(PHARMACY))
        _end(life, chance)
        self._fall_ill(life, chance)
        self._stay(life, chance)
        self._file(life, chance)
        self._sign(life, chance)
        _belong(life, chance)

    def _fall_ill(self, life: Life, chance: Random) -> None:
        """Chronic conditions come with age; few of them cost a great deal."""
        age = life.age_in(times.FIRST_FULL_YEAR.year)
        heavy = happens(chance, "heavy") or (age >= MIDDLE_AGE and happens(chance, "heavy"))
        count = int(chance.random() * min(age / 28, 3.0))
        grave, light = self._chronic(life)
        if heavy:
            life.heavy = bool(grave)
            life.conditions = [chance.choice(grave)] if grave else []
        life.conditions += chance.sample(light, min(count, len(light)))

    def _chronic(self, life: Life) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The chronic conditions that a member of this sex and age may have: grave and light."""
        key = life.sex, life.born.year
        if key not in self._conditions:
            found = [one for one in self._diagnoses if one.get("chronic") and _may_have(life, one)]
            grave = [one for one in found if one.get("heavy")]
            self._conditions[key] = grave, [one for one in found if not one.get("heavy")]
        return self._conditions[key]

    def complaint(self, life: Life, chance: Random) -> dict[str, Any]:
        """What brings a member to a doctor: a condition of theirs, or something that passes."""
        if life.conditions and happens(
            chance, "grave_complaint" if life.heavy else "own_complaint"
        ):
            return chance.choice(life.conditions)
        return self._passing(life).draw(chance)

    def _passing(self, life: Life) -> Weighted[dict[str, Any]]:
        key = life.sex, life.born.year
        if key not in self._by_age:
            found = [
                one for one in self._diagnoses if not one.get("heavy") and _may_have(life, one)
            ]
            self._by_age[key] = Weighted((one, one["weight"]) for one in found)
        return self._by_age[key]

    def _stay(self, life: Life, chance: Random) -> None:
        old = life.age_in(times.FIRST_FULL_YEAR.year) >= OLD
        stayed = happens(chance, "stayed") or (old and happens(chance, "stayed"))
        if not stayed or life.usual_hospital is None:
            return
        at_home = happens(chance, "home_bed")
        admitted = day_between(chance, times.FIRST_DAY, times.LAST_DAY - timedelta(days=20))
        life.stays.append(
            Stay(
                member_id=life.member_id,
                kind=Stay.Kind.HOME_BED if at_home else Stay.Kind.INPATIENT,
                institution=life.usual_hospital.institution,
                admitted_on=admitted,
                discharged_on=admitted + timedelta(days=chance.randint(3, 14)),
            )
        )

    def _file(self, life: Life, chance: Random) -> None:
        if not happens(chance, "filed"):
            return
        far = [str(place["province"]) for place in source.read("institutions")["far"]]
        near = f"{life.area.near['region'][:4]}00"
        first = day_between(chance, times.FIRST_DAY, date(2025, 6, 1))
        life.filings.append(
            Filing(
                member_id=life.member_id,
                region=chance.choice((near, *far)),
                filed_from=first,
                filed_until=date(2026, 1, 1) if happens(chance, "filing_ends") else None,
            )
        )

    def _sign(self, life: Life, chance: Random) -> None:
        if chance.random() >= life.area.signs:
            return
        since = max(date(2024, 1, 1), life.insured_from)
        if not happens(chance, "contract_changed") or since >= times.FIRST_FULL_YEAR:
            life.contracts.append(self._contract(life, chance, since, None))
            return
        changed = day_between(chance, date(2025, 2, 1), date(2025, 11, 30))
        life.contracts.append(self._contract(life, chance, since, changed))
        if happens(chance, "signed_again"):
            life.contracts.append(self._contract(life, chance, changed, None))

    def _contract(
        self, life: Life, chance: Random, since: date, until: date | None
    ) -> SignedContract:
        contract = SignedContract(
            member_id=life.member_id,
            area_id=life.area.code,
            signed_from=since,
            signed_until=until,
        )
        if happens(chance, "with_consortium"):
            contract.consortium = chance.choice(self._places.consortia_in(life.area.code))
            self._go_there(life, chance, contract.consortium.pk)
            return contract
        with_hospital = happens(chance, "with_hospital")
        site = life.usual_hospital if with_hospital else life.usual_primary
        contract.institution = site.institution if site else None
        contract.family_doctor = not with_hospital and happens(chance, "family_doctor")
        return contract

    def _go_there(self, life: Life, chance: Random, consortium: int) -> None:
        """Who signed with a consortium goes to its institutions."""
        draw = self._places.draw_of_consortium
        life.usual_primary = draw(chance, consortium, primary=True)
        life.usual_hospital = draw(chance, consortium, primary=False)

    def signed_site(self, life: Life, chance: Random, day: date) -> Site | None:
        """Where the member signed, if with one institution, on a day."""
        for one in life.contracts:
            if one.signed_from <= day and (one.signed_until is None or day < one.signed_until):
                found = [site for site in _usual(life) if site.pk == one.institution_id]
                return chance.choice(found) if found else None
        return None


def _usual(life: Life) -> Sequence[Site]:
    return [site for site in (life.usual_primary, life.usual_hospital) if site is not None]


def _may_have(life: Life, diagnosis: dict[str, Any]) -> bool:
    if diagnosis.get("sex", life.sex) != life.sex:
        return False
    return bool(life.age_in(times.FIRST_FULL_YEAR.year) >= diagnosis.get("age_from", 0))


def _end(life: Life, chance: Random) -> None:
    """Death, a move away, or a suspension; mostly none of them."""
    age = life.age_in(times.FIRST_FULL_YEAR.year)
    if chance.random() < max(0.0005, (age - 55) * 0.0008):
        first = max(times.FIRST_DAY, life.insured_from)
        life.died_on = day_between(chance, first, times.LAST_DAY)
        return
    begins = max(life.insured_from + timedelta(days=60), date(2025, 1, 15))
    if begins >= times.LAST_DAY:
        return
    if happens(chance, "left"):
        life.insured_until = day_between(chance, begins, times.LAST_DAY)
    elif happens(chance, "suspended") and life.status != Status.FOUNDING:
        since = day_between(chance, begins, times.LAST_DAY)
        back = since + timedelta(days=chance.randint(20, 150))
        life.suspensions.append(
            Suspension(
                member_id=life.member_id,
                suspended_from=since,
                suspended_until=back if back <= times.LAST_DAY else None,
                reason="单位欠费",
            )
        )


def _belong(life: Life, chance: Random) -> None:
    group = life.area.special_group
    if not group or life.born.year > DISABLED_UNTIL or life.scheme != EMPLOYEE_SCHEME:
        return
    if chance.random() < group["share"]:
        life.special_groups.append(
            SpecialGroupMembership(
                member_id=life.member_id, group=group["name"], joined_on=life.insured_from
            )
        )
