"""verify_ledger sees what the constraints would have refused, once somebody got around them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from bureau import invariants
from members import ledger
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 1)
OURS = ("members_", "facilities_")
WRITES = re.compile(r"\s*(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)")
CREDIT_AGAIN = """
INSERT INTO members_entry (account_id, area_id, kind, amount, key, made_on, period, rule, revision,
    article, source_fund, provisional)
SELECT account_id, area_id, kind, amount, 'again', made_on, period, rule, revision,
    article, source_fund, provisional
FROM members_entry WHERE kind = 'credit'
"""
PERSON_AGAIN = """
INSERT INTO members_person (document_type, identity, identity_index, name, name_pinyin,
    name_initials, sex, born)
SELECT document_type, identity, identity_index, name, '', '', sex, born FROM members_person
"""


def broken() -> dict[str, int]:
    """The invariants of ours that something breaks, with how many rows."""
    return {
        finding.invariant.name: finding.count
        for finding in invariants.check()
        if finding.count and finding.invariant.name.startswith(OURS)
    }


def tamper(*statements: str) -> None:
    """What somebody with the owner's password might do: the triggers off, then on again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            written = WRITES.match(statement)
            if written is None:
                cursor.execute(statement)
                continue
            cursor.execute(f"ALTER TABLE {written[1]} DISABLE TRIGGER USER")
            cursor.execute(statement)
            cursor.execute(f"ALTER TABLE {written[1]} ENABLE TRIGGER USER")


@pytest.fixture(autouse=True)
def ordinary_life():
    account = cast.account(balance="300.00")
    payment = ledger.pay(account, Decimal(100), key="settlement:1", on=DAY)
    ledger.refund(payment, key="reversal:1", on=DAY)
    ledger.credit(account, Decimal(5), key="c", on=DAY, period=DAY, rule="R1")
    cast.contribution(account.member, DAY)
    cast.internet_hospital(cast.tertiary_hospital())
    return account


def test_an_ordinary_life_breaks_nothing():
    assert broken() == {}


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("members_balance_is_its_entries", ["UPDATE members_account SET balance = 1000"]),
        ("members_balance_is_its_entries", ["DELETE FROM members_entry WHERE kind = 'credit'"]),
        (
            "members_refund_mirrors_payment",
            ["UPDATE members_entry SET amount = 99 WHERE kind = 'refund'"],
        ),
        (
            "members_guards_are_on",
            ["ALTER TABLE members_entry DISABLE TRIGGER members_entry_insert_only"],
        ),
        (
            "members_guards_are_on",
            ["DROP TRIGGER members_account_balance_is_posted ON members_account"],
        ),
        (
            "members_key_stands_once",
            [
                "ALTER TABLE members_entry DROP CONSTRAINT entry_once_per_business_key",
                "UPDATE members_entry SET key = 'same'",
            ],
        ),
        (
            "members_month_credited_once",
            [
                "DROP INDEX credit_once_per_month_and_rule",
                CREDIT_AGAIN,
            ],
        ),
        (
            "members_one_number_one_person",
            [
                "ALTER TABLE members_person DROP CONSTRAINT members_person_identity_index_key",
                PERSON_AGAIN,
            ],
        ),
        (
            "facilities_internet_hospitals_have_a_physical_one",
            ["UPDATE facilities_institution SET kind = 'pharmacy' WHERE kind = 'hospital'"],
        ),
    ],
)
def test_tampering_shows(name, statements):
    tamper(*statements)
    assert name in broken()


def test_a_row_of_another_area_shows():
    cast.other_area()
    tamper(
        "ALTER TABLE members_contribution DROP CONSTRAINT contribution_area_is_its_members",
        "UPDATE members_contribution SET area_id = '320100'",
    )
    assert "members_area_is_the_parents" in broken()
