"""Identity numbers: their form (GB 11643), their encryption, the index that finds them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import assume, given
from hypothesis import strategies as st

from members.identity import cipher, documents, keys, names
from members.identity.documents import DocumentType, IdentityNumberError, Sex
from tests import cast

BORN = date(1990, 5, 1)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31))
sexes = st.sampled_from([Sex.MALE, Sex.FEMALE])


@st.composite
def numbers(draw):
    born, sex, serial = draw(days), draw(sexes), draw(st.integers(1, 499))
    return cast.identity_number(born=born, sex=sex, serial=serial), born, sex


def test_the_standards_own_example_checks():
    assert documents.check_character("11010519491231002") == "X"


@given(numbers())
def test_a_number_made_by_the_standard_is_accepted(made):
    number, born, sex = made
    assert documents.check(DocumentType.RESIDENT_ID, number, born=born, sex=sex) == number


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789"))
def test_any_one_mistyped_digit_is_refused(made, position, digit):
    number, born, sex = made
    assume(number[position] != digit)
    mistyped = number[:position] + digit + number[position + 1 :]
    with pytest.raises(IdentityNumberError):
        documents.check(DocumentType.RESIDENT_ID, mistyped, born=born, sex=sex)


@given(numbers(), st.integers(0, 16))
def test_two_neighbouring_digits_swapped_are_refused(made, position):
    number, born, sex = made
    assume(number[position] != number[position + 1])
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    with pytest.raises(IdentityNumberError):
        documents.check(DocumentType.RESIDENT_ID, swapped, born=born, sex=sex)


def test_blanks_small_letters_and_full_width_forms_are_folded():
    assert documents.normal_form(" １１０１０５ 19491231002x ") == "11010519491231002X"


def test_a_number_of_another_birth_date_is_refused():
    with pytest.raises(IdentityNumberError, match="19900501"):
        documents.check(
            "resident_id", cast.identity_number(born=BORN), born=date(1990, 5, 2), sex="male"
        )


def test_a_number_of_the_other_sex_is_refused():
    with pytest.raises(IdentityNumberError):
        documents.check("resident_id", cast.identity_number(born=BORN), born=BORN, sex="female")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("hk_macao_permit", "H12345678"),
        ("hk_macao_permit", "M1234567801"),
        ("taiwan_permit", "12345678"),
        ("foreign_permit", "USA310100010101"),
        ("passport", "E12345678"),
    ],
)
def test_other_documents_have_their_own_forms(kind, number):
    assert documents.check(kind, number.lower(), born=BORN, sex="male") == number


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("resident_id", "11010519491231"),
        ("hk_macao_permit", "X12345678"),
        ("taiwan_permit", "1234567"),
        ("residence_permit", "110105194912310021"),
        ("passport", "张三"),
    ],
)
def test_a_number_of_another_form_is_refused(kind, number):
    with pytest.raises(IdentityNumberError):
        documents.check(kind, number, born=BORN, sex="male")


def test_a_residence_permit_checks_like_a_citizen_number():
    first = "81000019900501001"
    number = first + documents.check_character(first)
    assert documents.check("residence_permit", number, born=BORN, sex="male") == number


def test_a_masked_number_shows_its_ends_only():
    assert documents.masked("370202199005010017") == "3702**********0017"
    assert documents.masked("12345678") == "12****78"


@given(st.text(min_size=1, max_size=40))
def test_what_is_sealed_is_unsealed(number):
    assert cipher.unseal(cipher.seal(number)) == number


def test_the_same_number_is_sealed_differently_each_time():
    assert cipher.seal("370202199005010017") != cipher.seal("370202199005010017")


@given(st.integers(min_value=0))
def test_a_sealed_number_that_was_altered_is_refused(where):
    sealed = bytearray(cipher.seal("370202199005010017"))
    sealed[where % len(sealed)] ^= 1
    with pytest.raises(cipher.BrokenSealError):
        cipher.unseal(bytes(sealed))


def test_a_number_sealed_under_the_former_key_is_still_read(settings):
    sealed = cipher.seal("370202199005010017")
    settings.IDENTITY_KEYS = {"new": "00" * 16, **settings.IDENTITY_KEYS}
    assert cipher.unseal(sealed) == "370202199005010017"
    assert cipher.seal("370202199005010017")[1:4] == b"new"


def test_a_number_sealed_under_a_key_that_is_gone_is_refused(settings):
    sealed = cipher.seal("370202199005010017")
    settings.IDENTITY_KEYS = {"new": "00" * 16}
    with pytest.raises(cipher.BrokenSealError):
        cipher.unseal(sealed)


def test_the_index_tells_documents_apart():
    assert cipher.blind_index("passport", "12345678") != cipher.blind_index(
        "taiwan_permit", "12345678"
    )


@pytest.mark.parametrize("wrong", [{}, {"1": "00"}, {"1": "zz" * 16}, {"": "00" * 16}])
def test_wrong_keys_are_named_without_being_quoted(settings, wrong):
    settings.IDENTITY_KEYS = wrong
    with pytest.raises(ImproperlyConfigured) as refused:
        keys.ring()
    assert "zz" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张伟", "zhangwei", "zw"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("解缙", "xiejin", "xj"),
        ("吕布", "lvbu", "lb"),
    ],
)
def test_surnames_are_spelt_as_surnames(name, full, initials):
    spelling = names.spell_name(name)
    assert (spelling.full, spelling.initials) == (full, initials)
