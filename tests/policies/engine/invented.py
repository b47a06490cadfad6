"""Invented policies and the people they are tried on; amounts in yuan, as officers say them."""

from __future__ import annotations

from datetime import date
from typing import Any

from policies.engine import Bill, Line, Outcome, Person, Series, Used, Where, settle
from policies.engine.money import fen
from policies.engine.rows import Cap, Deductible, Ratio, Terms
from policies.engine.series import NO_FIGURES, Amount
from policies.engine.tables import BenefitTables, CareTables

DAY = date(2024, 3, 15)
ZHANG = Person(date(1985, 5, 1), ((date(2008, 7, 1), "in_service"),))
LI = Person(date(1955, 5, 1), ((date(1980, 7, 1), "in_service"), (date(2015, 5, 12), "retired")))
FOUNDING = Person(date(1930, 1, 1), ((date(1990, 1, 1), "founding"),))
TERTIARY = Where(tier=3, charge_class=1)
COMMUNITY = Where(tier=0, community=True)
PHARMACY = Where(kind="pharmacy", prescribed=True)


def tables(terms: Terms | None = None, **rows: Any) -> BenefitTables:
    """A policy that pays half of everything, but for what the test says."""
    rows = {"deductibles": [Deductible()], "ratios": [Ratio(share=500_000)], **rows}
    return BenefitTables([CareTables(terms or Terms(), **rows)])


def yuan_cap(amount: str, **columns: Any) -> Cap:
    return Cap(amount=Amount(fixed=fen(amount)), **columns)


def pay(
    policy: BenefitTables,
    *amounts: str,
    person: Person = ZHANG,
    where: Where = TERTIARY,
    day: date = DAY,
    used: Used | None = None,
    series: Series = NO_FIGURES,
    **bill: Any,
) -> Outcome:
    """Settle a bill of class A lines."""
    lines = bill.pop("lines", tuple(Line(fen(amount)) for amount in amounts))
    return settle(policy, Bill(day, lines, where, **bill), person, used or Used(), series)


def add(used: Used, outcome: Outcome) -> Used:
    """What the year has used after an outcome, when each bill is a visit of its own."""
    adds, own = outcome.adds, dict(used.own)
    if outcome.deductible_account:
        name = outcome.deductible_account
        own[name] = own.get(name, 0) + adds.deductible
    return used._replace(
        eligible=used.eligible + adds.eligible,
        deductible=used.deductible + adds.deductible,
        counted=used.counted + adds.counted,
        overall=used.overall + adds.overall,
        month_counted=used.month_counted + adds.counted,
        quarter_counted=used.quarter_counted + adds.counted,
        own=own,
    )


def same_visit(used: Used, outcome: Outcome) -> Used:
    """What is used when the next bill belongs to the same visit."""
    adds = outcome.adds
    return add(used, outcome)._replace(
        visit_eligible=used.visit_eligible + adds.eligible,
        visit_deductible=used.visit_deductible + adds.deductible,
        visit_counted=used.visit_counted + adds.counted,
    )
