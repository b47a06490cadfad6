"""The rows of the tables that are written by COPY, as named tuples of their columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


class PersonRow(NamedTuple):
    """A row of people."""

    id: int
    document_type: str
    identity: bytes
    identity_index: str
    name: str
    name_pinyin: str
    name_initials: str
    sex: str
    born: date
    died_on: date | None


class MemberRow(NamedTuple):
    """A row of enrolments."""

    id: int
    person_id: int
    area_id: str
    scheme: str
    number: str
    insured_from: date
    insured_until: date | None
    has_account: bool
    employer_id: int | None
    employer_group: str
    retirement_pension: Decimal | None
    frozen_credit: Decimal | None
    supplementary_scheme: str


class AccountRow(NamedTuple):
    """A row of accounts, which open empty."""

    id: int
    member_id: int
    area_id: str
    balance: Decimal
    opened_on: date


class StatusRow(NamedTuple):
    """A row of changes of status."""

    member_id: int
    changed_on: date
    status: str


class ContributionRow(NamedTuple):
    """A row of contributions."""

    member_id: int
    area_id: str
    month: date
    revision: int
    base: Decimal
    amount: Decimal
    due_on: date
    received_on: date | None


class PensionRow(NamedTuple):
    """A row of pensions."""

    member_id: int
    from_month: date
    amount: Decimal


class CardRow(NamedTuple):
    """A row of cards."""

    id: int
    member_id: int
    number: str
    issued_on: date


class YearTotalRow(NamedTuple):
    """A row of year totals, which open at zero."""

    id: int
    member_id: int
    area_id: str
    care: str
    year: int
    eligible: Decimal
    deductible: Decimal
    fund: Decimal
    counted: Decimal
    carried: Decimal
    opened_on: date


SettlementRow = dict[str, Any]
"""A row of settlements, by the names of its columns: they are many, and most are amounts."""


class BillLineRow(NamedTuple):
    """A row of bill lines."""

    id: int
    visit_id: int
    position: int
    item_id: int
    name: str
    kind: str
    quantity: int
    price: Decimal
    amount: Decimal
    item_class: str
    self_pay: Decimal
    standard: Decimal | None


class SettledLineRow(NamedTuple):
    """A row of settled lines."""

    settlement_id: int
    line_id: int
    total: Decimal
    self_funded: Decimal
    over_standard: Decimal
    pre_self_pay: Decimal
    eligible: Decimal

    def mirrored(self, settlement_id: int) -> SettledLineRow:
        """The line in a reversal."""
        return SettledLineRow(settlement_id, self.line_id, *(-part for part in self[2:]))
