"""One box that finds people: by name, spelling, initials, or an exact number."""

from __future__ import annotations

from datetime import date

import pytest

from members.identity import documents
from members.models import Card
from members.selectors import search
from members.services import people
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang():
    member = cast.zhang()
    Card.objects.create(member=member, number="A12345678", issued_on=date(2020, 1, 1))
    return member


def found(text, user=None):
    return list(search.members(text, user=user or cast.clerk()))


def test_the_box_understands_all_that_is_typed_into_it(zhang):
    cast.li()
    number = zhang.person.identity_number
    for text in ("张", "张伟", "zhang", "Zhang Wei", "zw", number, f" {number.lower()} "):
        assert found(text) == [zhang], text
    assert found(zhang.number) == [zhang]
    assert found("A12345678") == [zhang]


@pytest.mark.parametrize("text", ["", "  ", "王", "wang", "%", "_", "12345", "' OR 1=1 --"])
def test_what_names_nobody_finds_nobody(zhang, text):
    assert found(text) == []


def test_part_of_an_identity_number_finds_nobody(zhang):
    assert found(zhang.person.identity_number[:17]) == []


def test_a_clerk_of_another_city_finds_nobody(zhang):
    charlie = cast.clerk_elsewhere()
    for text in ("张伟", "zw", zhang.person.identity_number, zhang.number, "A12345678"):
        assert found(text, charlie) == []


def test_who_sees_all_areas_finds_everybody(zhang):
    assert found("张伟", cast.staff(sees_all_areas=True)) == [zhang]


def test_a_former_number_still_finds_its_person(zhang):
    former = zhang.person.identity_number
    new = cast.identity_number(born=zhang.person.born)
    people.correct_identity(
        zhang.person, document_type="resident_id", number=new, reason="mistyped", by=None
    )
    assert found(former) == found(new) == [zhang]


def test_a_permit_is_found_without_saying_what_it_is():
    kind = documents.DocumentType.HK_MACAO_PERMIT
    member = cast.member(cast.person("陳大文", number="H12345678", document_type=kind))
    assert found("h12345678") == [member]


def test_a_person_without_enrolment_is_found_for_registering():
    person = cast.person("张伟")
    assert list(search.people("zhangwei")) == [person]
    assert list(search.people(person.identity_number)) == [person]
    assert not search.people(" ").exists()
