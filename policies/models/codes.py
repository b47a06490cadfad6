"""National codes of catalogue items (医保信息业务编码): their forms and what each stands for."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SERVICE = "0"

FORMS = {
    "X": (
        gettext_lazy("a western drug's: X and 22 more characters, as XB01AAT012A001010203485"),
        re.compile(r"X[A-Z]\d{2}[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{9}"),
    ),
    "Z": (
        gettext_lazy("a Chinese patent medicine's: Z and 19 more, as ZA01AAX0558010100166"),
        re.compile(r"Z[A-Z]\d{2}[A-Z]{2}[A-Z]\d{4}\d{9}"),
    ),
    "T": (
        gettext_lazy("herbal slices': T and 9 digits, as T000100057"),
        re.compile(r"T\d{9}"),
    ),
    "C": (
        gettext_lazy("a consumable's: C and 26 digits"),
        re.compile(r"C\d{26}"),
    ),
    SERVICE: (
        gettext_lazy("a service's: 15 digits, perhaps with a local ending, as 001102000040000"),
        re.compile(r"\d{15}(-\d{1,14})?"),
    ),
}
"""Each form in words and as a pattern, by its first letter; X, Z and T codes differ in length."""

DRUGS = frozenset("XZT")


def check(code: str) -> None:
    """Raise ValidationError unless a code has one of the national forms."""
    first = SERVICE if code[:1].isdigit() else code[:1]
    if first in FORMS and FORMS[first][1].fullmatch(code):
        return
    expected = [FORMS[first]] if first in FORMS else FORMS.values()
    raise ValidationError(
        _("“%(code)s” (%(length)s characters) is no national code; expected %(expected)s")
        % {
            "code": code,
            "length": len(code),
            "expected": "; ".join(str(words) for words, _pattern in expected),
        }
    )


def check_kind(code: str, kind: str) -> None:
    """Raise ValidationError where a code and a kind of item do not go together."""
    if code[:1] in DRUGS:
        fits = kind == "drug"
    elif code[:1] == "C":
        fits = kind == "consumable"
    else:
        fits = kind not in {"drug", "consumable"}
    if not fits:
        raise ValidationError(_("A code like %(code)s is no such item's.") % {"code": code})
