"""The same policy twice: as tables for the engine, and as the bare formula to compare it with.

In service 40 / 60 / 65 %, retired 45 / 70 / 75 %, at 70 and over 50 / 75 / 80 % of the year's
spending up to 1,000, 5,000 and 15,000 yuan, 10 points more in the community; pharmacies with a
prescription and for drugs only, other places with a filing. Credits: 2, 2.1 and 2.5 % of the own
base by age, the retired 2 and 2.5 % of a published figure.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from policies.engine import Bill, CreditTables, Person, Series, Used
from policies.engine.columns import CreditColumns, VisitColumns
from policies.engine.rows import (
    Cap,
    Credit,
    CreditTerms,
    Deductible,
    Ratio,
    Requirement,
    Terms,
)
from policies.engine.series import Amount, Figure
from policies.engine.tables import BenefitTables, CareTables

EDGES = (0, 100_000, 500_000, 1_500_000)
AWAY = ("province", "elsewhere")
WORKING = ("in_service", "flexible")
SHARES = (
    ({"statuses": WORKING}, (40, 60, 65)),
    ({"statuses": ("retired", "founding"), "age_until": 70}, (45, 70, 75)),
    ({"statuses": ("retired", "founding"), "age_from": 70}, (50, 75, 80)),
)


def care() -> CareTables:
    """The benefit policy as tables."""
    return CareTables(
        Terms(age_rule="month_after", cap_basis="eligible", pharmacy_drugs_only=True),
        requirements=[
            Requirement(test="insured"),
            Requirement(test="designated", account_may_pay=False),
            Requirement(test="inpatient"),
            Requirement(test="prescription", kinds=("pharmacy",)),
            Requirement(test="filing", places=AWAY),
            Requirement(test="direct_settlement", places=AWAY),
        ],
        deductibles=[Deductible()],
        ratios=[
            Ratio(
                community=community,
                band_from=low,
                band_until=high,
                share=(percent + 10 * community) * 10_000,
                **columns,
            )
            for columns, shares in SHARES
            for community in (False, True)
            for low, high, percent in zip(EDGES, EDGES[1:], shares, strict=False)
        ],
        caps=[Cap(amount=Amount(fixed=EDGES[-1]))],
    )


def benefit() -> BenefitTables:
    return BenefitTables([care()])


class Amounts(NamedTuple):
    """What the bare formula returns: every amount of an outcome, and what it adds to the year."""

    total: int
    self_funded: int
    over_standard: int
    pre_self_pay: int
    eligible: int
    deductible: int
    fund: int
    own_share: int
    above_cap: int
    personal: int
    account: int
    cash: int
    reason: str
    adds_eligible: int
    adds_fund: int
    policy_year: int


def refused(bill: Bill, person: Person) -> str:  # noqa: PLR0911 - bare, as one would write it
    where = bill.where
    if not person.insured:
        return "not_insured"
    if not where.designated:
        return "not_designated"
    if person.inpatient:
        return "inpatient"
    if where.kind == "pharmacy" and not where.prescribed:
        return "no_prescription"
    if where.place != "area":
        if not person.filed:
            return "no_filing"
        if not where.direct_settlement:
            return "no_direct_settlement"
    return ""


def shares_of(bill: Bill, person: Person) -> tuple[int, int, int]:
    day, born = bill.day, person.born
    first = day.replace(day=1)
    status = person.statuses[0][1]
    for changed_on, later in person.statuses[1:]:
        if changed_on < first:
            status = later
    if status in WORKING:
        shares = (400_000, 600_000, 650_000)
    else:
        last = first - timedelta(days=1)
        age = last.year - born.year - ((last.month, last.day) < (born.month, born.day))
        shares = (500_000, 750_000, 800_000) if age >= 70 else (450_000, 700_000, 750_000)
    if bill.where.community:
        return shares[0] + 100_000, shares[1] + 100_000, shares[2] + 100_000
    return shares


def settle_bare(bill: Bill, person: Person, used: Used) -> Amounts:
    """The benefit policy as a formula: the same question and amounts, no tables and no steps."""
    drugs_only = bill.where.kind == "pharmacy"
    self_funded = over = first = eligible = 0
    for line in bill.lines:
        within = line.amount
        if line.item_class == "C" or (drugs_only and line.item_kind != "drug"):
            self_funded += within
            continue
        if line.standard is not None and line.standard < within:
            over += within - line.standard
            within = line.standard
        part = (within * line.self_pay + 500_000) // 1_000_000
        first += part
        eligible += within - part
    reason = refused(bill, person)
    fund = counted = 0
    if not reason:
        low, high = used.eligible, used.eligible + eligible
        shares = shares_of(bill, person)
        for place in range(3):
            part = min(high, EDGES[place + 1]) - max(low, EDGES[place])
            if part > 0:
                fund += (part * shares[place] + 500_000) // 1_000_000
        counted = min(eligible, max(1_500_000 - used.counted, 0))
    total = self_funded + over + first + eligible
    personal = total - fund
    account = 0
    if bill.from_account and reason != "not_designated":
        account = min(personal, person.account_can_pay)
    above = 0 if reason else eligible - counted
    return Amounts(
        total,
        self_funded,
        over,
        first,
        eligible,
        0,
        fund,
        eligible - fund - above,
        above,
        personal,
        account,
        personal - account,
        reason,
        0 if reason else eligible,
        fund,
        bill.day.year,
    )


CHUNK = 1 << 14
SHARE_TABLE = (
    np.array([[percent + 10 * com for percent in shares] for _, shares in SHARES for com in (0, 1)])
    * 10_000
)


def settle_columns_bare(visits: VisitColumns) -> dict[str, np.ndarray]:  # noqa: PLR0915 - bare
    """The benefit policy as numpy, in chunks that fit the cache; statuses changed at most once."""
    names = "self_funded over_standard pre_self_pay eligible deductible fund above_cap account"
    names += " adds_eligible adds_counted policy_year"
    out = {name: np.empty(len(visits), np.int64) for name in names.split()}
    out["reason"] = np.empty(len(visits), np.int8)
    wheres, standings, people = visits.wheres, visits.standings, visits.people
    pharmacy = np.array([one.kind == "pharmacy" and not one.prescribed for one in wheres])
    community = np.array([int(one.community) for one in wheres])
    designated = np.array([one.designated for one in wheres])
    away = np.array([one.place != "area" for one in wheres])
    direct = np.array([one.direct_settlement for one in wheres])
    inpatient = np.array([one.inpatient for one in standings])
    insured = np.array([one.insured for one in standings])
    filed = np.array([one.filed for one in standings])
    birth_months = people.born.astype("M8[M]").astype(np.int64)
    retires = (people.changed_on[:, 1].astype("M8[M]") + 1).astype("M8[D]").astype(np.int64)
    retires[np.isnat(people.changed_on[:, 1])] = 2**40
    for start in range(0, len(visits), CHUNK):
        rows = slice(start, start + CHUNK)
        days = visits.days[rows]
        months = days.astype("M8[M]").astype(np.int64)
        person, where, standing = visits.person[rows], visits.where[rows], visits.standing[rows]
        retired = retires[person] <= days.astype(np.int64)
        seventy = months - birth_months[person] > 70 * 12
        terms = retired * (1 + seventy) * 2 + community[where]
        reason = np.zeros(len(days), np.int8)
        is_away = away[where]
        reason[is_away & ~direct[where]] = 7
        reason[is_away & ~filed[standing]] = 6
        reason[pharmacy[where]] = 5
        reason[inpatient[standing]] = 3
        reason[~designated[where]] = 2
        reason[~insured[standing]] = 1
        amounts = visits.amounts
        eligible = amounts.eligible[rows]
        payable = eligible * (reason == 0)
        low = visits.used.eligible[rows]
        high = low + payable
        fund = np.zeros(len(days), np.int64)
        for place in range(3):
            part = np.minimum(high, EDGES[place + 1]) - np.maximum(low, EDGES[place])
            np.maximum(part, 0, out=part)
            part *= SHARE_TABLE[:, place][terms]
            part += 500_000
            part //= 1_000_000
            fund += part
        counted = np.minimum(payable, np.maximum(1_500_000 - visits.used.counted[rows], 0))
        personal = amounts.self_funded[rows] + amounts.over_standard[rows]
        personal += amounts.pre_self_pay[rows] + eligible
        personal -= fund
        out["self_funded"][rows] = amounts.self_funded[rows]
        out["over_standard"][rows] = amounts.over_standard[rows]
        out["pre_self_pay"][rows] = amounts.pre_self_pay[rows]
        out["eligible"][rows] = eligible
        out["deductible"][rows] = 0
        out["fund"][rows] = fund
        out["above_cap"][rows] = payable - counted
        may_pay = reason != 2
        out["account"][rows] = np.minimum(personal, visits.account_can_pay[rows]) * may_pay
        out["adds_eligible"][rows] = payable
        out["adds_counted"][rows] = counted
        out["policy_year"][rows] = months // 12 + 1970
        out["reason"][rows] = reason
    return out


FIGURE = 420_000
MONTH = date(2024, 3, 1)


def figures() -> Series:
    return Series({("average_pension", 2023): Figure(FIGURE)}, MONTH)


def credit_tables() -> CreditTables:
    """The credit policy as tables."""
    base = {"statuses": WORKING, "base": "contribution"}
    figure = Amount(series="average_pension", year=2023)
    retired = {"statuses": ("retired", "founding"), "base": "series", "amount": figure}
    return CreditTables(
        CreditTerms(),
        [
            Credit(rule="a", rate=20_000, age_until=35, **base),
            Credit(rule="b", rate=21_000, age_from=35, age_until=45, **base),
            Credit(rule="c", rate=25_000, age_from=45, **base),
            Credit(rule="d", rate=20_000, age_until=70, **retired),
            Credit(rule="e", rate=25_000, age_from=70, **retired),
        ],
    )


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
        owed *= eligible[members.standing[rows]]
        amount[rows] = owed
        rule[rows] = np.where(owed > 0, age, -1)
        reason[rows] = np.where(owed > 0, 0, np.where(missing, 4, 2))
    return {"amount": amount, "main": rule, "reason": reason}
