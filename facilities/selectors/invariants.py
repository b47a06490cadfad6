"""What must always hold of institutions, as queries for whoever breaks it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bureau import invariants

AGREED_TWICE = """
SELECT a.id AS agreement_id, b.id AS other_id
FROM facilities_agreement a
JOIN facilities_agreement b ON a.id < b.id AND a.institution_id = b.institution_id
    AND daterange(a.in_force_from, a.in_force_until)
        && daterange(b.in_force_from, b.in_force_until)
"""

PHYSICAL = """
SELECT i.id AS institution_id, p.kind AS kind_of_physical
FROM facilities_institution i LEFT JOIN facilities_institution p ON p.id = i.physical_id
WHERE i.kind = 'internet' AND p.kind IS DISTINCT FROM 'hospital'
"""


def register() -> None:
    """Make them known to `verify_ledger`."""
    invariants.register(
        "facilities_agreements_never_overlap",
        AGREED_TWICE.strip(),
        _("Agreements of an institution never overlap"),
    )
    invariants.register(
        "facilities_internet_hospitals_have_a_physical_one",
        PHYSICAL.strip(),
        _("An internet hospital has a physical institution"),
    )
