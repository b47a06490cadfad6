"""What clerks do with people and their enrolments, and the record that it leaves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from bureau.models import ActionRecord
from facilities.services import keeping
from members.models import Entry, IdentityChange, Person, SignedContract
from members.services import (
    cards,
    contracts,
    contributions,
    enrolment,
    filings,
    people,
    relations,
    statuses,
    stays,
)
from tests import cast

pytestmark = pytest.mark.django_db
BORN = date(1990, 5, 1)
DAY = date(2023, 3, 1)


@pytest.fixture
def clerk():
    return cast.clerk()


def actions() -> list[str]:
    return list(ActionRecord.objects.order_by("pk").values_list("action", flat=True))


def register(clerk, number: str = "", **fields) -> Person:
    fields = {"name": "张伟", "document_type": "resident_id", "sex": "male", "born": BORN, **fields}
    return people.register(number=number or cast.identity_number(born=BORN), by=clerk, **fields)


class TestPeople:
    def test_a_person_is_registered_under_an_encrypted_number(self, clerk):
        number = cast.identity_number(born=BORN)
        person = register(clerk, number)
        person.refresh_from_db()
        assert person.identity_number == number
        assert number.encode() not in bytes(person.identity)
        assert person.name_pinyin == "zhangwei"
        assert actions() == ["person registered"]

    def test_a_number_known_already_is_refused_by_name(self, clerk):
        number = cast.identity_number(born=BORN)
        register(clerk, number)
        with pytest.raises(ValidationError, match="张伟"):
            register(clerk, number.lower(), name="李四")

    def test_a_mistyped_number_is_refused(self, clerk):
        with pytest.raises(ValidationError):
            register(clerk, cast.identity_number(born=BORN)[:-1] + "Y")
        assert not Person.objects.exists()

    def test_no_identity_number_gets_into_the_log(self, clerk):
        person = register(clerk)
        number = person.identity_number
        new = cast.identity_number(born=BORN)
        people.correct_identity(
            person, document_type="resident_id", number=new, reason="mistyped", by=clerk
        )
        log = str(list(ActionRecord.objects.values()))
        assert number not in log
        assert new not in log

    def test_a_corrected_number_keeps_the_former_one(self, clerk):
        person = register(clerk)
        former = person.identity_number
        new = cast.identity_number(born=BORN)
        person = people.correct_identity(
            person, document_type="resident_id", number=new, reason="mistyped", by=clerk
        )
        assert person.identity_number == new
        change = IdentityChange.objects.get()
        assert change.identity_masked == f"{former[:4]}**********{former[-4:]}"
        assert (change.reason, change.changed_by) == ("mistyped", clerk)

    def test_a_number_of_somebody_else_corrects_nobody(self, clerk):
        number = cast.identity_number(born=BORN)
        register(clerk, number)
        other = register(clerk)
        with pytest.raises(ValidationError):
            people.correct_identity(
                other, document_type="resident_id", number=number, reason="?", by=clerk
            )

    def test_a_birth_date_is_corrected_with_its_number(self, clerk):
        person = register(clerk)
        born = date(1990, 6, 1)
        number = cast.identity_number(born=born)
        kwargs = {"document_type": "resident_id", "number": number, "reason": "r", "by": clerk}
        with pytest.raises(ValidationError):
            people.correct_identity(person, **kwargs)
        assert people.correct_identity(person, born=born, **kwargs).born == born

    def test_two_records_of_one_person_are_merged(self, clerk):
        kept, duplicate = register(clerk), register(clerk)
        wife = cast.person("李娜", sex="female")
        relations.relate(duplicate, wife, kind="spouse", since=DAY, by=clerk)
        moved = cast.member(duplicate, area=cast.other_area())
        people.merge(duplicate, into=kept, reason="two numbers", by=clerk)
        duplicate.refresh_from_db()
        assert duplicate.merged_into == kept
        assert list(kept.enrolments.all()) == [moved]
        assert kept.relations.get().relative == wife
        assert ActionRecord.objects.latest("pk").action == "people merged"

    def test_two_running_enrolments_in_one_scheme_must_be_sorted_out_first(self, clerk):
        kept, duplicate = register(clerk), register(clerk)
        cast.member(kept)
        cast.member(duplicate)
        with pytest.raises(ValidationError):
            people.merge(duplicate, into=kept, reason="two numbers", by=clerk)

    def test_a_record_is_merged_once_and_never_into_itself(self, clerk):
        kept, duplicate = register(clerk), register(clerk)
        people.merge(duplicate, into=kept, reason="r", by=clerk)
        for one, other in ((duplicate, kept), (kept, duplicate), (kept, kept)):
            with pytest.raises(ValidationError):
                people.merge(one, into=other, reason="r", by=clerk)

    def test_a_number_is_shown_for_a_reason_on_record(self, clerk):
        person = register(clerk)
        with pytest.raises(ValidationError):
            people.reveal_identity(person, reason=" ", by=clerk)
        assert people.reveal_identity(person, reason="call", by=clerk) == person.identity_number
        record = ActionRecord.objects.latest("pk")
        assert (record.action, record.detail) == ("identity number shown", {"reason": "call"})

    def test_a_death_before_birth_is_refused(self, clerk):
        with pytest.raises(ValidationError):
            people.record_death(register(clerk), on=date(1980, 1, 1), by=clerk)

    def test_a_new_name_is_found_by_its_own_spelling(self, clerk):
        renamed = people.rename(register(clerk), name="单雄信", reason="mistyped", by=clerk)
        assert renamed.name_pinyin == "shanxiongxin"


class TestEnrolment:
    def enrol(self, clerk, **fields):
        fields = {
            "area": cast.area(),
            "insured_from": DAY,
            "status": "in_service",
            **fields,
        }
        return enrolment.enrol(fields.pop("person", None) or register(clerk), by=clerk, **fields)

    def test_an_enrolment_has_a_number_a_status_and_an_account(self, clerk):
        member = self.enrol(clerk)
        assert member.number.startswith("370200")
        assert len(member.number) == 20
        assert member.status_changes.get().status == "in_service"
        assert member.account.balance == 0

    def test_two_enrolments_have_two_numbers(self, clerk):
        assert self.enrol(clerk).number != self.enrol(clerk).number

    def test_who_is_insured_without_an_account_has_none(self, clerk):
        assert not hasattr(self.enrol(clerk, has_account=False), "account")

    def test_the_employers_group_is_the_members(self, clerk):
        employer = cast.employer(group="institution")
        assert self.enrol(clerk, employer=employer).employer_group == "institution"

    def test_a_second_enrolment_in_the_same_scheme_is_refused(self, clerk):
        member = self.enrol(clerk)
        with pytest.raises(ValidationError):
            self.enrol(clerk, person=member.person)
        enrolment.end(member, on=date(2024, 1, 1), reason="moved", by=clerk)
        assert self.enrol(clerk, person=member.person, insured_from=date(2024, 1, 1)).pk

    def test_a_suspension_ends_the_day_insurance_goes_on(self, clerk):
        suspension = enrolment.suspend(self.enrol(clerk), since=DAY, reason="arrears", by=clerk)
        assert enrolment.resume(suspension, on=date(2023, 5, 1), by=clerk).suspended_until
        with pytest.raises(ValidationError):
            enrolment.resume(suspension, on=DAY - timedelta(1), by=clerk)

    def test_statuses_change_by_day_and_mistakes_are_struck_out(self, clerk):
        member = self.enrol(clerk)
        retired = statuses.change(member, to="retired", on=date(2024, 1, 5), by=clerk)
        with pytest.raises(ValidationError):
            statuses.change(member, to="flexible", on=date(2024, 1, 5), by=clerk)
        statuses.strike_out(retired, reason="the wrong person", by=clerk)
        assert member.status_changes.count() == 1
        with pytest.raises(ValidationError):
            statuses.strike_out(member.status_changes.get(), reason="?", by=clerk)

    def test_special_groups_are_joined_and_left(self, clerk):
        membership = statuses.join_group(self.enrol(clerk), group="veterans", on=DAY, by=clerk)
        assert statuses.leave_group(membership, on=date(2024, 1, 1), by=clerk).left_on

    def test_a_corrected_contribution_is_a_further_revision(self, clerk):
        member = self.enrol(clerk)
        first = contributions.record(member, month=DAY, base=Decimal(8000), by=clerk)
        second = contributions.record(
            member, month=DAY, base=Decimal(8000), received_on=DAY, by=clerk
        )
        assert (first.revision, second.revision) == (0, 1)
        with pytest.raises(ValidationError):
            contributions.record(member, month=date(2023, 3, 2), base=Decimal(1), by=clerk)

    def test_a_pension_of_the_same_month_is_corrected(self, clerk):
        member = self.enrol(clerk)
        for amount in ("4000.00", "4100.00"):
            contributions.record_pension(member, from_month=DAY, amount=Decimal(amount), by=clerk)
        assert member.pensions.get().amount == Decimal("4100.00")


class TestContracts:
    def test_one_contract_at_a_time_where_the_area_says_nothing_else(self, clerk):
        zhang = cast.zhang()
        contracts.sign(zhang, cast.tertiary_hospital(), signed_from=DAY, by=clerk)
        with pytest.raises(ValidationError, match="Central Hospital"):
            contracts.sign(zhang, cast.community_station(), signed_from=DAY, by=clerk)

    def test_a_consortium_is_signed_as_a_whole(self, clerk):
        together = cast.consortium(cast.tertiary_hospital())
        contract = contracts.sign(cast.zhang(), together, signed_from=DAY, by=clerk)
        assert contract.partner == together

    def test_a_change_ends_the_old_contract_the_day_the_new_one_begins(self, clerk):
        old = contracts.sign(cast.zhang(), cast.tertiary_hospital(), signed_from=DAY, by=clerk)
        station = cast.community_station()
        new = contracts.change(old, to=station, on=date(2024, 1, 1), by=clerk)
        old.refresh_from_db()
        assert old.signed_until == new.signed_from == date(2024, 1, 1)
        assert new.institution == station

    def test_a_contract_may_follow_one_that_ended(self, clerk):
        zhang, hospital = cast.zhang(), cast.tertiary_hospital()
        first = contracts.sign(zhang, hospital, signed_from=DAY, by=clerk)
        contracts.end(first, on=date(2023, 6, 1), reason="moved", by=clerk)
        contracts.sign(zhang, hospital, signed_from=date(2023, 6, 1), by=clerk)
        assert SignedContract.objects.count() == 2

    def test_an_area_that_allows_two_has_two_order_numbers(self, clerk):
        zhang = cast.zhang()
        with mock.patch.object(contracts, "allowed_at_once", return_value=2):
            one = contracts.sign(zhang, cast.tertiary_hospital(), signed_from=DAY, by=clerk)
            two = contracts.sign(zhang, cast.community_station(), signed_from=DAY, by=clerk)
            with pytest.raises(ValidationError):
                contracts.sign(zhang, cast.institution(), signed_from=DAY, by=clerk)
        assert (one.slot, two.slot) == (1, 2)


class TestCardsStaysFilings:
    def test_a_lost_card_is_reported_once_and_lifted_once(self, clerk):
        card = cards.issue(cast.zhang(), number="C1", issued_on=DAY, by=clerk)
        cards.report_loss(card, by=clerk)
        with pytest.raises(ValidationError):
            cards.report_loss(card, by=clerk)
        assert cards.lift_loss(card, by=clerk).lifted_at
        with pytest.raises(ValidationError):
            cards.lift_loss(card, by=clerk)
        assert actions() == ["card issued", "card reported lost", "loss report lifted"]

    def test_the_application_may_do_all_of_that(self, clerk, as_application):
        zhang = cast.zhang()
        with as_application():
            card = cards.issue(zhang, number="C1", issued_on=DAY, by=clerk)
            cards.report_loss(card, by=clerk)
            cards.lift_loss(card, by=clerk)
            person = register(clerk)
            enrolment.enrol(
                person, area=cast.area(), insured_from=DAY, status="in_service", by=clerk
            )
            stay = stays.admit(zhang, on=DAY, by=clerk)
            stays.discharge(stay, on=DAY, by=clerk)
        assert not Entry.objects.filter(account__member__person=person).exists()

    def test_who_is_an_inpatient_is_not_admitted_again(self, clerk):
        zhang = cast.zhang()
        stay = stays.admit(zhang, on=DAY, by=clerk)
        with pytest.raises(ValidationError):
            stays.admit(zhang, on=date(2023, 3, 5), by=clerk)
        with pytest.raises(ValidationError):
            stays.discharge(stay, on=date(2023, 2, 28), by=clerk)

    def test_a_filing_names_a_division_by_six_digits(self, clerk):
        zhang = cast.zhang()
        with pytest.raises(ValidationError):
            filings.file(zhang, region="31", filed_from=DAY, by=clerk)
        filing = filings.file(zhang, region="310000", filed_from=DAY, by=clerk)
        assert filings.end(filing, on=date(2024, 1, 1), by=clerk).filed_until

    def test_a_relation_ends(self, clerk):
        one, other = cast.person(), cast.person()
        relation = relations.relate(one, other, kind="parent", since=DAY, by=clerk)
        assert relations.end(relation, on=date(2024, 1, 1), by=clerk).until


def test_who_is_overtaken_between_check_and_save_is_told_so():
    zhang, hospital = cast.zhang(), cast.tertiary_hospital()
    contract = {"member": zhang, "area": zhang.area, "institution": hospital, "signed_from": DAY}
    SignedContract.objects.create(**contract)
    late = SignedContract(**contract)
    english, unchecked = translation.override("en"), mock.patch.object(late, "full_clean")
    with english, unchecked, pytest.raises(ValidationError, match="Somebody"):
        keeping.keep(late)
