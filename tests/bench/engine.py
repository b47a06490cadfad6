"""How fast the engine is, each figure as a ratio to the bare formula in the same run.

`python -m tests.bench.engine [--millions 10]` interleaves both, block by block, and prints medians.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import numpy as np

from policies.engine import Bill, Line, Person, Used, Where, settle
from policies.engine.columns import (
    CreditColumns,
    PeopleColumns,
    SplitColumns,
    UsedColumns,
    VisitColumns,
    credit_columns,
    settle_columns,
)
from policies.engine.credit import CreditPerson
from tests.bench import column_formulas, formulas

Block = TypeVar("Block")
BLOCK = 1_000_000
PEOPLE = 200_000


class Compared(NamedTuple):
    """One line of the table: medians of the bare formula, of the engine, and of their ratio."""

    name: str
    unit: str
    bare: float
    engine: float
    ratio: float
    aim: str


def compare(bare: Callable[[], object], engine: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one run of each, one right after the other."""
    started = perf_counter()
    bare()
    between = perf_counter()
    engine()
    return between - started, perf_counter() - between


def one_settlement(repeats: int = 60, runs: int = 300) -> Compared:
    """A settlement of three lines with its steps."""
    tables = formulas.benefit()
    lines = (Line(80_000), Line(50_000, "B", 100_000), Line(9_000, "A", 0, 6_000))
    bill = Bill(date(2024, 5, 6), lines, Where(tier=3, charge_class=1), from_account=True)
    statuses = ((date(1980, 1, 1), "in_service"), (date(2010, 5, 1), "retired"))
    person = Person(date(1950, 3, 4), statuses, account_can_pay=30_000)
    used = Used(eligible=60_000, counted=60_000)
    outcome, amounts = settle(tables, bill, person, used), formulas.settle_bare(bill, person, used)
    if outcome[:13] != amounts[:13] or len(outcome.steps) < 6:
        sys.exit("the bare formula and the engine disagree")

    def bare() -> None:
        for _ in range(runs):
            formulas.settle_bare(bill, person, used)

    def engine() -> None:
        for _ in range(runs):
            settle(tables, bill, person, used)

    times = [compare(bare, engine) for _ in range(repeats)]
    micro = 1e6 / runs
    return Compared(
        "one settlement, three lines",
        "µs",
        median(first for first, _ in times) * micro,
        median(second for _, second in times) * micro,
        median(second / first for first, second in times),
        "≤ 4",
    )


def people(rng: np.random.Generator, count: int) -> PeopleColumns:
    """People of whom half have retired."""
    status = np.zeros((count, 2), np.int8)
    status[:, 1] = 2
    changed_on = np.full((count, 2), np.datetime64("NaT", "D"))
    changed_on[:, 0] = np.datetime64("1970-01-01")
    retired = rng.random(count) < 0.5
    days = rng.integers(0, 5_400, int(retired.sum()))
    changed_on[retired, 1] = np.datetime64("2010-01-01") + days
    born = np.datetime64("1940-01-01") + rng.integers(0, 23_000, count)
    return PeopleColumns(born=born, status=status, changed_on=changed_on)


def visits(rng: np.random.Generator, count: int = BLOCK) -> VisitColumns:
    """A block of visits to some two hundred kinds of institutions."""
    flags = (True, False)
    wheres = tuple(
        Where(kind, tier, 3, community, place, designated=designated, prescribed=prescribed)
        for kind in ("hospital", "pharmacy")
        for tier in range(4)
        for community in flags
        for place in ("area", "province", "elsewhere")
        for designated in flags
        for prescribed in flags
    )
    nobody = date(1980, 1, 1)
    standings = tuple(Person(nobody, inpatient=one, filed=two) for one in flags for two in flags)
    eligible_before = rng.integers(0, 1_600_000, count)
    return VisitColumns(
        days=np.datetime64("2024-01-01") + rng.integers(0, 366, count),
        people=people(rng, PEOPLE),
        person=rng.integers(0, PEOPLE, count),
        wheres=wheres,
        where=rng.integers(0, len(wheres), count),
        standings=standings,
        standing=rng.integers(0, len(standings), count),
        amounts=SplitColumns(
            self_funded=rng.integers(0, 10_000, count),
            over_standard=rng.integers(0, 1_000, count),
            pre_self_pay=rng.integers(0, 1_000, count),
            eligible=rng.integers(0, 300_000, count),
        ),
        used=UsedColumns(eligible=eligible_before, counted=np.minimum(eligible_before, 1_500_000)),
        account_can_pay=rng.integers(0, 100_000, count),
    )


def members(rng: np.random.Generator, count: int = BLOCK) -> CreditColumns:
    """A block of members, some of them without an account or a contribution."""
    nobody = CreditPerson(date(1980, 1, 1), ())
    standings = (nobody, nobody._replace(employer_group="institution"))
    return CreditColumns(
        people=people(rng, count),
        standings=(*standings, nobody._replace(has_account=False)),
        standing=rng.integers(0, 3, count),
        contribution_base=rng.integers(300_000, 3_000_000, count),
        contribution_received=rng.random(count) < 0.95,
    )


def many_visits(millions: int) -> Compared:
    """Settlements of as many million visits, a block at a time."""
    care = formulas.care()
    names = ("fund", "account", "reason", "above_cap", "adds_counted", "policy_year")
    times = [
        compare_block(
            visits(np.random.default_rng(seed)),
            column_formulas.settle_columns_bare,
            lambda block: settle_columns(care, block),
            names,
        )
        for seed in range(millions)
    ]
    return of_columns(f"{millions} million visits", times)


def many_credits(millions: int) -> Compared:
    """Credits of as many million members, a block at a time."""
    tables, series = formulas.credit_tables(), formulas.figures()
    times = [
        compare_block(
            members(np.random.default_rng(seed)),
            column_formulas.credit_columns_bare,
            lambda block: credit_columns(tables, block, formulas.MONTH, series),
            ("amount", "main"),
        )
        for seed in range(millions)
    ]
    return of_columns(f"{millions} million credits", times)


def compare_block(
    block: Block,
    bare: Callable[[Block], dict[str, np.ndarray]],
    engine: Callable[[Block], object],
    names: tuple[str, ...],
) -> tuple[float, float]:
    """Seconds that both take for a block; leaves with an error unless their answers are equal."""
    answers: list[Any] = []
    times = compare(lambda: answers.append(bare(block)), lambda: answers.append(engine(block)))
    first, second = answers
    if not all(np.array_equal(first[name], getattr(second, name)) for name in names):
        sys.exit("the bare formula and the engine disagree")
    return times


def of_columns(name: str, times: list[tuple[float, float]]) -> Compared:
    return Compared(
        name,
        "million a second",
        BLOCK / 1e6 / median(first for first, _ in times),
        BLOCK / 1e6 / median(second for _, second in times),
        median(first / second for first, second in times),
        "≥ 0.3",
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, default=10)
    millions = parser.parse_args().millions
    out = [f"{'':30}{'bare':>10}{'engine':>10}  {'unit':18}{'ratio':>7}  aim"]
    for line in (one_settlement(), many_visits(millions), many_credits(millions)):
        figures = f"{line.bare:10.2f}{line.engine:10.2f}  {line.unit:18}{line.ratio:7.2f}"
        out.append(f"{line.name:30}{figures}  {line.aim}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    out.append(f"peak memory {peak} MB, for blocks of {BLOCK:,} rows")
    sys.stdout.write("\n".join([*out, ""]))


if __name__ == "__main__":
    main()
