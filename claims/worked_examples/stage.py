"""The member and the institutions of an example, made as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from bureau.models import PoolingArea
from claims.worked_examples import form
from facilities.models import Agreement, Consortium, ConsortiumMembership, Institution
from members import ledger
from members.identity.documents import DocumentType
from members.models import (
    Filing,
    Member,
    Pension,
    Person,
    SignedContract,
    SpecialGroupMembership,
    StatusChange,
    Stay,
)
from members.models.enrolment import EMPLOYEE_SCHEME
from policies.engine.vocabulary import Pooling

LONG_AGO = date(1949, 10, 1)
ONE_DAY = timedelta(days=1)
NO_DIVISION = "000000"
"""Stands in the codes of an example's institutions, so that no real one has them."""


class Stage:
    """One example's cast: `member`, and `institutions` by the names the example gives them."""

    _serial = count(1)

    def __init__(self, area_id: str, example: Mapping[str, Any]) -> None:
        self.area = PoolingArea.objects.get(pk=area_id)
        self.institutions: dict[str, Institution] = {}
        self._consortia: dict[str, Consortium] = {}
        given = example.get("institutions", {})
        for name in sorted(given, key=lambda name: bool(_stands_on(given[name]))):
            self.institutions[name] = self._institution(name, given[name])
        self.member = self._member(example["member"], example.get("scheme", EMPLOYEE_SCHEME))

    def institution(self, name: str) -> Institution:
        """The institution of a name; raises NotAnExample where the example has none."""
        if name not in self.institutions:
            raise form.wrong("institutions", f"{name} is missing")
        return self.institutions[name]

    def _institution(self, name: str, given: Mapping[str, Any]) -> Institution:
        kind = given.get("kind", "hospital")
        region = given.get("area", self.area.pk)
        letter = "P" if kind == "pharmacy" else "H"
        made = Institution.objects.create(
            code=f"{letter}{NO_DIVISION}{self._next() % 100_000:05d}",
            name=name,
            kind=kind,
            tier=given.get("tier", 0),
            charge_class=given.get("charge_class", 3),
            community=given.get("community", False),
            region=region,
            area=self.area if region == self.area.pk else None,
            physical=self.institution(given.get("of", "")) if kind == "internet" else None,
            is_third_party="third_party_of" in given,
            ordering=self.institution(given["third_party_of"])
            if "third_party_of" in given
            else None,
            direct_settlement=given.get("direct_settlement", True),
        )
        if not _stands_on(given) and given.get("designated", True):
            Agreement.objects.create(
                institution=made, number=name, in_force_from=LONG_AGO, pooling=_pooling(given)
            )
        if "consortium" in given:
            ConsortiumMembership.objects.create(
                consortium=self._consortium(given["consortium"]),
                institution=made,
                joined_on=LONG_AGO,
            )
        return made

    def _consortium(self, name: str) -> Consortium:
        if name not in self._consortia:
            self._consortia[name] = Consortium.objects.create(
                area=self.area, code=f"example-{name}-{self._next()}", name=name
            )
        return self._consortia[name]

    def _member(self, given: Mapping[str, Any], scheme: str) -> Member:
        statuses = given["statuses"]
        member = Member.objects.create(
            person=self._person(given),
            area=self.area,
            scheme=scheme,
            number=f"example-{self._next()}",
            insured_from=statuses[0]["from"],
            has_account=given.get("has_account", True),
            employer_group=given.get("employer", "enterprise"),
            retirement_pension=given.get("retirement_pension"),
            frozen_credit=given.get("frozen_credit"),
            supplementary_scheme=given.get("supplementary_scheme", ""),
        )
        StatusChange.objects.bulk_create(
            StatusChange(member=member, changed_on=change["from"], status=change["status"])
            for change in statuses
        )
        if given.get("pension") is not None:
            Pension.objects.create(member=member, from_month=LONG_AGO, amount=given["pension"])
        if member.has_account:
            balance = given.get("balance", Decimal(0))
            ledger.open_account(member, on=member.insured_from, balance=balance)
        self._history(member, given)
        return member

    def _person(self, given: Mapping[str, Any]) -> Person:
        person = Person(name="算例", sex=given.get("sex", "unknown"), born=given["born"])
        person.take_number(DocumentType.PASSPORT, f"EXAMPLE{self._next():06d}")
        person.save()
        return person

    def _history(self, member: Member, given: Mapping[str, Any]) -> None:
        for filing in given.get("filings", []):
            Filing.objects.create(
                member=member,
                region=filing["region"],
                filed_from=filing["from"],
                filed_until=_day_after(filing.get("to")),
            )
        for group in given.get("special_groups", []):
            SpecialGroupMembership.objects.create(member=member, group=group, joined_on=LONG_AGO)
        for slot, signed in _slots(given.get("signed", [])):
            SignedContract.objects.create(
                member=member,
                area=self.area,
                slot=slot,
                institution=self.institution(signed["institution"])
                if "institution" in signed
                else None,
                consortium=self._consortium(signed["consortium"])
                if "consortium" in signed
                else None,
                signed_from=signed["from"],
                signed_until=_day_after(signed.get("to")),
            )
        for kind in (Stay.Kind.INPATIENT, Stay.Kind.HOME_BED):
            for stay in given.get(kind.value, []):
                Stay.objects.create(
                    member=member,
                    kind=kind,
                    admitted_on=stay["from"],
                    discharged_on=stay.get("to"),
                )

    def _next(self) -> int:
        return next(self._serial)


def _stands_on(given: Mapping[str, Any]) -> str:
    """The institution whose agreement and terms another one has."""
    return str(given.get("of") or given.get("third_party_of") or "")


def _pooling(given: Mapping[str, Any]) -> str:
    if given.get("kind") == "pharmacy":
        opened = given.get("pooling", True)
        return Pooling.OPENED.value if opened else Pooling.WITHDRAWN.value
    return Pooling.OPENED.value if given.get("selected") else Pooling.BY_TIER.value


def _day_after(day: date | None) -> date | None:
    return None if day is None else day + ONE_DAY


def _slots(signed: list[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """Contracts with a slot each; those that run at the same time get slots of their own."""
    ends: list[date] = []
    found = []
    for contract in sorted(signed, key=lambda contract: contract["from"]):
        last = contract.get("to") or date.max
        slot = next((n for n, end in enumerate(ends) if end < contract["from"]), len(ends))
        ends[slot : slot + 1] = [last]
        found.append((slot + 1, contract))
    return found
