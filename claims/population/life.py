"""A member as the population knows them: what is written about them, and who they are on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from claims.population.source import AreaSource
from facilities.models import Institution
from members.models import (
    Filing,
    Relation,
    SignedContract,
    SpecialGroupMembership,
    Stay,
    Suspension,
)
from policies.engine.bill import Person
from policies.engine.vocabulary import EmployerGroup

if TYPE_CHECKING:
    from claims.population.places import Site


@dataclass(slots=True)
class Life:
    """An invented member; amounts in fen, ids as they will stand in the database."""

    area: AreaSource
    index: int
    person_id: int
    member_id: int
    account_id: int | None
    number: str
    document: tuple[str, str]
    name: str
    sex: str
    born: date
    scheme: str
    insured_from: date
    statuses: list[tuple[date, str]]
    died_on: date | None = None
    insured_until: date | None = None
    employer_id: int | None = None
    employer_group: str = EmployerGroup.ENTERPRISE.value
    base: int | None = None
    pension: int | None = None
    retirement_pension: int | None = None
    frozen_credit: int | None = None
    supplementary_scheme: str = ""
    balance: int = 0
    conditions: list[dict[str, Any]] = field(default_factory=list)
    heavy: bool = False
    suspensions: list[Suspension] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    contracts: list[SignedContract] = field(default_factory=list)
    special_groups: list[SpecialGroupMembership] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    usual_primary: Site | None = None
    usual_hospital: Site | None = None
    usual_pharmacy: Site | None = None

    @property
    def has_account(self) -> bool:
        """Insured with an account."""
        return self.account_id is not None

    @property
    def status(self) -> str:
        """The last status."""
        return self.statuses[-1][1]

    def age_in(self, year: int) -> int:
        """The age reached in a year."""
        return year - self.born.year

    def on(self, day: date, *, at: Site, referred: bool, account_can_pay: int) -> Person:
        """The member on a day of service, as `members.selectors.standing.on` reads it from rows."""
        contracts = [
            one for one in self.contracts if _running(day, one.signed_from, one.signed_until)
        ]
        return Person(
            born=self.born,
            statuses=tuple(self.statuses),
            insured=self._insured(day),
            has_account=self.has_account,
            inpatient=any(_stays(stay, day) for stay in self.stays),
            filed=self._filed(at.institution, day),
            signed_here=_signed_with(contracts, at, day),
            signed_primary=any(
                one.institution is not None and one.institution.is_primary for one in contracts
            ),
            employer_group=self.employer_group,
            special_groups=frozenset(
                one.group
                for one in self.special_groups
                if _running(day, one.joined_on, one.left_on)
            ),
            family_doctor=any(one.family_doctor for one in contracts),
            referred=referred,
            account_can_pay=account_can_pay,
        )

    def _insured(self, day: date) -> bool:
        if not _running(day, self.insured_from, self.insured_until):
            return False
        if self.died_on is not None and day > self.died_on:
            return False
        return not any(
            _running(day, one.suspended_from, one.suspended_until) for one in self.suspensions
        )

    def _filed(self, institution: Institution, day: date) -> bool:
        return any(
            one.covers(institution.region)
            for one in self.filings
            if _running(day, one.filed_from, one.filed_until)
        )


def _running(day: date, first: date, until: date | None) -> bool:
    return first <= day and (until is None or day < until)


def _stays(stay: Stay, day: date) -> bool:
    return stay.admitted_on <= day and (stay.discharged_on is None or day <= stay.discharged_on)


def _signed_with(contracts: Sequence[SignedContract], site: Site, day: date) -> bool:
    if any(one.institution_id == site.pk for one in contracts):
        return True
    consortium = site.consortium_on(day)
    return consortium is not None and any(one.consortium_id == consortium for one in contracts)
