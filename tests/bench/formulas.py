"""The same policy twice: as tables for the engine, and as the bare formula to compare it with.

In service 40 / 60 / 65 %, retired 45 / 70 / 75 %, at 70 and over 50 / 75 / 80 % of the year's
spending up to 1,000, 5,000 and 15,000 yuan, 10 points more in the community; pharmacies with a
prescription and for drugs only, other places with a filing. Credits: 2, 2.1 and 2.5 % of the own
base by age, the retired 2 and 2.5 % of a published figure.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from policies.engine import Bill, CreditTables, Person, Series, Used
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
