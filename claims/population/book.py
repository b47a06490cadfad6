"""What was settled, booked in the order in which it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from claims.population.tables import BillLineRow, SettledLineRow, SettlementRow
from claims.settlement.models import Prescription, Visit
from members.ledger import Posting
from members.models import YearTotal


class Refund(NamedTuple):
    """What a reversal gives back: the payment is found by its key once it stands."""

    account_id: int
    payment_key: str
    key: str
    on: date


@dataclass(slots=True)
class Book:
    """What was settled, in the order in which it is written.

    A wave holds what a statement may write together: lines and payments of a reversal come after
    those that it takes back, and what is settled again after that.
    """

    totals: list[YearTotal] = field(default_factory=list)
    prescriptions: list[Prescription] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    lines: list[BillLineRow] = field(default_factory=list)
    settlements: list[SettlementRow] = field(default_factory=list)
    waves: list[Wave] = field(default_factory=list)

    def wave(self, number: int) -> Wave:
        """The wave of a number, begun when it is first asked for."""
        while len(self.waves) <= number:
            self.waves.append(Wave())
        return self.waves[number]


@dataclass(slots=True)
class Wave:
    """Settled lines and movements of accounts that one statement each may write."""

    lines: list[SettledLineRow] = field(default_factory=list)
    payments: list[Posting] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
