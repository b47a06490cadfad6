"""What a settlement is asked about: bill, institution, member, and what the year has used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, cast

from policies.engine.money import HALF, WHOLE
from policies.engine.vocabulary import (
    Channel,
    EmployerGroup,
    ItemClass,
    ItemKind,
    Kind,
    Place,
    Pooling,
    Status,
)


class Line(NamedTuple):
    """One line of a bill, in fen; `standard` is what the payment standard (支付标准) allows it."""

    amount: int
    item_class: str = ItemClass.A
    self_pay: int = 0
    standard: int | None = None
    item_kind: str = ItemKind.DRUG


class Split(NamedTuple):
    """The four parts of a line or a bill (rules §1); they add up to its amount."""

    self_funded: int
    over_standard: int
    pre_self_pay: int
    eligible: int


new_split = cast("Callable[[tuple[int, int, int, int]], Split]", partial(tuple.__new__, Split))
"""A split from its four parts: half the time of calling the class."""


def split(line: Line, drugs_only: bool = False) -> Split:
    """Split a line to the fen: class C, over the standard, first self-payment (先行自付), rest."""
    amount, item_class, self_pay, standard, item_kind = line
    if item_class == "C" or (drugs_only and item_kind != "drug"):
        return new_split((amount, 0, 0, 0))
    over = 0
    if standard is not None and standard < amount:
        over = amount - standard
        amount = standard
    first = (amount * self_pay + HALF) // WHOLE if self_pay else 0
    return new_split((0, over, first, amount - first))


class Where(NamedTuple):
    """The institution visited and, where a prescription decides the terms, the one that wrote it.

    `kind`, `pooling`, `designated` and `direct_settlement` are those of the institution visited;
    tier, charge class, community and place those of the institution whose terms hold.
    """

    kind: str = Kind.HOSPITAL
    tier: int = 0
    charge_class: int = 3
    community: bool = False
    place: str = Place.AREA
    pooling: str = Pooling.BY_TIER
    designated: bool = True
    direct_settlement: bool = True
    prescribed: bool = False


class Person(NamedTuple):
    """The member on the day of service; `statuses` are (day of change, status), earliest first."""

    born: date
    statuses: tuple[tuple[date, str], ...] = ((date.min, Status.IN_SERVICE),)
    insured: bool = True
    has_account: bool = True
    inpatient: bool = False
    filed: bool = False
    signed_here: bool = False
    signed_primary: bool = False
    employer_group: str = EmployerGroup.ENTERPRISE
    special_groups: frozenset[str] = frozenset()
    family_doctor: bool = False
    referred: bool = False
    account_can_pay: int = 0


MATCHED_OF_WHERE = slice(Where._fields.index("pooling") + 1)
MATCHED_OF_PERSON = slice(Person._fields.index("employer_group"), -1)
"""The fields that match columns look at, but for the age and the status on the day."""


class Bill(NamedTuple):
    """A bill of one day; `from_account` asks that the account pay the member's part."""

    day: date
    lines: tuple[Line, ...]
    where: Where
    care: str = "outpatient"
    channel: str = Channel.ONLINE
    claimed_on: date | None = None
    from_account: bool = False


NOTHING_OWN: Mapping[str, int] = MappingProxyType({})


class Used(NamedTuple):
    """What was used before this bill, in fen: of its policy year, visit, month and quarter.

    `deductible` is what all deductible accounts of the year have borne together, `own` what those
    with a name have borne of it. `counted` is what stands against the caps of the year, `carried`
    the unused cap brought into the year, `overall` what stands against the member's overall limit.
    """

    eligible: int = 0
    deductible: int = 0
    counted: int = 0
    carried: int = 0
    overall: int = 0
    visit_eligible: int = 0
    visit_deductible: int = 0
    visit_counted: int = 0
    month_counted: int = 0
    quarter_counted: int = 0
    own: Mapping[str, int] = NOTHING_OWN


UNUSED = Used()
