"""What the database refuses of settlements, tried by SQL as the application's role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from bureau.models import PoolingArea
from claims.settlement.models import BillLine, SettledLine, Settlement, Visit
from claims.settlement.services import numbering, record, reversal, settlement
from members import ledger
from members.models import Account, Entry, Member, YearTotal
from policies.models import PolicyVersion
from tests import cast
from tests.claims import desk
from tests.claims.forging import Forgery, forgery
from tests.conftest import AsApplication

pytestmark = pytest.mark.usefixtures("policies")
DAY = desk.DAY
Refuses = Callable[..., None]


@pytest.fixture
def area() -> PoolingArea:
    return cast.area("150600")


@pytest.fixture
def zhang(area: PoolingArea) -> Member:
    return cast.zhang(area=area, balance="500.00")


@pytest.fixture
def hospital(area: PoolingArea) -> Any:
    return cast.tertiary_hospital(area=area)


@pytest.fixture
def visit(zhang: Member, hospital: Any) -> Visit:
    return desk.visit(zhang, hospital, DAY, "3000.00", "1000.00")


@pytest.fixture
def refuses(as_application: AsApplication) -> Refuses:
    """The database refuses what the application's role tries, and says so."""

    def check(deed: Callable[[], Any], match: str) -> None:
        with pytest.raises(DatabaseError, match=match), as_application():
            deed()

    return check


def sql(statement: str, *values: Any) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


def test_an_honest_settlement_passes(visit: Visit, as_application: AsApplication) -> None:
    with as_application():
        made = forgery(visit).write()
    assert (made.fund, made.deductible) == (Decimal("1950.00"), Decimal("1000.00"))


FORGED: dict[str, tuple[dict[str, Any], str]] = {
    "more from the fund, less from the member": (
        {"fund": "3000.00", "own_share": "0.00", "cash": "1000.00"},
        "leaves so much out of the totals",
    ),
    "parts that do not add up": ({"pre_self_pay": "0.01"}, "settlement_parts_add_up"),
    "payers that do not add up": ({"cash": "0.00"}, "settlement_payers_add_up"),
    "a negative own share": (
        {"fund": "3050.00", "own_share": "-50.00", "cash": "950.00"},
        "settlement_is_positive_and_reversal_negative",
    ),
    "a deductible that the year does not see": (
        {"adds_deductible": "0.00"},
        "deductible_borne_is_what_the_year_adds",
    ),
    "fund money that the cap does not see": ({"adds_counted": "0.00"}, "not held to the caps"),
    "more in the year than was settled": (
        {"adds_eligible": "5000.00"},
        "year_adds_no_more_than_was_settled",
    ),
    "fund money left out of the year": (
        {"adds_fund": "0.00", "adds_counted": "0.00"},
        "leaves so much out of the totals",
    ),
    "a cap of nobody's": ({"limit_amount": "99999.00"}, "not held to the caps"),
    "no cap where there is one": (
        {"limit_amount": None, "limit_period": ""},
        "not held to the caps",
    ),
    "a cap with nothing against it": ({"counted_before": "1.00"}, "year_cap_stands"),
    "totals that are not what they are": (
        {"eligible_before": "1.00"},
        "not what the settlement reckoned from",
    ),
    "another year's totals": ({"policy_year": 2024}, "another member's, care's or year's"),
    "another day than the visit's": ({"day": date(2023, 3, 2)}, "day, institution and care"),
    "a settlement before its day": ({"made_on": date(2023, 2, 1)}, "settled_no_earlier"),
    "a refusal that pays": (
        {"reason": "not_signed"},
        "rejected_bill_moves_nothing",
    ),
    "a claim by hand of no day": ({"channel": "hand"}, "claim_by_hand_says_when"),
    "an account part that was never paid": (
        {"account": "100.00", "cash": "1950.00"},
        "not posted to the account",
    ),
    "nothing at all": (
        dict.fromkeys(
            [
                *("total", "eligible", "deductible", "fund", "own_share", "cash"),
                *("adds_eligible", "adds_deductible", "adds_fund", "adds_counted"),
            ],
            "0.00",
        ),
        "settlement_is_of_something",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_it_refuses_a_forged_settlement(name: str, visit: Visit, refuses: Refuses) -> None:
    columns, match = FORGED[name]
    refuses(lambda: forgery(visit).change(**columns).write(), match)


def test_it_refuses_last_years_visit_on_this_years_totals(
    zhang: Member, hospital: Any, refuses: Refuses
) -> None:
    old = desk.visit(zhang, hospital, date(2022, 12, 1), "4000.00")
    other = YearTotal.objects.create(
        member=zhang, area_id=zhang.area_id, care="outpatient", year=2023, opened_on=DAY
    )
    forged = forgery(old).change(policy_year=2023, year_total=other)
    refuses(forged.write, "policy year is not that of the day")


# Lines


def test_it_refuses_lines_that_do_not_add_up(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit)
    del forged.lines[1]
    refuses(forged.write, "lines do not add up")


def test_it_refuses_a_settlement_without_lines(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit)
    forged.lines.clear()
    refuses(forged.write, "lines do not add up")


def test_it_refuses_a_line_with_parts_of_both_signs(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit).change_line(self_funded="-10.00", eligible="3010.00")
    refuses(forged.write, "line_parts_have_one_sign")


def test_it_refuses_a_negative_line_in_a_settlement(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit).change_line(1, total="-1000.00", eligible="-1000.00")
    refuses(forged.write, "with its own amount")


def test_it_refuses_another_amount_than_the_lines(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit).change_line(total="3000.01", eligible="3000.01")
    refuses(forged.write, "with its own amount")


def test_it_refuses_a_line_of_another_visit(
    visit: Visit, zhang: Member, hospital: Any, refuses: Refuses
) -> None:
    elsewhere = desk.visit(zhang, hospital, DAY, "3000.00").lines.get()
    refuses(forgery(visit).change_line(line=elsewhere).write, "in its own visit")


def test_it_refuses_to_settle_a_line_twice(visit: Visit, refuses: Refuses) -> None:
    settlement.settle(visit, by=None, on=DAY)
    refuses(lambda: forgery(visit).write(), "settled once")


def test_it_refuses_a_further_line_in_a_settlement_that_stands(
    visit: Visit, refuses: Refuses
) -> None:
    made = settlement.settle(visit, by=None, on=DAY)
    late = desk.add_line(visit, "50.00")
    parts = {"self_funded": 0, "over_standard": 0, "pre_self_pay": 0, "eligible": Decimal(50)}
    refuses(
        lambda: SettledLine.objects.create(settlement=made, line=late, total=Decimal(50), **parts),
        "more than the settlement",
    )


def test_it_refuses_to_mark_a_line_settled(visit: Visit, refuses: Refuses) -> None:
    refuses(sql("UPDATE claims_billline SET settled_by_id = NULL"), "permission denied")
    made = settlement.settle(visit, by=None, on=DAY)
    refuses(
        lambda: BillLine.objects.create(visit=visit, amount=Decimal(1), settled_by=made),
        "enters unsettled",
    )


def test_it_refuses_to_delete_a_line_once_settled(visit: Visit, refuses: Refuses) -> None:
    reversal.reverse(settlement.settle(visit, by=None, on=DAY), reason="wrong", by=None, on=DAY)

    def delete() -> None:
        sql("DELETE FROM claims_billline")()
        desk.check_at_commit()

    refuses(delete, "foreign key")


# Whose, where and under what


def test_it_refuses_a_visit_under_another_area(visit: Visit, refuses: Refuses) -> None:
    columns = {"number": "V1", "member_id": visit.member_id, "institution_id": visit.institution_id}
    refuses(
        lambda: Visit.objects.create(area=cast.area("320100"), day=DAY, **columns),
        "visit_in_its_members_area",
    )


def test_it_refuses_the_visit_of_another_member(visit: Visit, refuses: Refuses) -> None:
    other = cast.li(area=visit.area)
    forged = forgery(visit).change(member=other)
    refuses(forged.write, r"another member's|settlement_of_its_visit")


def test_it_refuses_another_members_prescription(
    visit: Visit, area: PoolingArea, refuses: Refuses
) -> None:
    lis = desk.prescription(cast.li(area=area), visit.institution)
    pharmacy = cast.pharmacy(area=area)
    refuses(
        lambda: desk.visit(visit.member, pharmacy, DAY, prescription=lis),
        "prescription_is_the_members",
    )


def test_it_refuses_care_that_is_the_sum_of_all(visit: Visit, refuses: Refuses) -> None:
    refuses(
        lambda: desk.visit(visit.member, visit.institution, DAY, care="all"),
        "visit_is_of_one_kind_of_care",
    )


def test_it_refuses_a_version_of_another_area_subject_or_scheme(
    visit: Visit, refuses: Refuses
) -> None:
    versions = PolicyVersion.objects.exclude(area="150600", subject="benefit", scheme="310")
    for version in versions:
        forged = forgery(visit).change(version=version)
        refuses(forged.write, "not in force")


def test_it_refuses_residents_terms_for_an_employee(refuses: Refuses) -> None:
    harbour = cast.area("370200")
    zhang = cast.zhang(area=harbour)
    seen = desk.visit(zhang, cast.tertiary_hospital(area=harbour), DAY, "100.00")
    residents = PolicyVersion.objects.get(area=harbour, scheme="390")
    refuses(forgery(seen).change(version=residents).write, "not in force")


def test_it_refuses_fund_money_without_an_agreement(
    zhang: Member, area: PoolingArea, refuses: Refuses
) -> None:
    lapsed = cast.tertiary_hospital(area=area, designated=False)
    agreement = cast.agreement(lapsed)
    forged = forgery(desk.visit(zhang, lapsed, DAY, "3000.00"))
    agreement.in_force_until = DAY
    agreement.save()
    refuses(forged.write, "no agreement with the institution")


def test_it_refuses_fund_money_after_death(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit)
    person = visit.member.person
    person.died_on = date(2023, 2, 28)
    person.save()
    refuses(forged.write, "had died")


def test_it_refuses_account_money_after_death(visit: Visit, refuses: Refuses) -> None:
    person = visit.member.person
    person.died_on = date(2023, 2, 28)
    person.save()
    forged = forgery(visit).change(account="500.00", cash="3500.00")
    refuses(forged.write, "had died")


# Totals and history


@pytest.mark.parametrize("column", ["eligible", "deductible", "fund", "counted", "carried"])
def test_it_refuses_to_write_a_total(column: str, visit: Visit, refuses: Refuses) -> None:
    settlement.settle(visit, by=None, on=DAY)
    refuses(sql(f"UPDATE members_yeartotal SET {column} = 0"), "permission denied")
    refuses(sql("UPDATE members_yeartotal SET opened_on = '2020-01-01'"), "moves by settling")


def test_a_trigger_of_ones_own_does_not_open_the_totals(visit: Visit, refuses: Refuses) -> None:
    settlement.settle(visit, by=None, on=DAY)
    smuggle = (
        "CREATE TEMP TABLE bait (n int);"
        "CREATE FUNCTION pg_temp.smuggle() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN UPDATE members_yeartotal SET fund = 0; RETURN NEW; END $$;"
        "CREATE TRIGGER smuggle AFTER INSERT ON bait FOR EACH ROW"
        " EXECUTE FUNCTION pg_temp.smuggle();"
        "INSERT INTO bait VALUES (1)"
    )
    refuses(sql(smuggle), "permission denied")


TABLES = (
    "claims_settlement",
    "claims_settledline",
    "claims_visit",
    "claims_billline",
    "claims_prescription",
    "members_yeartotal",
)


@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_truncate(table: str, refuses: Refuses) -> None:
    refuses(sql(f"TRUNCATE {table} CASCADE"), "permission denied")


@pytest.mark.parametrize("table", ["claims_settlement", "claims_settledline", "claims_visit"])
def test_nobody_changes_or_deletes_history(table: str, visit: Visit) -> None:
    settlement.settle(visit, by=None, on=DAY)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError), transaction.atomic():
            sql(statement)()


def test_a_version_does_not_end_before_what_was_settled_under_it(visit: Visit) -> None:
    made = settlement.settle(visit, by=None, on=DAY)
    version = made.version
    version.in_force_until = DAY
    with pytest.raises(IntegrityError, match="has settlements on or after"), transaction.atomic():
        version.save()
    version.in_force_until = date(2023, 3, 2)
    version.save()


# Entries of the account


def test_it_refuses_an_entry_that_says_it_is_a_settlements(zhang: Member, refuses: Refuses) -> None:
    def pay() -> None:
        key = f"settlement:{numbering.settlement_number(DAY)}"
        ledger.pay(zhang.account, Decimal(100), key=key, on=DAY)
        desk.check_at_commit()

    refuses(pay, "no settlement has taken")


def test_it_refuses_another_amount_from_the_account(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit, account=visit.member.account)
    key = f"settlement:{forged.settlement.number}"
    forged.also = lambda: ledger.pay(visit.member.account, Decimal("499.99"), key=key, on=DAY)
    refuses(forged.write, "not posted to the account")


def test_it_refuses_a_payment_of_another_kind(visit: Visit, refuses: Refuses) -> None:
    forged = forgery(visit, account=visit.member.account)
    account, number = visit.member.account, forged.settlement.number
    forged.also = lambda: ledger.pay(
        account, Decimal(500), key=f"settlement:{number}", on=DAY, kind=Entry.Kind.PAY_OUT
    )
    refuses(forged.write, "not posted to the account")


# Reversals


def mirrored(made: Settlement) -> Forgery:
    year = YearTotal.objects.get(pk=made.year_total_id)
    number = numbering.settlement_number(DAY)
    mirror = record.mirror(made, year=year, on=DAY, by=None, number=number, note="x")
    return Forgery(mirror, record.mirrored_lines(made.lines.all(), mirror))


FORGED_REVERSALS: dict[str, tuple[dict[str, Any], str]] = {
    "more than was settled": ({"fund": "-1950.01", "cash": "-2049.99"}, "mirrors|adds_up"),
    "less for the year": ({"adds_fund": "-1.00", "adds_counted": "-1.00"}, "mirrors"),
    "positive amounts": ({"total": "4000.00"}, "mirrors|is_positive|add_up"),
    "no reason": ({"note": ""}, "reversal_gives_its_reason"),
    "before its settlement": ({"made_on": date(2023, 2, 1)}, "not made before"),
}


@pytest.mark.parametrize("name", FORGED_REVERSALS)
def test_it_refuses_a_forged_reversal(name: str, visit: Visit, refuses: Refuses) -> None:
    columns, match = FORGED_REVERSALS[name]
    forged = mirrored(settlement.settle(visit, by=None, on=DAY)).change(**columns)
    refuses(forged.write, match)


def test_it_refuses_a_reversal_with_parts_moved_between_lines(
    zhang: Member, hospital: Any, refuses: Refuses
) -> None:
    half_own = {"amount": "100.00", "item_class": "C"}
    made = desk.settle(zhang, hospital, DAY, half_own, "100.00")
    forged = mirrored(made)
    forged.change_line(0, self_funded="0.00", eligible="-100.00")
    forged.change_line(1, self_funded="-100.00", eligible="0.00")
    refuses(forged.write, "mirrors the lines")


def test_it_refuses_a_second_reversal(visit: Visit, refuses: Refuses) -> None:
    made = settlement.settle(visit, by=None, on=DAY)
    again = mirrored(made)
    reversal.reverse(made, reason="wrong bill", by=None, on=DAY)
    refuses(again.write, "reverses_id|not what the settlement")


def test_it_refuses_the_reversal_of_a_reversal(visit: Visit, refuses: Refuses) -> None:
    made = settlement.settle(visit, by=None, on=DAY)
    mirror = reversal.reverse(made, reason="wrong bill", by=None, on=DAY)
    refuses(mirrored(mirror).write, "a reversal cannot be reversed")


def test_it_refuses_a_reversal_that_keeps_the_accounts_part(visit: Visit, refuses: Refuses) -> None:
    made = settlement.settle(visit, by=None, on=DAY, from_account=True)
    refuses(mirrored(made).write, "not posted to the account")


def test_it_refuses_a_refund_of_another_payment(visit: Visit, refuses: Refuses) -> None:
    account = visit.member.account
    other = ledger.pay(account, Decimal(100), key="other", on=DAY)
    made = settlement.settle(visit, by=None, on=DAY, from_account=True)
    ledger.credit(account, Decimal(300), key="gift", on=DAY, kind=Entry.Kind.TRANSFER_IN)
    forged = mirrored(made)
    key = f"reversal:{forged.settlement.number}"
    forged.also = lambda: ledger.refund(other, key=key, on=DAY)
    refuses(forged.write, "not posted to the account")


def test_the_balance_is_what_the_honest_ones_left(visit: Visit) -> None:
    made = settlement.settle(visit, by=None, on=DAY, from_account=True)
    desk.check_at_commit()
    assert desk.balance_of(visit.member) == "0.00"
    reversal.reverse(made, reason="wrong bill", by=None, on=DAY)
    desk.check_at_commit()
    assert Account.objects.get(member=visit.member).balance == Decimal("500.00")
