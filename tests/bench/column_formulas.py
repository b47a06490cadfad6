"""The policy of `formulas` as the bare numpy to compare the columnar engine with."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from policies.engine.columns import CreditColumns, VisitColumns
from tests.bench.formulas import EDGES, MONTH, SHARES

CHUNK = 1 << 14
SHARE_COLUMNS = [
    np.array([(shares[place] + 10 * com) * 10_000 for _, shares in SHARES for com in (0, 1)])
    for place in range(3)
]
AMOUNTS = (
    "self_funded over_standard pre_self_pay eligible deductible fund above_cap account "
    "adds_eligible adds_counted policy_year"
)


class Looked(NamedTuple):
    """What the formula looks up: for an institution and a standing, for a person, for a day."""

    reason: np.ndarray
    community: np.ndarray
    retired_from: np.ndarray
    seventy_from: np.ndarray
    first_day: int
    year: np.ndarray


def looked_up(visits: VisitColumns) -> Looked:
    people, days = visits.people, visits.days
    span = np.arange(days.min(), days.max() + np.timedelta64(1, "D"))
    born = people.born.astype("M8[M]")
    return Looked(
        reasons(visits),
        np.array([int(one.community) for one in visits.wheres]),
        first_of_next_month(people.changed_on[:, 1].astype("M8[M]")),
        first_of_next_month(born + 70 * 12),
        int(span[0].astype(np.int64)),
        span.astype("M8[Y]").astype(np.int64) + 1970,
    )


def first_of_next_month(months: np.ndarray) -> np.ndarray:
    days = (months + 1).astype("M8[D]").astype(np.int64)
    days[np.isnat(months)] = 2**40
    return days


def reasons(visits: VisitColumns) -> np.ndarray:
    """The reason against each institution and standing together."""
    found = np.zeros((len(visits.wheres), len(visits.standings)), np.int8)
    for row, where in enumerate(visits.wheres):
        away = where.place != "area"
        for column, standing in enumerate(visits.standings):
            failed = (
                (1, not standing.insured),
                (2, not where.designated),
                (3, standing.inpatient),
                (5, where.kind == "pharmacy" and not where.prescribed),
                (6, away and not standing.filed),
                (7, away and not where.direct_settlement),
            )
            found[row, column] = next((reason for reason, fails in failed if fails), 0)
    return found.reshape(-1)


def settle_columns_bare(visits: VisitColumns) -> dict[str, np.ndarray]:
    """The benefit policy as numpy, in chunks that fit the cache; statuses changed at most once."""
    out = {name: np.empty(len(visits), np.int64) for name in AMOUNTS.split()}
    out["reason"] = np.empty(len(visits), np.int8)
    looked, standings = looked_up(visits), len(visits.standings)
    for start in range(0, len(visits), CHUNK):
        rows = slice(start, start + CHUNK)
        days = visits.days[rows].view(np.int64)
        person, where = visits.person[rows], visits.where[rows]
        retired = looked.retired_from.take(person) <= days
        seventy = looked.seventy_from.take(person) <= days
        terms = retired * (1 + seventy) * 2 + looked.community.take(where)
        reason = looked.reason.take(where * standings + visits.standing[rows])
        out["reason"][rows] = reason
        out["policy_year"][rows] = looked.year.take(days - looked.first_day)
        pay(visits, rows, reason, terms, out)
    return out


def pay(
    visits: VisitColumns,
    rows: slice,
    reason: np.ndarray,
    terms: np.ndarray,
    out: dict[str, np.ndarray],
) -> None:
    amounts, used = visits.amounts, visits.used
    eligible = amounts.eligible[rows]
    payable = eligible * (reason == 0)
    low = used.eligible[rows]
    high = low + payable
    fund = np.zeros(len(low), np.int64)
    for place in range(3):
        part = np.minimum(high, EDGES[place + 1]) - np.maximum(low, EDGES[place])
        np.maximum(part, 0, out=part)
        part *= SHARE_COLUMNS[place].take(terms)
        part += 500_000
        part //= 1_000_000
        fund += part
    counted = np.minimum(payable, np.maximum(1_500_000 - used.counted[rows], 0))
    personal = amounts.self_funded[rows] + amounts.over_standard[rows]
    personal += amounts.pre_self_pay[rows] + eligible
    personal -= fund
    for name in ("self_funded", "over_standard", "pre_self_pay", "eligible"):
        out[name][rows] = getattr(amounts, name)[rows]
    out["deductible"][rows] = 0
    out["fund"][rows] = fund
    out["above_cap"][rows] = payable - counted
    out["account"][rows] = np.minimum(personal, visits.account_can_pay[rows]) * (reason != 2)
    out["adds_eligible"][rows] = payable
    out["adds_counted"][rows] = counted


def credit_columns_bare(members: CreditColumns) -> dict[str, np.ndarray]:
    """The credit policy as numpy: the same question and amounts; statuses changed at most once."""
    count = len(members)
    amount, rule = np.empty(count, np.int64), np.empty(count, np.int64)
    reason = np.empty(count, np.int8)
    born_35, born_45, born_70 = (
        np.datetime64(date(MONTH.year - age, 3, 1)) for age in (35, 45, 70)
    )
    eligible = np.array([one.insured and one.has_account for one in members.standings])
    first = np.datetime64(MONTH)
    for start in range(0, count, CHUNK):
        rows = slice(start, start + CHUNK)
        born = members.people.born[rows]
        retired = members.people.changed_on[rows, 1] < first
        age = np.where(retired, 3 + (born <= born_70), 0 + (born <= born_35) + (born <= born_45))
        base = members.contribution_base[rows]
        rate = np.array([20_000, 21_000, 25_000, 0, 0])[age]
        fixed = np.array([0, 0, 0, 8_400, 10_500])[age]
        missing = ~retired & ~(members.contribution_received[rows] & (base >= 0))
        owed = (np.maximum(base, 0) * rate + 500_000) // 1_000_000 + fixed
        owed[missing] = 0
        credited = eligible[members.standing[rows]]
        owed *= credited
        amount[rows] = owed
        rule[rows] = np.where(owed > 0, age, -1)
        reason[rows] = np.where(owed > 0, 0, np.where(missing & credited, 4, 2))
    return {"amount": amount, "main": rule, "reason": reason}
