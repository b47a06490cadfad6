"""Visits as columns: what is asked, what was used before, and the answers; amounts in int64 fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

import numpy as np

from policies.engine.bill import Person, Where
from policies.engine.columns.person import Codes, Days, Flags, Ints, PeopleColumns
from policies.engine.money import HALF, WHOLE
from policies.engine.vocabulary import ItemClass, ItemKind, Reason

ITEM_CLASSES = tuple(one.value for one in ItemClass)
ITEM_KINDS = tuple(kind.value for kind in ItemKind)
REASONS = ("", *(reason.value for reason in Reason))
"""Classes, kinds and reasons by their code in columns; reason 0: the benefit applies."""

SELF_FUNDED_CLASS = ITEM_CLASSES.index("C")
DRUG = ITEM_KINDS.index("drug")
NO_STANDARD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitColumns:
    """Bills already split; `by_kind` gives the eligible part of items with rules of their own."""

    self_funded: Ints
    over_standard: Ints
    pre_self_pay: Ints
    eligible: Ints
    by_kind: Mapping[str, Ints] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.eligible)

    def part(self, rows: slice) -> SplitColumns:
        return SplitColumns(
            self_funded=self.self_funded[rows],
            over_standard=self.over_standard[rows],
            pre_self_pay=self.pre_self_pay[rows],
            eligible=self.eligible[rows],
            by_kind={kind: amounts[rows] for kind, amounts in self.by_kind.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineColumns:
    """Bill lines one after another; those of visit n are `offsets[n]` up to `offsets[n + 1]`.

    Classes and kinds are codes of ITEM_CLASSES and ITEM_KINDS, `self_pay` is in millionths, and
    `standard` is NO_STANDARD where there is none.
    """

    offsets: Ints
    amount: Ints
    item_class: Codes
    self_pay: Ints
    standard: Ints
    item_kind: Codes

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def split(self, rows: slice, drugs_only: Flags | None, kinds: tuple[str, ...]) -> SplitColumns:
        """Split the lines of some visits and add them up, the eligible part also for each kind."""
        offsets = self.offsets[rows.start : rows.stop + 1]
        lines = slice(int(offsets[0]), int(offsets[-1]))
        ends = offsets - offsets[0]
        amount, kind = self.amount[lines], self.item_kind[lines]
        whole = self.item_class[lines] == SELF_FUNDED_CLASS
        if drugs_only is not None:
            whole |= np.repeat(drugs_only, np.diff(ends)) & (kind != DRUG)
        self_funded = np.where(whole, amount, 0)
        standard = self.standard[lines]
        rest = amount - self_funded
        within = np.where(standard >= 0, np.minimum(rest, standard), rest)
        first = (within * self.self_pay[lines] + HALF) // WHOLE
        eligible = within - first
        return SplitColumns(
            self_funded=_sums(self_funded, ends),
            over_standard=_sums(rest - within, ends),
            pre_self_pay=_sums(first, ends),
            eligible=_sums(eligible, ends),
            by_kind={
                name: _sums(np.where(kind == ITEM_KINDS.index(name), eligible, 0), ends)
                for name in kinds
            },
        )


def _sums(values: Ints, ends: Ints) -> Ints:
    """Sums of the stretches between ends, empty ones included."""
    running = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=running[1:])
    return np.diff(running[ends])


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedColumns:
    """What was used before each visit, as in `bill.Used`; None: nothing in any row."""

    eligible: Ints | None = None
    deductible: Ints | None = None
    counted: Ints | None = None
    carried: Ints | None = None
    overall: Ints | None = None
    visit_eligible: Ints | None = None
    visit_deductible: Ints | None = None
    visit_counted: Ints | None = None
    month_counted: Ints | None = None
    quarter_counted: Ints | None = None
    own: Mapping[str, Ints] = field(default_factory=lambda: MappingProxyType({}))


UNUSED_COLUMNS = UsedColumns()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitColumns:
    """Visits of one kind of care, one a row.

    `where` and `standing` are places in the distinct institutions and standings that occur; of a
    standing, birth, statuses and account are not looked at. `person` is a place in `people` (None:
    visit n is of person n). `claimed_on` is NaT, or None as a whole, where nothing says otherwise.
    """

    days: Days
    people: PeopleColumns
    wheres: tuple[Where, ...]
    where: Ints
    standings: tuple[Person, ...]
    standing: Ints
    amounts: SplitColumns | LineColumns
    used: UsedColumns = UNUSED_COLUMNS
    person: Ints | None = None
    by_hand: Flags | None = None
    claimed_on: Days | None = None
    account_can_pay: Ints | None = None

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeColumns:
    """The answers, one visit a row, named as in `benefit.Outcome`; `adds_…` are its totals."""

    self_funded: Ints
    over_standard: Ints
    pre_self_pay: Ints
    eligible: Ints
    deductible: Ints
    fund: Ints
    above_cap: Ints
    account: Ints
    adds_eligible: Ints
    adds_fund: Ints
    adds_counted: Ints
    adds_overall: Ints
    reason: Codes
    policy_year: Ints
    provisional: Flags

    @classmethod
    def empty(cls, count: int) -> OutcomeColumns:
        kinds = {"reason": np.int8, "provisional": np.bool_}
        return cls(
            **{one.name: np.empty(count, kinds.get(one.name, np.int64)) for one in fields(cls)}
        )

    def __len__(self) -> int:
        return len(self.fund)

    @property
    def total(self) -> Ints:
        return self.self_funded + self.over_standard + self.pre_self_pay + self.eligible

    @property
    def own_share(self) -> Ints:
        return self.eligible - self.deductible - self.fund - self.above_cap

    @property
    def personal(self) -> Ints:
        return self.total - self.fund

    @property
    def cash(self) -> Ints:
        return self.personal - self.account

    @property
    def adds_deductible(self) -> Ints:
        return self.deductible
