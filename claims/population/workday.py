"""A day at the desk: visits and purchases settled one by one, by the service that clerks use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import cycle

from django.db import transaction

from bureau.models import User
from claims.population import times
from claims.population.chance import stream
from claims.population.errands import Errand
from claims.population.life import Life
from claims.population.making import Population
from claims.population.source import AreaSource
from claims.population.staffing import clerk_of
from claims.settlement.models import BillLine, Prescription, Settlement, Visit
from claims.settlement.services import numbering, reversal, settlement
from members.identity import cipher
from members.models import Member
from policies.engine.vocabulary import Channel

KINDS = (
    "signed",
    "prescribed",
    "hospital",
    "pharmacy",
    "primary",
    "any",
    "prescribed",
    "internet",
    "pharmacy_not_opened",
    "near",
    "claimed",
)
PEOPLE_AN_AREA = 50
REVERSED_EVERY = 29
REASON = "收费录入错误"


class Workday:
    """One day of an invented population whose people are in the database."""

    def __init__(self, population: Population, day: date = times.SETTLED_DAY) -> None:
        self._population = population
        self._day = day

    @transaction.atomic
    def settle(self, area: AreaSource) -> Counter[str]:
        """Settle an area's day, all of it or nothing; none that was settled before."""
        done: Counter[str] = Counter()
        if Visit.objects.filter(area=area.code, day=self._day).exists():
            return done
        clerk = clerk_of(area.code)
        for life, member, errand in self._errands(area):
            settled = self._settle(life, member, errand, clerk)
            done["settled"] += 1
            if done["settled"] % REVERSED_EVERY == 0:
                reversal.reverse(settled, reason=REASON, by=clerk, on=self._day)
                done["reversed"] += 1
        return done

    def _errands(self, area: AreaSource) -> Iterator[tuple[Life, Member, Errand]]:
        """What some people who are there still go out for, a kind after the other."""
        kinds = cycle(KINDS)
        for life, _chance in self._population.people(area).draw(range(PEOPLE_AN_AREA)):
            member = _member_of(life)
            if member is None or life.died_on is not None:
                continue
            chance = stream(self._population.seed, area.code, "day", life.index)
            errands = self._population.errands
            yield life, member, errands.errand(life, chance, self._day, next(kinds))

    def _settle(self, life: Life, member: Member, errand: Errand, clerk: User) -> Settlement:
        chance = stream(self._population.seed, life.area.code, "bill", life.index)
        complaint = self._population.circumstances.complaint(life, chance)
        visit = Visit.objects.create(
            area_id=member.area_id,
            number=numbering.visit_number(self._day),
            member=member,
            institution=errand.site.institution,
            day=self._day,
            prescription=self._prescription(member, errand),
            doctor=errand.site.doctors[0] if errand.site.doctors else None,
            diagnosis_code=complaint["code"],
            diagnosis=complaint["name"],
            referred=errand.referred,
        )
        rows = self._population.bills.draw(
            life, errand.site, visit=visit.pk, day=self._day, complaint=complaint, chance=chance
        )
        BillLine.objects.bulk_create(
            BillLine(**{name: value for name, value in row._asdict().items() if name != "id"})
            for row in rows
        )
        return settlement.settle(
            visit,
            by=clerk,
            from_account=errand.from_account,
            channel=(Channel.HAND if errand.by_hand else Channel.ONLINE).value,
            on=self._day,
            claimed_on=self._day if errand.by_hand else None,
        )

    def _prescription(self, member: Member, errand: Errand) -> Prescription | None:
        if errand.prescriber is None:
            return None
        return Prescription.objects.create(
            area_id=member.area_id,
            member=member,
            institution=errand.prescriber.institution,
            number=numbering.prescription_number(self._day),
            issued_on=self._day,
        )


def _member_of(life: Life) -> Member | None:
    index = cipher.blind_index(*life.document)
    return Member.objects.filter(
        person__identity_index=index, area=life.area.code, scheme=life.scheme
    ).first()
