"""The policy of `formulas` as the bare numpy to compare the columnar engine with."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from policies.engine.columns import CreditColumns, VisitColumns
from tests.bench.formulas import EDGES, MONTH, SHARES

CHUNK = 1 << 14
SHARE_TABLE = 10_000 * np.array(
    [[percent + 10 * com for percent in shares] for _, shares in SHARES for com in (0, 1)]
)
AMOUNTS = (
    "self_funded over_standard pre_self_pay eligible deductible fund above_cap account "
    "adds_eligible adds_counted policy_year"
)


class Looked(NamedTuple):
    """What the formula looks up for an institution, a standing or a person."""

    no_prescription: np.ndarray
    community: np.ndarray
    designated: np.ndarray
    away: np.ndarray
    direct: np.ndarray
    inpatient: np.ndarray
    insured: np.ndarray
    filed: np.ndarray
    birth_months: np.ndarray
    retires: np.ndarray


def looked_up(visits: VisitColumns) -> Looked:
    wheres, standings, people = visits.wheres, visits.standings, visits.people
    retires = (people.changed_on[:, 1].astype("M8[M]") + 1).astype("M8[D]").astype(np.int64)
    retires[np.isnat(people.changed_on[:, 1])] = 2**40
    return Looked(
        np.array([one.kind == "pharmacy" and not one.prescribed for one in wheres]),
        np.array([int(one.community) for one in wheres]),
        np.array([one.designated for one in wheres]),
        np.array([one.place != "area" for one in wheres]),
        np.array([one.direct_settlement for one in wheres]),
        np.array([one.inpatient for one in standings]),
        np.array([one.insured for one in standings]),
        np.array([one.filed for one in standings]),
        people.born.astype("M8[M]").astype(np.int64),
        retires,
    )


def settle_columns_bare(visits: VisitColumns) -> dict[str, np.ndarray]:
    """The benefit policy as numpy, in chunks that fit the cache; statuses changed at most once."""
    out = {name: np.empty(len(visits), np.int64) for name in AMOUNTS.split()}
    out["reason"] = np.empty(len(visits), np.int8)
    looked = looked_up(visits)
    for start in range(0, len(visits), CHUNK):
        rows = slice(start, start + CHUNK)
        months = visits.days[rows].astype("M8[M]").astype(np.int64)
        reason = reasons(visits, looked, rows)
        terms = terms_of(visits, looked, rows, months)
        out["reason"][rows] = reason
        out["policy_year"][rows] = months // 12 + 1970
        pay(visits, rows, reason, terms, out)
    return out


def reasons(visits: VisitColumns, looked: Looked, rows: slice) -> np.ndarray:
    where, standing = visits.where[rows], visits.standing[rows]
    reason = np.zeros(len(where), np.int8)
    away = looked.away[where]
    reason[away & ~looked.direct[where]] = 7
    reason[away & ~looked.filed[standing]] = 6
    reason[looked.no_prescription[where]] = 5
    reason[looked.inpatient[standing]] = 3
    reason[~looked.designated[where]] = 2
    reason[~looked.insured[standing]] = 1
    return reason


def terms_of(visits: VisitColumns, looked: Looked, rows: slice, months: np.ndarray) -> np.ndarray:
    person = visits.person[rows]
    retired = looked.retires[person] <= visits.days[rows].astype(np.int64)
    seventy = months - looked.birth_months[person] > 70 * 12
    return retired * (1 + seventy) * 2 + looked.community[visits.where[rows]]


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
        part *= SHARE_TABLE[:, place][terms]
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
