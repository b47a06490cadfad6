"""Lay out questions to the scalar engine as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from policies.engine.columns import (
    CreditColumns,
    LineColumns,
    PeopleColumns,
    UsedColumns,
    VisitColumns,
)
from policies.engine.columns.bill import ITEM_CLASSES, ITEM_KINDS, NO_STANDARD
from policies.engine.columns.member import NO_AMOUNT
from policies.engine.credit import CreditPerson
from tests.generators import Asked


def ints(values) -> np.ndarray:
    return np.fromiter(values, np.int64)


def distinct(values: Sequence) -> tuple[tuple, np.ndarray]:
    """The distinct values in order of appearance, and the place of each value among them."""
    found = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return tuple(found), ints(found[value] for value in values)


def visits(asked: Sequence[Asked]) -> VisitColumns:
    bills = [one.bill for one in asked]
    people = [one.person for one in asked]
    wheres, where = distinct([bill.where for bill in bills])
    anyone = people[0].born
    standings, standing = distinct(
        [person._replace(born=anyone, statuses=(), account_can_pay=0) for person in people]
    )
    return VisitColumns(
        days=np.array([bill.day for bill in bills], "datetime64[D]"),
        people=PeopleColumns.of([(person.born, person.statuses) for person in people]),
        wheres=wheres,
        where=where,
        standings=standings,
        standing=standing,
        amounts=lines(bills),
        used=used([one.used for one in asked]),
        by_hand=np.array([bill.channel == "hand" for bill in bills]),
        claimed_on=np.array([bill.claimed_on for bill in bills], "datetime64[D]"),
        account_can_pay=ints(
            one.person.account_can_pay if one.bill.from_account else 0 for one in asked
        ),
    )


def lines(bills) -> LineColumns:
    flat = [line for bill in bills for line in bill.lines]
    return LineColumns(
        offsets=np.concatenate([[0], np.cumsum([len(bill.lines) for bill in bills])]).astype(int),
        amount=ints(line.amount for line in flat),
        item_class=np.array([ITEM_CLASSES.index(line.item_class) for line in flat], np.int8),
        self_pay=ints(line.self_pay for line in flat),
        standard=ints(NO_STANDARD if line.standard is None else line.standard for line in flat),
        item_kind=np.array([ITEM_KINDS.index(line.item_kind) for line in flat], np.int8),
    )


def used(rows) -> UsedColumns:
    names = [one.name for one in fields(UsedColumns) if one.name != "own"]
    accounts = {name for row in rows for name in row.own}
    return UsedColumns(
        **{name: ints(getattr(row, name) for row in rows) for name in names},
        own={name: ints(row.own.get(name, 0) for row in rows) for name in sorted(accounts)},
    )


def members(people: Sequence[CreditPerson]) -> CreditColumns:
    nothing = {
        "born": people[0].born,
        "statuses": (),
        "contribution_base": None,
        "contribution_received": False,
        "pension": None,
        "retirement_pension": None,
        "frozen": None,
    }
    standings, standing = distinct([person._replace(**nothing) for person in people])
    amounts = ("contribution_base", "pension", "retirement_pension", "frozen")
    return CreditColumns(
        people=PeopleColumns.of([(person.born, person.statuses) for person in people]),
        standings=standings,
        standing=standing,
        contribution_received=np.array([person.contribution_received for person in people]),
        **{name: ints(_amount(getattr(person, name)) for person in people) for name in amounts},
    )


def _amount(value: int | None) -> int:
    return NO_AMOUNT if value is None else value
