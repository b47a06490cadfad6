"""Where a bill arose, and whose terms it has."""

from __future__ import annotations

from typing import NamedTuple

from claims.settlement.models import Visit
from facilities.models import Agreement, Institution
from facilities.selectors import standing
from policies.engine.bill import Where
from policies.engine.rows import Terms
from policies.engine.vocabulary import Kind, PharmacyTerms, Place, Pooling


class Whereabouts(NamedTuple):
    """The engine's `where`, and the institution whose terms hold."""

    where: Where
    terms_of: Institution


def of(visit: Visit, terms: Terms) -> Whereabouts:
    """Where a visit was: an internet hospital is its physical one, a centre the one that ordered.

    A pharmacy has its own terms or those of the prescribing institution, as the policy says.
    """
    visited = billing(visit.institution)
    return seen_from(
        visit.area_id,
        visited,
        agreement=standing.agreement_on(visited, visit.day),
        prescriber=_prescriber(visit) if visited.kind == Institution.Kind.PHARMACY else None,
        terms=terms,
    )


def seen_from(
    area_id: str,
    visited: Institution,
    *,
    agreement: Agreement | None,
    prescriber: Institution | None,
    terms: Terms,
) -> Whereabouts:
    """Where a bill of an institution stands, seen from a member's pooling area; reads nothing.

    `agreement` is the one in force on the day, `prescriber` who wrote a prescription that counts.
    """
    kind = Kind.PHARMACY if visited.kind == Institution.Kind.PHARMACY else Kind.HOSPITAL
    by_prescriber = prescriber is not None and terms.pharmacy_terms == PharmacyTerms.PRESCRIBER
    terms_of = prescriber if by_prescriber and prescriber is not None else visited
    return Whereabouts(
        Where(
            kind=kind.value,
            tier=terms_of.tier,
            charge_class=terms_of.charge_class,
            community=terms_of.community,
            place=place_of(terms_of, area_id).value,
            pooling=agreement.pooling if agreement else Pooling.BY_TIER.value,
            designated=agreement is not None,
            direct_settlement=visited.direct_settlement,
            prescribed=prescriber is not None,
        ),
        terms_of,
    )


def billing(institution: Institution) -> Institution:
    """The institution that bills and is tested: the physical one, or the one that ordered."""
    if institution.is_third_party and institution.ordering is not None:
        return institution.ordering
    return standing.physical(institution)


def place_of(institution: Institution, area_id: str) -> Place:
    """Where an institution lies, seen from a pooling area."""
    if area_id in {institution.area_id, institution.region}:
        return Place.AREA
    same_province = institution.region[:2] == area_id[:2]
    return Place.PROVINCE if same_province else Place.ELSEWHERE


def _prescriber(visit: Visit) -> Institution | None:
    """The designated institution that wrote the visit's prescription, valid on the day."""
    prescription = visit.prescription
    if prescription is None or prescription.member_id != visit.member_id:
        return None
    if prescription.issued_on > visit.day:
        return None
    if prescription.valid_until is not None and visit.day >= prescription.valid_until:
        return None
    written_at = billing(prescription.institution)
    return written_at if standing.designated(written_at, prescription.issued_on) else None
