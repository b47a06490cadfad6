"""verify_ledger sees what constraints and triggers refuse, once somebody got around them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bureau import invariants as registry
from bureau.clock import today
from claims.settlement.selectors.invariants import INVARIANTS
from claims.settlement.services import reversal
from facilities.services import agreements
from members.models import Member
from members.services import people
from tests import cast
from tests.claims import desk

pytestmark = pytest.mark.usefixtures("policies")
DAY = desk.DAY


@pytest.fixture(autouse=True)
def zhang(policies: None) -> Member:
    """Settlements, a reversal, a refused bill, payments from the account; in another city too."""
    area = cast.area("130100")
    zhang = cast.zhang(area=area, balance="500.00")
    hospital = cast.tertiary_hospital(area=area)
    made = desk.settle(zhang, hospital, DAY, "400.00", from_account=True)
    desk.settle(zhang, hospital, DAY, "300.00", from_account=True)
    reversal.reverse(made, reason="wrong", by=None, on=DAY)
    desk.settle(zhang, cast.institution(area=area, tier=1), DAY, "50.00")
    filled = cast.pharmacy(area=area)
    desk.settle(zhang, filled, DAY, "20.00", prescription=desk.prescription(zhang, hospital))
    other = cast.li(area=cast.area("140500"))
    desk.settle(other, cast.tertiary_hospital(area=other.area), DAY, "200.00")
    return zhang


TABLES = (
    *("claims_settlement", "claims_settledline", "claims_billline", "claims_prescription"),
    *("members_yeartotal", "members_entry", "policies_policyversion"),
)


def tamper(*statements: str) -> None:
    """What the owner might do, having disabled all triggers and dropped constraints."""
    disabled = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
    enabled = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
    with connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", *disabled, *statements):
            cursor.execute(statement)
        if not any("DISABLE" in statement for statement in statements):
            for statement in enabled:
                cursor.execute(statement)


def broken() -> set[str]:
    """The invariants of settlements that something breaks."""
    return {
        finding.invariant.name
        for finding in registry.check()
        if finding.count and finding.invariant.name in INVARIANTS
    }


def drop(constraint: str, table: str = "claims_settlement") -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


FIRST = "(SELECT min(id) FROM claims_settlement)"
SECOND = f"(SELECT min(id) FROM claims_settlement WHERE id > {FIRST})"

PLANTED: dict[str, tuple[str, ...]] = {
    "claims_settlements_add_up": (
        drop("settlement_payers_add_up"),
        f"UPDATE claims_settlement SET cash = cash + 1 WHERE id = {SECOND}",
    ),
    "claims_lines_add_up": (
        (
            f"UPDATE claims_settledline SET eligible = eligible + 1, total = total + 1"
            f" WHERE settlement_id = {SECOND}"
        ),
    ),
    "claims_lines_are_settled_once": (
        f"UPDATE claims_billline SET settled_by_id = NULL WHERE settled_by_id = {SECOND}",
    ),
    "claims_year_totals_are_settled": (
        "UPDATE members_yeartotal SET deductible = deductible + 1 WHERE care = 'outpatient'",
    ),
    "claims_caps_hold": (
        drop("no_cap_is_passed"),
        f"UPDATE claims_settlement SET limit_amount = 1 WHERE id = {SECOND}",
    ),
    "claims_reversals_mirror": (
        (
            "UPDATE claims_settlement SET version_id = (SELECT max(id) FROM policies_policyversion)"
            " WHERE reverses_id IS NOT NULL"
        ),
    ),
    "claims_account_parts_are_posted": (
        (
            f"UPDATE members_entry SET key = 'settlement:S0' WHERE key = 'settlement:' ||"
            f" (SELECT number FROM claims_settlement WHERE id = {SECOND})"
        ),
    ),
    "claims_settled_under_policy_in_force": (
        (
            "UPDATE policies_policyversion SET in_force_until = '2023-03-01'"
            " WHERE area_id = '130100' AND subject = 'benefit'"
        ),
    ),
    "claims_versions_never_overlap": (
        drop("one_version_in_force_on_a_day", "policies_policyversion"),
        (
            "UPDATE policies_policyversion SET in_force_until = NULL"
            " WHERE area_id = '370200' AND subject = 'benefit'"
        ),
    ),
    "claims_paid_under_agreement": (
        "UPDATE facilities_agreement SET in_force_until = '2023-03-01'",
    ),
    "claims_paid_to_the_living": ("UPDATE members_person SET died_on = '2023-02-28'",),
    "claims_areas_agree": (
        drop("prescription_in_its_members_area", "claims_prescription"),
        "UPDATE claims_prescription SET area_id = '140500'",
    ),
    "claims_guards_stand": (
        "ALTER TABLE claims_settlement DISABLE TRIGGER claims_settlement_moves_totals",
    ),
}


def test_nothing_is_broken_in_ordinary_life() -> None:
    assert broken() == set()


def test_each_invariant_has_a_violation_planted() -> None:
    assert set(PLANTED) == set(INVARIANTS)


@pytest.mark.parametrize("name", PLANTED)
def test_it_turns_red(name: str) -> None:
    tamper(*PLANTED[name])
    assert name in broken()
    with pytest.raises(CommandError, match="invariants are broken"):
        call_command("verify_ledger")


LAST = "(SELECT max(id) FROM claims_settlement WHERE adds_fund > 0)"
MORE: dict[str, tuple[str, tuple[str, ...]]] = {
    "an entry that no settlement made": (
        "claims_account_parts_are_posted",
        (
            (
                "INSERT INTO members_entry (account_id, area_id, kind, amount, key, made_on, rule,"
                " revision, article, source_fund, provisional) SELECT id, area_id, 'payment', -1,"
                " 'settlement:S1', '2023-03-01', '', 0, '', '', false FROM members_account LIMIT 1"
            ),
        ),
    ),
    "a total of all care that is off": (
        "claims_year_totals_are_settled",
        ("UPDATE members_yeartotal SET counted = counted + 1 WHERE care = 'all'",),
    ),
    "a settlement deleted": (
        "claims_year_totals_are_settled",
        (
            f"UPDATE claims_billline SET settled_by_id = NULL WHERE settled_by_id = {LAST}",
            f"DELETE FROM claims_settledline WHERE settlement_id = {LAST}",
            f"DELETE FROM claims_settlement WHERE id = {LAST}",
        ),
    ),
    "a settlement that forgets what came before": (
        "claims_caps_hold",
        (
            (
                "UPDATE claims_settlement SET counted_before = 0, limit_before = 0"
                f" WHERE id = {SECOND}"
            ),
        ),
    ),
    "another member's prescription": (
        "claims_areas_agree",
        (
            drop("prescription_is_the_members", "claims_visit"),
            drop("prescription_in_its_members_area", "claims_prescription"),
            "UPDATE claims_prescription SET member_id = (SELECT max(id) FROM members_member)",
        ),
    ),
    "another scheme's version": (
        "claims_settled_under_policy_in_force",
        ("UPDATE members_member SET scheme = '390'",),
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_it_also_sees(name: str) -> None:
    invariant, statements = MORE[name]
    tamper(*statements)
    assert invariant in broken()


def test_a_death_learned_of_later_breaks_nothing(zhang: Member) -> None:
    people.record_death(zhang.person, on=DAY.replace(month=2), by=None)
    assert broken() == set()


def test_an_agreement_ended_later_breaks_nothing(zhang: Member) -> None:
    for agreement in zhang.visits.first().institution.agreements.all():
        agreements.end(agreement, on=DAY, reason="it cheated", by=None)
    assert today() > DAY
    assert broken() == set()
