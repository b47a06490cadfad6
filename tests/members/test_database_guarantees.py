"""What the database refuses, whatever code tries it: SQL as the application's role."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from members import ledger
from members.models import Contribution, Entry, IdentityChange, Member, SignedContract, YearTotal
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 1)
cursor = connection.cursor


@pytest.fixture
def refused(as_application):
    """Run SQL as the application's role and return the refusal; fails where nothing is refused."""

    def run(sql: str, *values: object) -> str:
        with pytest.raises(DatabaseError) as refusal, as_application(), cursor() as at:
            at.execute(sql, values)
        return str(refusal.value)

    return run


@pytest.fixture
def refused_to_owner():
    """The same as the owner of the tables, for what nobody may do."""

    def run(sql: str, *values: object) -> str:
        with pytest.raises(DatabaseError) as refusal, transaction.atomic(), cursor() as at:
            at.execute(sql, values)
        return str(refusal.value)

    return run


class TestBalance:
    def test_the_application_cannot_write_it(self, refused):
        account = cast.account()
        sql = "UPDATE members_account SET balance = 1000 WHERE id = %s"
        assert "permission denied" in refused(sql, account.pk)

    def test_nor_can_the_owner(self, refused_to_owner):
        account = cast.account()
        sql = "UPDATE members_account SET balance = 1000 WHERE id = %s"
        assert "posting an entry" in refused_to_owner(sql, account.pk)

    def test_no_account_opens_with_money_from_nowhere(self, refused):
        member = cast.zhang(balance=None)
        sql = INSERT_ACCOUNT.format(5)
        assert "opens empty" in refused(sql, member.pk, member.area_id, DAY)

    def test_an_entry_beyond_it_is_refused(self, refused):
        account = cast.account(balance="300.00")
        said = refused(INSERT_ENTRY, account.pk, account.area_id, "payment", "-300.01", "k", DAY)
        assert "account_balance_is_never_negative" in said

    def test_an_entry_moves_it(self, as_application):
        account = cast.account(balance="300.00")
        with as_application(), cursor() as at:
            at.execute(INSERT_ENTRY, [account.pk, account.area_id, "payment", "-1", "k", DAY])
        account.refresh_from_db()
        assert account.balance == Decimal(299)

    def test_the_posting_function_is_not_the_applications_to_call(self, refused):
        assert "permission denied" in refused("SELECT members_post_entries()")

    def test_a_table_of_the_same_name_in_pg_temp_does_not_take_its_place(self, as_application):
        account = cast.account(balance="300.00")
        with cursor() as at:
            at.execute("CREATE TEMPORARY TABLE members_account (id bigint, balance numeric)")
        with as_application(), cursor() as at:
            at.execute(
                INSERT_ENTRY.replace("INTO ", "INTO public."),
                [account.pk, account.area_id, "payment", "-1", "k", DAY],
            )
        with cursor() as at:
            at.execute("SELECT balance FROM public.members_account WHERE id = %s", [account.pk])
            assert at.fetchone() == (Decimal(299),)

    def test_an_account_is_not_deleted(self, refused, refused_to_owner):
        cast.account(balance="0")
        assert "permission denied" in refused("DELETE FROM members_account")
        assert "never changed" in refused_to_owner("DELETE FROM members_account")


INSERT_ACCOUNT = (
    "INSERT INTO members_account (member_id, area_id, balance, opened_on) VALUES (%s, %s, {}, %s)"
)
INSERT_ENTRY = (
    "INSERT INTO members_entry (account_id, area_id, kind, amount, key, made_on,"
    " rule, revision, article, source_fund, provisional)"
    " VALUES (%s, %s, %s, %s, %s, %s, '', 0, '', '', false)"
)


class TestEntries:
    @pytest.mark.parametrize(
        "sql", ["UPDATE members_entry SET amount = 1000000", "DELETE FROM members_entry"]
    )
    def test_they_stay_as_written(self, sql, refused, refused_to_owner):
        cast.account()
        assert "permission denied" in refused(sql)
        assert "never changed" in refused_to_owner(sql)

    def test_they_are_not_truncated(self, refused):
        assert "permission denied" in refused("TRUNCATE members_entry CASCADE")

    def test_their_triggers_stay_on(self, refused):
        sql = "ALTER TABLE members_entry DISABLE TRIGGER ALL"
        assert "must be owner" in refused(sql)

    def test_no_session_setting_turns_the_guard_off(self, refused):
        assert "permission denied" in refused("SET session_replication_role = replica")

    def test_a_key_stands_once(self, refused):
        account = cast.account()
        ledger.pay(account, Decimal(1), key="settlement:1", on=DAY)
        said = refused(
            INSERT_ENTRY, account.pk, account.area_id, "payment", "-1", "settlement:1", DAY
        )
        assert "entry_once_per_business_key" in said

    @pytest.mark.parametrize(
        ("kind", "amount"),
        [("payment", "5"), ("refund", "-5"), ("opening", "-5"), ("pay_out", "5"), ("payment", "0")],
    )
    def test_their_sign_fits_their_kind(self, kind, amount, refused):
        account = cast.account()
        said = refused(INSERT_ENTRY, account.pk, account.area_id, kind, amount, "k", DAY)
        assert "entry_sign_fits_its_kind" in said or "refund_names_its_payment" in said

    def test_an_unknown_kind_is_refused(self, refused):
        account = cast.account()
        refused(INSERT_ENTRY, account.pk, account.area_id, "gift", "5", "k", DAY)

    def test_a_credit_names_its_month_and_rule(self, refused):
        account = cast.account()
        said = refused(INSERT_ENTRY, account.pk, account.area_id, "credit", "5", "k", DAY)
        assert "credit_names_its_month_and_rule" in said

    def test_a_month_is_credited_once_a_rule(self, refused):
        account = cast.account()
        ledger.credit(account, Decimal(5), key="a", on=DAY, period=DAY, rule="R1")
        sql = INSERT_ENTRY.replace("rule,", "rule, period,").replace(
            "%s, '', 0", "%s, 'R1', '2023-03-01', 0"
        )
        said = refused(sql, account.pk, account.area_id, "credit", "5", "b", DAY)
        assert "credit_once_per_month_and_rule" in said


class TestAreas:
    """Child rows carry their parent row's area."""

    def test_an_entry_of_another_area_is_refused(self, refused):
        account, elsewhere = cast.account(), cast.other_area()
        said = refused(INSERT_ENTRY, account.pk, elsewhere.pk, "payment", "-1", "k", DAY)
        assert "entry_area_is_its_accounts" in said

    def test_an_account_of_another_area_is_refused(self, refused):
        member, elsewhere = cast.zhang(balance=None), cast.other_area()
        sql = INSERT_ACCOUNT.format(0)
        assert "account_area_is_its_members" in refused(sql, member.pk, elsewhere.pk, DAY)

    def test_a_year_total_of_another_area_is_refused(self, refused):
        member, elsewhere = cast.zhang(), cast.other_area()
        said = refused(INSERT_TOTAL, member.pk, elsewhere.pk, 0)
        assert "year_total_area_is_its_members" in said

    def test_a_contribution_of_another_area_is_refused(self):
        with pytest.raises(DatabaseError, match="contribution_area_is_its_members"):
            Contribution.objects.create(
                member=cast.zhang(), area=cast.other_area(), month=DAY, base=1
            )

    def test_a_contract_of_another_area_is_refused(self):
        with pytest.raises(DatabaseError, match="contract_area_is_its_members"):
            SignedContract.objects.create(
                member=cast.zhang(),
                area=cast.other_area(),
                institution=cast.institution(),
                signed_from=DAY,
            )

    def test_a_members_employer_is_of_the_members_area(self):
        with pytest.raises(DatabaseError, match="member_employer_is_of_its_area"):
            cast.zhang(employer=cast.employer(area=cast.other_area()))

    def test_a_member_with_an_account_cannot_move_to_another_area(self, refused):
        member, elsewhere = cast.zhang(), cast.other_area()
        sql = "UPDATE members_member SET area_id = %s WHERE id = %s"
        assert "account_area_is_its_members" in refused(sql, elsewhere.pk, member.pk)


INSERT_TOTAL = (
    "INSERT INTO members_yeartotal (member_id, area_id, care, year, eligible, deductible, fund,"
    " counted, carried, opened_on)"
    " VALUES (%s, %s, 'outpatient', 2023, 0, 0, %s, 0, 0, '2023-01-01')"
)


class TestYearTotals:
    def test_they_open_at_zero(self, refused, as_application):
        member = cast.zhang()
        assert "opens at zero" in refused(INSERT_TOTAL, member.pk, member.area_id, 1)
        with as_application(), cursor() as at:
            at.execute(INSERT_TOTAL, [member.pk, member.area_id, 0])

    def test_they_do_not_open_with_a_limit_that_nobody_left_unused(self, refused):
        member = cast.zhang()
        with_carried = INSERT_TOTAL.replace("%s, 0, 0, '2023", "0, 0, %s, '2023")
        assert "opens at zero" in refused(with_carried, member.pk, member.area_id, 500)

    @pytest.mark.parametrize("column", ["fund", "eligible", "deductible", "counted", "carried"])
    def test_the_application_cannot_write_them(self, column, refused):
        self.open()
        assert "permission denied" in refused(f"UPDATE members_yeartotal SET {column} = 1")

    def test_the_column_that_lets_it_lock_them_is_refused_too(self, refused):
        self.open()
        sql = "UPDATE members_yeartotal SET opened_on = '2000-01-01'"
        assert "moves by settling" in refused(sql)

    def test_the_application_may_lock_them(self, as_application):
        self.open()
        with as_application():
            assert YearTotal.objects.select_for_update(no_key=True).get().fund == 0

    def test_the_owner_cannot_write_them_by_hand(self, refused_to_owner):
        self.open()
        assert "moves by settling" in refused_to_owner("UPDATE members_yeartotal SET fund = 1")

    def test_there_is_one_a_year_and_kind_of_care(self, refused):
        total = self.open()
        said = refused(INSERT_TOTAL, total.member_id, total.area_id, 0)
        assert "one_total_per_care_and_year" in said

    def open(self) -> YearTotal:
        member = cast.zhang()
        return YearTotal.objects.create(
            member=member, area_id=member.area_id, care="outpatient", year=2023, opened_on=DAY
        )


class TestHistory:
    def test_a_contribution_is_corrected_by_a_revision_only(self, refused, refused_to_owner):
        cast.contribution(cast.zhang(), DAY)
        sql = "UPDATE members_contribution SET base = 1"
        assert "permission denied" in refused(sql)
        assert "never changed" in refused_to_owner(sql)

    def test_a_former_number_stays_on_record(self, refused, refused_to_owner):
        someone = cast.person()
        IdentityChange.objects.create(
            person=someone, document_type="passport", identity=b"x", identity_index="y", reason="z"
        )
        sql = "DELETE FROM members_identitychange"
        assert "permission denied" in refused(sql)
        assert "never changed" in refused_to_owner(sql)

    @pytest.mark.parametrize("table", ["person", "member", "signedcontract", "stay", "card"])
    def test_the_application_deletes_no_records(self, table, refused):
        assert "permission denied" in refused(f"DELETE FROM members_{table}")


class TestOncePerPerson:
    def test_one_number_is_one_person(self):
        number = cast.identity_number()
        cast.person("张伟", number=number)
        with pytest.raises(DatabaseError, match="identity_index"):
            cast.person("李四", number=number)

    def test_a_person_is_enrolled_once_a_scheme_and_area_at_a_time(self):
        member = cast.zhang(insured_until=date(2020, 1, 1))
        with pytest.raises(DatabaseError, match="person_enrolled_once"):
            again(member, insured_from=date(2019, 12, 31))

    def test_an_enrolment_may_follow_on_the_day_the_other_ended(self):
        member = cast.zhang(insured_until=date(2020, 1, 1))
        assert again(member, insured_from=date(2020, 1, 1)).pk

    def test_a_person_may_be_enrolled_in_two_areas(self):
        assert again(cast.zhang(), area=cast.other_area()).pk


def again(member: Member, **fields) -> Member:
    """Another enrolment of the same person."""
    fields = {"area": member.area, "insured_from": member.insured_from, **fields}
    return Member.objects.create(person=member.person, number=f"{member.number}0", **fields)


def test_the_balance_is_the_sum_of_its_entries_after_all_of_this():
    account = cast.account(balance="300.00")
    for n in range(5):
        ledger.pay(account, Decimal("7.77"), key=f"settlement:{n}", on=DAY)
    account.refresh_from_db()
    assert account.balance == sum(Entry.objects.values_list("amount", flat=True))
