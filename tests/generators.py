"""Random policies, people and bills for the engine's properties, from a seed.

Policies are decided (no gaps, no overlaps) by construction, and reach every structure that tables
can carry; `Reached` counts what a run has met, so that a test can fail on what it never met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any, NamedTuple

from policies.engine.bill import Bill, Line, Person, Used, Where
from policies.engine.credit import CreditPerson
from policies.engine.money import WHOLE
from policies.engine.rows import (
    Adjustment,
    Cap,
    Credit,
    CreditTerms,
    Deductible,
    ItemRule,
    Ratio,
    Requirement,
    Terms,
)
from policies.engine.series import Amount, Figure, Series
from policies.engine.tables import BenefitTables, CareTables, CreditTables
from policies.engine.vocabulary import (
    BandBasis,
    CapBasis,
    CapPeriod,
    CapScope,
    Channel,
    CreditBase,
    DeductiblePeriod,
    EmployerGroup,
    ItemClass,
    ItemKind,
    Kind,
    PharmacyTerms,
    Place,
    Pooling,
    SatisfiedBy,
    SourceFund,
    Status,
    Test,
    TimeRule,
)

Reached = Counter[str]
Columns = dict[str, Any]

AGES = (35, 45, 50, 60, 70, 75)
GROUPS = ("model_worker", "veteran")
SERIES = "average_wage"
RULES_OF_ITEMS = (ItemKind.CONSULTATION, ItemKind.GENERAL_TREATMENT, ItemKind.NUCLEIC_ACID)


class Asked(NamedTuple):
    """One question: a bill of a member, with what was used before it."""

    bill: Bill
    person: Person
    used: Used


def figures(rng: Random) -> Series:
    """Some years of a published figure, some of them not yet known."""
    values = {
        (SERIES, year): Figure(rng.randrange(1_000_000, 12_000_000), date(year + 1, 7, 1))
        for year in range(2019, 2024)
        if rng.random() < 0.8
    }
    return Series(values, date(rng.randrange(2021, 2026), rng.randrange(1, 13), 1))


# -- match columns ---------------------------------------------------------------------------------


def _two(rng: Random, values: list[Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Values in two groups, neither of them empty."""
    values = list(values)
    rng.shuffle(values)
    cut = rng.randrange(1, len(values))
    return tuple(values[:cut]), tuple(values[cut:])


def _listed(name: str, values: Any) -> Callable[[Random], list[Columns]]:
    return lambda rng: [{name: group} for group in _two(rng, list(values))]


def _yes_no(name: str) -> Callable[[Random], list[Columns]]:
    return lambda _: [{name: True}, {name: False}]


def _by_age(rng: Random) -> list[Columns]:
    edges = sorted(rng.sample(AGES, rng.randrange(1, 3)))
    starts, ends = [None, *edges], [*edges, None]
    return [{"age_from": low, "age_until": high} for low, high in zip(starts, ends, strict=True)]


DIMENSIONS: dict[str, Callable[[Random], list[Columns]]] = {
    "kinds": _listed("kinds", Kind),
    "tiers": _listed("tiers", range(4)),
    "charge_classes": _listed("charge_classes", (1, 2, 3)),
    "community": _yes_no("community"),
    "selected": _yes_no("selected"),
    "places": _listed("places", Place),
    "statuses": _listed("statuses", Status),
    "age": _by_age,
    "employer_groups": _listed("employer_groups", EmployerGroup),
    "family_doctor": _yes_no("family_doctor"),
    "referred": _yes_no("referred"),
}


def partition(rng: Random, reached: Reached) -> list[Columns]:
    """Match columns of rows that answer for every case exactly once."""
    names = rng.sample(sorted(DIMENSIONS), rng.choice((0, 1, 1, 2)))
    reached.update(f"match {name}" for name in names)
    parts = product(*(DIMENSIONS[name](rng) for name in names))
    return [{key: value for one in rows for key, value in one.items()} for rows in parts]


def some_match(rng: Random, reached: Reached) -> Columns:
    """Match columns of one row: those of a part, or a special group."""
    if rng.random() < 0.25:
        reached["match special_groups"] += 1
        return {"special_groups": (rng.choice(GROUPS),)}
    return rng.choice(partition(rng, reached))


# -- benefit tables --------------------------------------------------------------------------------


def share_of(rng: Random) -> int:
    return rng.choice((0, rng.randrange(WHOLE), rng.randrange(40, 100) * 10_000, WHOLE))


def yuan_of(rng: Random, most: int) -> int:
    return rng.choice((rng.randrange(most) * 100, rng.randrange(most * 100)))


def terms_of(rng: Random) -> Terms:
    limited = rng.random() < 0.5
    return Terms(
        deductible_period=rng.choice(list(DeductiblePeriod)),
        band_basis=rng.choice(list(BandBasis)),
        cap_basis=rng.choice(list(CapBasis)),
        age_rule=rng.choice(list(TimeRule)),
        status_rule=rng.choice(list(TimeRule)),
        year_starts=rng.choice((1, 1, 7, 4)),
        pharmacy_terms=rng.choice(list(PharmacyTerms)),
        pharmacy_drugs_only=rng.random() < 0.5,
        hand_open=rng.random() < 0.8,
        hand_until_month=rng.randrange(1, 13) if limited else None,
        hand_until_day=rng.randrange(1, 32) if limited else None,
        article="T-1",
    )


def requirements_of(rng: Random, reached: Reached) -> Iterator[Requirement]:
    for test in Test:
        if rng.random() < 0.35:
            satisfied = {
                Test.SELECTED: (SatisfiedBy.OPENED, SatisfiedBy.NOT_WITHDRAWN),
                Test.SIGNED: (SatisfiedBy.HERE, SatisfiedBy.HERE_OR_PRIMARY),
            }.get(test, (SatisfiedBy.PLAIN,))
            yield Requirement(
                test=test,
                channels=rng.choice(((Channel.ONLINE,), (Channel.HAND,), tuple(Channel))),
                satisfied_by=rng.choice(satisfied),
                account_may_pay=rng.random() < 0.5,
                article=f"T-{test}",
                **some_match(rng, reached),
            )


def deductibles_of(rng: Random, reached: Reached) -> Iterator[Deductible]:
    for columns in partition(rng, reached):
        yield Deductible(
            amount=rng.choice((0, yuan_of(rng, 1500))),
            account=rng.choice(("", "", "specialist", "community")),
            yearly_ceiling=rng.choice((None, None, yuan_of(rng, 2000))),
            article="T-D",
            **columns,
        )


def ratios_of(rng: Random, reached: Reached) -> Iterator[Ratio]:
    for columns in partition(rng, reached):
        edges = sorted(yuan_of(rng, 20_000) + 1 for _ in range(rng.choice((0, 0, 1, 2, 3))))
        starts = [0, *edges]
        ends = [*edges, rng.choice((None, None, (edges or [0])[-1] + yuan_of(rng, 5_000) + 1))]
        for low, high in zip(starts, ends, strict=True):
            if high is None or low < high:
                yield Ratio(
                    band_from=low, band_until=high, share=share_of(rng), article="T-R", **columns
                )


def adjustments_of(rng: Random, reached: Reached) -> Iterator[Adjustment]:
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        points = rng.choice((0, rng.randrange(-20, 20) * 10_000))
        factor = rng.choice((WHOLE, WHOLE, rng.randrange(WHOLE), 1_200_000))
        yield Adjustment(points=points, factor=factor, article="T-A", **some_match(rng, reached))


def amount_of(rng: Random, most: int) -> Amount:
    """A fixed amount, none, or a formula on a published figure."""
    if rng.random() < 0.6:
        return Amount(fixed=rng.choice((yuan_of(rng, most), yuan_of(rng, most), None)))
    return Amount(
        series=SERIES,
        year=rng.choice((None, None, 2020, 2022)),
        offset=rng.choice((-1, -2, 0)),
        rate=rng.randrange(10_000, 300_000),
        unit=rng.choice((1, 100)),
        earliest=rng.choice((None, 2019)),
        fallback=yuan_of(rng, most),
    )


def caps_of(rng: Random, reached: Reached) -> Iterator[Cap]:
    for period in CapPeriod:
        if rng.random() < (0.7 if period == CapPeriod.YEAR else 0.25):
            for columns in partition(rng, reached):
                yield Cap(
                    period=period,
                    amount=amount_of(rng, 4_000 if period == CapPeriod.YEAR else 800),
                    carries_over=rng.random() < 0.4,
                    counts_in_overall=rng.random() < 0.4,
                    above=rng.choice((0, 0, share_of(rng))),
                    article=f"T-C-{period}",
                    **columns,
                )
    if rng.random() < 0.5:
        yield Cap(scope=CapScope.OVERALL, amount=amount_of(rng, 9_000), article="T-O")


def items_of(rng: Random, reached: Reached) -> Iterator[ItemRule]:
    for kind in RULES_OF_ITEMS:
        if rng.random() < 0.4:
            yield ItemRule(
                item_kinds=(kind,),
                share=share_of(rng),
                fixed=rng.choice((None, yuan_of(rng, 50))),
                left_out=rng.random() < 0.5,
                article="T-I",
                **some_match(rng, reached),
            )


def care_of(rng: Random, reached: Reached) -> CareTables:
    """Tables of one kind of care that decide every case."""
    return CareTables(
        terms_of(rng),
        requirements=requirements_of(rng, reached),
        deductibles=deductibles_of(rng, reached),
        ratios=ratios_of(rng, reached),
        adjustments=adjustments_of(rng, reached),
        caps=caps_of(rng, reached),
        items=items_of(rng, reached),
    )


def benefit_of(rng: Random, reached: Reached) -> BenefitTables:
    return BenefitTables([care_of(rng, reached)])


# -- people and bills ------------------------------------------------------------------------------


def day_of(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def born_of(rng: Random) -> date:
    """A birth day; now and then 29 February or an edge of a month."""
    born = day_of(rng, date(1930, 1, 1), date(2008, 12, 31))
    return rng.choice((born, born, born.replace(day=1), date(1956, 2, 29), date(1984, 2, 29)))


def statuses_of(rng: Random) -> tuple[tuple[date, str], ...]:
    days = sorted(
        day_of(rng, date(2019, 6, 1), date(2024, 12, 31)) for _ in range(rng.randrange(4))
    )
    names = [rng.choice(list(Status)).value for _ in range(len(days) + 1)]
    return tuple(zip([date(1990, 7, 1), *days], names, strict=True))


def line_of(rng: Random) -> Line:
    amount = rng.choice((0, 1, rng.randrange(500), yuan_of(rng, 300), yuan_of(rng, 9_000)))
    return Line(
        amount,
        rng.choice((ItemClass.A, ItemClass.A, ItemClass.B, ItemClass.C)).value,
        rng.choice((0, 0, rng.randrange(1, 40) * 10_000, rng.randrange(WHOLE))),
        rng.choice((None, None, rng.randrange(amount + 1), amount, amount + 100)),
        rng.choice((ItemKind.DRUG, ItemKind.DRUG, *ItemKind)).value,
    )


def where_of(rng: Random) -> Where:
    return Where(
        rng.choice(list(Kind)).value,
        rng.randrange(4),
        rng.randrange(1, 4),
        rng.random() < 0.5,
        rng.choice(list(Place)).value,
        rng.choice(list(Pooling)).value,
        *(rng.random() < 0.9 for _ in range(3)),
    )


def person_of(rng: Random) -> Person:
    return Person(
        born_of(rng),
        statuses_of(rng),
        insured=rng.random() < 0.95,
        has_account=rng.random() < 0.9,
        inpatient=rng.random() < 0.05,
        filed=rng.random() < 0.8,
        signed_here=rng.random() < 0.6,
        signed_primary=rng.random() < 0.6,
        employer_group=rng.choice(list(EmployerGroup)).value,
        special_groups=frozenset(group for group in GROUPS if rng.random() < 0.2),
        family_doctor=rng.random() < 0.5,
        referred=rng.random() < 0.5,
        account_can_pay=rng.choice((0, yuan_of(rng, 2_000))),
    )


def used_of(rng: Random) -> Used:
    eligible = rng.choice((0, 0, yuan_of(rng, 15_000)))
    own = {
        name: rng.randrange(40_000) for name in ("specialist", "community") if rng.random() < 0.4
    }
    deductible = min(eligible, yuan_of(rng, 1_200)) + sum(own.values())
    visit, month, quarter = (rng.choice((0, 0, yuan_of(rng, 900))) for _ in range(3))
    return Used(
        eligible + deductible,
        deductible,
        rng.choice((0, 0, yuan_of(rng, 4_000))),
        rng.choice((0, yuan_of(rng, 1_000))),
        rng.choice((0, yuan_of(rng, 9_000))),
        rng.choice((0, yuan_of(rng, 1_000))),
        rng.choice((0, min(deductible, yuan_of(rng, 300)))),
        visit,
        month,
        quarter,
        own,
    )


def asked_of(rng: Random) -> Asked:
    """A question about any bill of any member."""
    day = day_of(rng, date(2022, 1, 1), date(2024, 12, 31))
    claimed = rng.choice((None, day + timedelta(days=rng.randrange(900))))
    bill = Bill(
        day,
        tuple(line_of(rng) for _ in range(rng.randrange(5))),
        where_of(rng),
        channel=rng.choice((Channel.ONLINE, Channel.ONLINE, Channel.HAND)).value,
        claimed_on=claimed,
        from_account=rng.random() < 0.6,
    )
    person = person_of(rng)
    if rng.random() < 0.25:
        person = person._replace(born=birthday_around(rng, day))
    return Asked(bill, person, used_of(rng))


def birthday_around(rng: Random, day: date) -> date:
    """A birth day whose anniversary is the day, or one day off."""
    shifted = day + timedelta(days=rng.choice((-1, 0, 1)))
    return date(day.year - rng.choice(AGES), shifted.month, min(shifted.day, 28))


# -- credits ---------------------------------------------------------------------------------------

CREDIT_DIMENSIONS: dict[str, Callable[[Random], list[Columns]]] = {
    "statuses": _listed("statuses", Status),
    "age": _by_age,
    "employer_groups": _listed("employer_groups", EmployerGroup),
    "month": lambda _: [{"month_until": date(2023, 6, 1)}, {"month_from": date(2023, 6, 1)}],
    "retired": lambda _: [
        {"statuses": ("retired",), "retired_until": date(2022, 3, 15)},
        {"statuses": ("retired",), "retired_from": date(2022, 3, 15)},
        {"statuses": ("in_service", "flexible", "founding")},
    ],
}


def _credit_row(rng: Random, rule: str, columns: Columns, on_top: bool) -> Credit:
    base = rng.choice(list(CreditBase))
    amount = Amount()
    if base == CreditBase.FIXED:
        amount = Amount(fixed=yuan_of(rng, 300))
    elif base == CreditBase.SERIES:
        amount = amount_of(rng, 300)._replace(
            series=SERIES, fallback=rng.choice((None, yuan_of(rng, 300)))
        )
    return Credit(
        rule=rule,
        base=base,
        amount=amount,
        rate=rng.choice((0, rng.randrange(10_000, 60_000))),
        supplement=rng.choice((0, 0, yuan_of(rng, 60))),
        on_top=on_top,
        source=rng.choice(list(SourceFund)),
        article=f"T-{rule}",
        **columns,
    )


def credit_tables_of(rng: Random, reached: Reached) -> CreditTables:
    """Credit tables in which every profile has at most one main rule."""
    names = rng.sample(sorted(set(CREDIT_DIMENSIONS) - {"retired"}), rng.choice((0, 1, 1, 2)))
    if rng.random() < 0.4:
        names = [name for name in names if name != "statuses"] + ["retired"]
    reached.update(f"credit match {name}" for name in names)
    parts = list(product(*(CREDIT_DIMENSIONS[name](rng) for name in names)))
    rows = [
        _credit_row(rng, f"R{place}", {k: v for one in part for k, v in one.items()}, False)
        for place, part in enumerate(parts)
        if rng.random() < 0.9
    ]
    for place in range(rng.randrange(3)):
        columns = rng.choice(
            ({"special_groups": (rng.choice(GROUPS),)}, {"supplementary_schemes": ("big",)}, {})
        )
        rows.append(_credit_row(rng, f"S{place}", columns, True))
    rng.shuffle(rows)
    terms = CreditTerms(
        age_rule=rng.choice(list(TimeRule)),
        status_rule=rng.choice(list(TimeRule)),
        account_needed=rng.random() < 0.7,
        flexible_retirees_as=rng.choice(("", EmployerGroup.ENTERPRISE.value)),
    )
    return CreditTables(terms, rows)


def credit_person_of(rng: Random) -> CreditPerson:
    def some(most: int) -> int | None:
        return rng.choice((None, yuan_of(rng, most), yuan_of(rng, most), yuan_of(rng, most)))

    return CreditPerson(
        born_of(rng),
        statuses_of(rng),
        employer_group=rng.choice(list(EmployerGroup)).value,
        special_groups=frozenset(group for group in GROUPS if rng.random() < 0.2),
        supplementary_scheme=rng.choice(("", "big")),
        insured=rng.random() < 0.95,
        has_account=rng.random() < 0.9,
        contribution_base=some(20_000),
        contribution_received=rng.random() < 0.8,
        pension=some(9_000),
        retirement_pension=some(9_000),
        frozen=some(300),
    )
