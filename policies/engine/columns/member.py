"""Members of one month as columns, and the answers; amounts in int64 fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policies.engine.columns.person import Codes, Flags, Ints, PeopleColumns
from policies.engine.credit import CreditPerson
from policies.engine.vocabulary import NoCredit

NO_AMOUNT = -1
"""In a column of amounts: the member has none."""

NO_CREDITS = ("", *(reason.value for reason in NoCredit))
"""Reasons by their code in columns; reason 0: there is a credit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditColumns:
    """Members in one month, one a row; amounts in int64 fen, NO_AMOUNT where there is none.

    `standing` is a place in the distinct standings that occur: of those, birth, statuses and
    amounts are not looked at. A column left out (None) says that no member has such an amount, or
    that no contribution has come in.
    """

    people: PeopleColumns
    standings: tuple[CreditPerson, ...]
    standing: Ints
    contribution_base: Ints | None = None
    contribution_received: Flags | None = None
    pension: Ints | None = None
    retirement_pension: Ints | None = None
    frozen: Ints | None = None

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditOutcomeColumns:
    """The month's credits, one member a row.

    `main` is the place of the main rule in `tables.credits` (−1: none pays), `main_amount` what it
    gives; `on_top` has the amounts of each rule on top by its place. `reason` is a code of
    NO_CREDITS.
    """

    amount: Ints
    main: Ints
    main_amount: Ints
    on_top: Mapping[int, Ints]
    provisional: Flags
    reason: Codes
