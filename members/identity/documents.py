"""Identity documents (psn_cert_type) and the form of their numbers."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
CITIZEN_NUMBER_LENGTH = 18
LONG_NUMBER = 15


class DocumentType(models.TextChoices):
    """Documents that a person may be registered with (psn_cert_type)."""

    RESIDENT_ID = "resident_id", gettext_lazy("resident identity card")
    HK_MACAO_PERMIT = "hk_macao_permit", gettext_lazy("travel permit of Hong Kong or Macao")
    TAIWAN_PERMIT = "taiwan_permit", gettext_lazy("travel permit of Taiwan")
    RESIDENCE_PERMIT = (
        "residence_permit",
        gettext_lazy("residence permit of Hong Kong, Macao or Taiwan"),
    )
    FOREIGN_PERMIT = "foreign_permit", gettext_lazy("foreigner's permanent residence card")
    PASSPORT = "passport", gettext_lazy("passport")

    @property
    def national_code(self) -> str:
        """The document's code in national interfaces (psn_cert_type)."""
        return NATIONAL_CODES[self]


class Sex(models.TextChoices):
    """Sex (gend) as the identity document states it."""

    MALE = "male", gettext_lazy("male")
    FEMALE = "female", gettext_lazy("female")
    UNKNOWN = "unknown", gettext_lazy("not stated")


NATIONAL_CODES = {
    DocumentType.RESIDENT_ID: "01",
    DocumentType.HK_MACAO_PERMIT: "04",
    DocumentType.TAIWAN_PERMIT: "06",
    DocumentType.RESIDENCE_PERMIT: "17",
    DocumentType.FOREIGN_PERMIT: "07",
    DocumentType.PASSPORT: "08",
}

FORMS = {
    DocumentType.RESIDENT_ID: re.compile(r"[1-7]\d{16}[\dX]"),
    DocumentType.HK_MACAO_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
    DocumentType.TAIWAN_PERMIT: re.compile(r"\d{8}"),
    DocumentType.RESIDENCE_PERMIT: re.compile(r"8[123]0000\d{11}[\dX]"),
    DocumentType.FOREIGN_PERMIT: re.compile(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
    DocumentType.PASSPORT: re.compile(r"[A-Z0-9]{5,15}"),
}


class IdentityNumberError(ValidationError):
    """An identity number that cannot be what it is said to be; the message tells the clerk why."""


def normal_form(number: str) -> str:
    """The number as it is stored: capitals, no blanks, full-width forms folded."""
    folded = number.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    return re.sub(r"\s", "", folded).upper()


def types_of(number: str) -> list[DocumentType]:
    """The documents whose form a number has, for a search that does not know which one it is."""
    return [kind for kind, form in FORMS.items() if form.fullmatch(normal_form(number))]


def check_character(first_seventeen: str) -> str:
    """The check character (校验码) of 17 digits: ISO 7064 MOD 11-2, as in GB 11643-1999."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True))
    return CHECK_CHARACTERS[total % 11]


def check(kind: str, number: str, *, born: date, sex: str) -> str:
    """Return the normal form of a number that fits its document, birth date and sex.

    Raises IdentityNumberError with what does not fit. The division in the first six digits is that
    of the time of issue, perhaps abolished since: it is not compared with today's list.
    """
    number = normal_form(number)
    if not FORMS[DocumentType(kind)].fullmatch(number):
        raise IdentityNumberError(
            _("“%(document)s” has no number of this form.") % {"document": DocumentType(kind).label}
        )
    if len(number) == CITIZEN_NUMBER_LENGTH:
        _check_citizen_number(number, born, sex)
    return number


def _check_citizen_number(number: str, born: date, sex: str) -> None:
    """What GB 11643 puts into the 18 characters: birth date, sex and check character."""
    if check_character(number[:17]) != number[17]:
        raise IdentityNumberError(_("The last character does not check: a digit is mistyped."))
    if number[6:14] != f"{born:%Y%m%d}":
        raise IdentityNumberError(
            _("The number says born on %(number)s, the record %(record)s.")
            % {"number": number[6:14], "record": f"{born:%Y%m%d}"}
        )
    if sex != Sex.UNKNOWN and sex != sex_in(number):
        raise IdentityNumberError(_("The number belongs to a person of the other sex."))


def sex_in(number: str) -> Sex:
    """The sex that the 17th digit states: odd is male."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def masked(number: str) -> str:
    """The number as it is shown to who has no need of it: at most four characters at either end."""
    shown = 4 if len(number) >= LONG_NUMBER else 2
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[-shown:]
