"""What the credits of many members and months are reckoned from, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from bureau.clock import next_month
from members.models import (
    Contribution,
    Entry,
    Member,
    Pension,
    SpecialGroupMembership,
    StatusChange,
    Suspension,
)
from members.models.entry import OF_A_MONTH
from policies.engine.credit import CreditPerson
from policies.engine.money import fen

ONE_DAY = timedelta(days=1)


class Posted(NamedTuple):
    """What stands in an account for a month: the sum in fen, and where the next revision begins."""

    amount: int
    first_entry_id: int | None
    next_revision: int


NOTHING_POSTED = Posted(0, None, 0)


class CreditInputs:
    """The inputs of some members for some months; ask `person` for one of each."""

    def __init__(
        self,
        members: Iterable[Member],
        months: Sequence[date],
        *,
        as_of: date,
    ) -> None:
        self.members = {member.pk: member for member in members}
        self._as_of = as_of
        ids = list(self.members)
        self._statuses = _by_member(
            StatusChange.objects.filter(member__in=ids).order_by("changed_on"),
            "changed_on",
            "status",
        )
        self._pensions = _by_member(
            Pension.objects.filter(member__in=ids).order_by("from_month"), "from_month", "amount"
        )
        self._groups = _by_member(
            SpecialGroupMembership.objects.filter(member__in=ids), "group", "joined_on", "left_on"
        )
        self._suspensions = _by_member(
            Suspension.objects.filter(member__in=ids), "suspended_from", "suspended_until"
        )
        self._contributions = _contributions(ids, months)
        self._posted = _posted(ids, months)

    def person(self, member: Member, month: date) -> CreditPerson:
        """A member in a month (its first day), as the engine asks it."""
        base, received = self._contributions.get((member.pk, month), (None, None))
        return CreditPerson(
            born=member.person.born,
            statuses=tuple(self._statuses[member.pk]),
            employer_group=member.employer_group,
            special_groups=self._groups_in(member, month),
            supplementary_scheme=member.supplementary_scheme,
            insured=self._insured_in(member, month),
            has_account=member.has_account,
            contribution_base=None if base is None else fen(base),
            contribution_received=received is not None and received <= self._as_of,
            pension=self._pension_in(member, month),
            retirement_pension=_fen_or_none(member.retirement_pension),
            frozen=_fen_or_none(member.frozen_credit),
        )

    def posted(self, member: Member, month: date) -> Posted:
        """What the member's account already has for the month."""
        return self._posted.get((member.pk, month), NOTHING_POSTED)

    def _insured_in(self, member: Member, month: date) -> bool:
        """Insured and alive on some day of the month, and not suspended through all of it."""
        after = next_month(month)
        ends = member.insured_until or date.max
        if member.person.died_on is not None:
            ends = min(ends, member.person.died_on + ONE_DAY)
        if not (member.insured_from < after and ends > month):
            return False
        return not any(
            since <= month and (until is None or until >= after)
            for since, until in self._suspensions[member.pk]
        )

    def _pension_in(self, member: Member, month: date) -> int | None:
        known = [amount for since, amount in self._pensions[member.pk] if since <= month]
        return fen(known[-1]) if known else None

    def _groups_in(self, member: Member, month: date) -> frozenset[str]:
        return frozenset(
            group
            for group, joined, left in self._groups[member.pk]
            if joined <= month and (left is None or left > month)
        )


def _by_member(rows: QuerySet[Any], *columns: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows.values_list("member_id", *columns):
        found[row[0]].append(row[1:])
    return found


def _contributions(
    ids: Sequence[int], months: Sequence[date]
) -> dict[tuple[int, date], tuple[Decimal, date | None]]:
    """Base and day of receipt by member and month; the highest revision counts."""
    rows = Contribution.objects.filter(member__in=ids, month__in=months).order_by("revision")
    return {
        (member, month): (base, received)
        for member, month, base, received in rows.values_list(
            "member_id", "month", "base", "received_on"
        )
    }


def _posted(ids: Sequence[int], months: Sequence[date]) -> dict[tuple[int, date | None], Posted]:
    rows = Entry.objects.filter(
        account__member__in=ids, period__in=months, kind__in=OF_A_MONTH
    ).exclude(kind=Entry.Kind.INCENTIVE)
    found: dict[tuple[int, date | None], Posted] = {}
    for pk, member, period, amount, revision in rows.order_by("pk").values_list(
        "pk", "account__member_id", "period", "amount", "revision"
    ):
        before = found.get((member, period), NOTHING_POSTED)
        found[member, period] = Posted(
            before.amount + fen(amount),
            before.first_entry_id or pk,
            max(before.next_revision, revision + 1),
        )
    return found


def _fen_or_none(amount: Decimal | None) -> int | None:
    return None if amount is None else fen(amount)
