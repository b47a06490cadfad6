"""The form of a worked example: read from YAML or JSON, with an error that says where and what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies.engine.vocabulary import EmployerGroup, ItemClass, ItemKind, Kind, Reason, Status
from policies.labels import CARES, SERIES

Read = Callable[[Any, str], Any]
"""Reads a value at a place of the example; raises NotAnExample."""


class NotAnExample(ValidationError):  # noqa: N818 - says what is wrong
    """The example cannot be played: what is wrong with its form."""


def read(example: Any) -> dict[str, Any]:
    """The example with days as dates and amounts as decimals; raises NotAnExample."""
    found: dict[str, Any] = EXAMPLE(example, "")
    return found


def wrong(place: str, what: str) -> NotAnExample:
    """What is wrong, after the place where it stands."""
    return NotAnExample(f"{place}: {what}" if place else what)


# Values


def day(value: Any, place: str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong(place, _("%(value)s is no day such as 2024-03-01") % _named(value)) from None


def month(value: Any, place: str) -> date:
    if isinstance(value, date):
        return value.replace(day=1)
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise wrong(place, _("%(value)s is no month such as 2024-03") % _named(value)) from None


def amount(value: Any, place: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise wrong(place, _("%(value)s is no amount") % _named(value)) from None


def amount_or_none(value: Any, place: str) -> Decimal | str:
    return "none" if value == "none" else amount(value, place)


def whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not str(value).isdigit():
        raise wrong(place, _("%(value)s is no whole number") % _named(value))
    return int(value)


def flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise wrong(place, _("%(value)s is neither true nor false") % _named(value))
    return value


def text(value: Any, place: str) -> str:
    if isinstance(value, (Mapping, list)):
        raise wrong(place, _("a word is expected here"))
    return str(value)


def one_of(*words: str) -> Read:
    def read_word(value: Any, place: str) -> str:
        if str(value) not in words:
            known = ", ".join(words)
            raise wrong(place, _("%(value)s is none of %(known)s") % _named(value, known=known))
        return str(value)

    return read_word


def _named(value: Any, **more: str) -> dict[str, str]:
    return {"value": f"“{value}”", **more}


# Structures


def listed(of: Read) -> Read:
    def read_list(value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong(place, _("a list is expected here"))
        return [of(one, f"{place}[{number}]") for number, one in enumerate(value, start=1)]

    return read_list


def by_name(of: Read, *, key: Read = text) -> Read:
    def read_names(value: Any, place: str) -> dict[Any, Any]:
        return {
            key(name, place): of(one, f"{place}.{name}") for name, one in _mapping(value, place)
        }

    return read_names


def form(needed: str = "", /, **columns: Read) -> Read:
    """A mapping of known columns; `needed` names those that it cannot do without."""

    def read_form(value: Any, place: str) -> dict[str, Any]:
        given = dict(_mapping(value, place))
        for name in given:
            if name not in columns:
                raise wrong(place, _("%(value)s is not known here") % _named(name))
        for name in needed.split():
            if name not in given:
                raise wrong(place, _("%(value)s is missing") % _named(name))
        under = f"{place}." if place else ""
        return {name: columns[name](one, f"{under}{name}") for name, one in given.items()}

    return read_form


def _mapping(value: Any, place: str) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        raise wrong(place, _("names with values are expected here"))
    return [(str(name), one) for name, one in value.items()]


def figure(value: Any, place: str) -> Any:
    """A published figure: its amount, or that with the day on which it was published."""
    return FIGURE(value, place) if isinstance(value, Mapping) else amount(value, place)


def event(value: Any, place: str) -> dict[str, Any]:
    """A visit, a claim by hand, or a reversal."""
    given = dict(_mapping(value, place))
    kinds = [kind for kind in EVENTS if kind in given]
    if len(kinds) != 1:
        raise wrong(place, _("an event is one of %(kinds)s") % {"kinds": ", ".join(EVENTS)})
    found: dict[str, Any] = EVENTS[kinds[0]](value, place)
    return found


FIGURE = form("amount", amount=amount, published=day)
PERIOD = {"from": day, "to": day}
MEMBER = form(
    "born statuses",
    born=day,
    sex=one_of("male", "female"),
    statuses=listed(form("from status", **{"from": day}, status=one_of(*Status))),
    employer=one_of(*EmployerGroup),
    contribution_base=amount,
    pension=amount,
    retirement_pension=amount,
    frozen_credit=amount,
    has_account=flag,
    balance=amount,
    special_groups=listed(text),
    supplementary_scheme=text,
    signed=listed(form("from", institution=text, consortium=text, **PERIOD)),
    filings=listed(form("region from", region=text, **PERIOD)),
    inpatient=listed(form("from", **PERIOD)),
    home_bed=listed(form("from", **PERIOD)),
)
INSTITUTION = form(
    kind=one_of(*Kind, "internet"),
    tier=whole,
    charge_class=whole,
    community=flag,
    consortium=text,
    selected=flag,
    designated=flag,
    direct_settlement=flag,
    pooling=flag,
    area=text,
    of=text,
    third_party_of=text,
)
LINE = form(
    "amount",
    amount=amount,
    **{"class": one_of(*ItemClass)},
    self_pay=amount,
    standard=amount,
    kind=one_of(*ItemKind),
)
EXPECTED_AMOUNTS = (
    *("total", "self_funded", "over_standard", "pre_self_pay", "eligible", "deductible"),
    *("fund", "personal", "account", "cash"),
)
EXPECT = form(**dict.fromkeys(EXPECTED_AMOUNTS, amount), reason=one_of(*Reason, "none"))
BILL: dict[str, Read] = {
    "date": day,
    "lines": listed(LINE),
    "care": one_of(*(word for word, _label in CARES)),
    "referred": flag,
    "pay_from_account": flag,
    "visit_no": text,
    "expect": EXPECT,
}
EVENTS = {
    "visit": form("date lines", visit=text, prescription=text, **BILL),
    "hand_claim": form("date claimed lines", hand_claim=text, claimed=day, **BILL),
    "reverse": form("date", reverse=whole, date=day),
}
EXAMPLE = form(
    "name member",
    name=text,
    scheme=text,
    parameters=form(
        **{name: by_name(figure, key=whole) for name, _label in SERIES},
    ),
    member=MEMBER,
    institutions=by_name(INSTITUTION),
    events=listed(event),
    credits=listed(form("month expect", month=month, expect=amount_or_none, differences=amount)),
    incentive=listed(form("year expect", year=whole, expect=amount)),
)
