"""What the rows of policy tables say, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from policies import labels
from policies.engine.explain import percent
from policies.engine.match import within
from policies.engine.money import millionths

SETS: tuple[tuple[str, Sequence[tuple[Any, Any]]], ...] = (
    ("statuses", labels.STATUSES),
    ("employer_groups", labels.EMPLOYER_GROUPS),
    ("special_groups", ()),
    ("supplementary_schemes", ()),
    ("places", labels.PLACES),
    ("kinds", labels.KINDS),
    ("tiers", labels.TIERS),
    ("charge_classes", labels.CHARGE_CLASSES),
)
FLAGS = ("community", "selected", "family_doctor", "referred")
RANGES = (
    ("age_from", "age_until"),
    ("retired_from", "retired_until"),
    ("month_from", "month_until"),
)

Case = dict[str, Any]
"""What is told apart: sets of words, true or false, ends of ranges; `month_is` for one month."""


def case_of(row: Any) -> Case:
    """The match columns of a row that say something."""
    names = [name for name, _words in SETS] + list(FLAGS) + [end for ends in RANGES for end in ends]
    found = {name: getattr(row, name, None) for name in names}
    return {name: value for name, value in found.items() if value not in (None, [], ())}


def both(one: Case, other: Case) -> Case | None:
    """The case in which two rows match together, or None when there is none."""
    joint: Case = {}
    for name, _words in SETS:
        words = _common(one.get(name), other.get(name))
        if words is not None:
            if not words:
                return None
            joint[name] = words
    for name in FLAGS:
        values = {case[name] for case in (one, other) if name in case}
        if len(values) > 1:
            return None
        joint.update((name, value) for value in values)
    return _within_both(joint, one, other)


def _common(one: list[Any] | None, other: list[Any] | None) -> list[Any] | None:
    if not one or not other:
        return one or other
    return [word for word in one if word in other]


def _within_both(joint: Case, one: Case, other: Case) -> Case | None:
    for start, end in RANGES:
        starts = [case[start] for case in (one, other) if start in case]
        ends = [case[end] for case in (one, other) if end in case]
        if starts and ends and not within(max(starts), None, min(ends)):
            return None
        joint |= {start: max(starts)} if starts else {}
        joint |= {end: min(ends)} if ends else {}
    return joint


def case_words(case: Case) -> str:
    """A case in words, such as “retired, tier 3 institutions”; empty when it is every case."""
    return listed(words for words in (_part(name, case) for name in ORDER) if words)


def listed(parts: Iterable[str]) -> str:
    """Words that all hold, one after the other."""
    return pgettext("between words that all hold", ", ").join(parts)


def alternatives(words: Iterable[Any]) -> str:
    """Words of which one holds."""
    return pgettext("between alternatives", " or ").join(str(word) for word in words)


def label_of(value: Any, choices: Iterable[tuple[Any, Any]]) -> str:
    """What a word of the vocabulary is called; an unknown one stands for itself."""
    return str(dict(choices).get(value, value))


def _part(name: str, case: Case) -> str:
    if name in PHRASES:
        return PHRASES[name](case)
    if name in FLAGS:
        return _flag(name, case)
    choices = dict(SETS)[name]
    return alternatives(label_of(word, choices) for word in case.get(name, ()))


def _flag(name: str, case: Case) -> str:
    if name not in case:
        return ""
    said = {
        ("community", True): _("community institution"),
        ("community", False): _("not a community institution"),
        ("selected", True): _("opened for pooling"),
        ("selected", False): _("not opened for pooling"),
        ("family_doctor", True): _("family-doctor signed"),
        ("family_doctor", False): _("not family-doctor signed"),
        ("referred", True): _("referred"),
        ("referred", False): _("not referred"),
    }
    return said[name, case[name]]


def _age(case: Case) -> str:
    start, end = case.get("age_from"), case.get("age_until")
    if start is not None and end is not None:
        return _("aged %(start)s to under %(end)s") % {"start": start, "end": end}
    if start is not None:
        return _("aged %(start)s and over") % {"start": start}
    return _("aged under %(end)s") % {"end": end} if end is not None else ""


def _retired(case: Case) -> str:
    start, end = case.get("retired_from"), case.get("retired_until")
    if start is not None and end is not None:
        return _("retired from %(start)s to before %(end)s") % {"start": start, "end": end}
    if start is not None:
        return _("retired from %(start)s on") % {"start": start}
    return _("retired before %(end)s") % {"end": end} if end is not None else ""


def _months(case: Case) -> str:
    start, end = case.get("month_from"), case.get("month_until")
    if start is not None and end is not None:
        return _("months from %(start)s to before %(end)s") % {
            "start": f"{start:%Y-%m}",
            "end": f"{end:%Y-%m}",
        }
    if start is not None:
        return _("months from %(start)s on") % {"start": f"{start:%Y-%m}"}
    return _("months before %(end)s") % {"end": f"{end:%Y-%m}"} if end is not None else ""


def _tiers(case: Case) -> str:
    if not case.get("tiers"):
        return ""
    tiers = alternatives(label_of(tier, labels.TIERS) for tier in case["tiers"])
    return _("%(tiers)s institutions") % {"tiers": tiers}


def _charge_classes(case: Case) -> str:
    if not case.get("charge_classes"):
        return ""
    words = alternatives(label_of(one, labels.CHARGE_CLASSES) for one in case["charge_classes"])
    return _("charge %(classes)s") % {"classes": words}


def _exact_month(case: Case) -> str:
    return _("in %(month)s") % {"month": f"{case['month_is']:%Y-%m}"} if "month_is" in case else ""


def _exact_retirement(case: Case) -> str:
    if case.get("retired_on") is None:
        return ""
    return _("retired on %(day)s") % {"day": case["retired_on"].isoformat()}


PHRASES = {
    "month_is": _exact_month,
    "retired_on": _exact_retirement,
    "age": _age,
    "retired": _retired,
    "months": _months,
    "tiers": _tiers,
    "charge_classes": _charge_classes,
}
ORDER = (
    "statuses",
    "age",
    "retired_on",
    "retired",
    "employer_groups",
    "special_groups",
    "supplementary_schemes",
    "family_doctor",
    "referred",
    "places",
    "kinds",
    "tiers",
    "charge_classes",
    "community",
    "selected",
    "months",
    "month_is",
)


def yuan_words(amount: Decimal | None) -> str:
    """An amount such as “1,700 yuan”, without idle zeros."""
    if amount is None:
        return ""
    exact = Decimal(amount).quantize(Decimal("0.01"))
    said = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    return _("%(amount)s yuan") % {"amount": said}


def share_words(share: Decimal) -> str:
    """A share such as “65%”."""
    return percent(millionths(share))


def points_words(share: Decimal) -> str:
    """Points with their sign, such as “+5%”."""
    return ("+" if share >= 0 else "−") + share_words(abs(share))
