"""Decision-table checks (决策表校验): gaps and overlaps of a version's tables, as concrete cases.

Every table has the hit policy UNIQUE: over the whole domain a case is answered by exactly one row.
The domain is walked axis by axis, an axis being a match column that some row looks at; values that
no row tells apart are walked as one, so that each problem is found once, not once a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import singledispatch
from typing import Any, NamedTuple

from policies.engine.credit_checks import credit_cases
from policies.engine.domain import Axis, Cube, benefit_axes, cubes, merged
from policies.engine.match import CreditProfile, Match, Profile
from policies.engine.rows import Cap, Ratio
from policies.engine.tables import AccountUseTables, BenefitTables, CareTables, CreditTables
from policies.engine.vocabulary import (
    BandBasis,
    CapBasis,
    CapPeriod,
    CapScope,
    Channel,
    Kind,
    PharmacyTerms,
    Test,
)

GAP, OVERLAP = "gap", "overlap"


class Problem(NamedTuple):
    """A case that no row of a table answers (gap), or several do (overlap).

    `columns` names the fields of the case that matter. `spending` is where in the bands the case
    lies, in fen; `part` the cap period, the test, the item kind or the channel it is about.
    """

    kind: str
    table: str
    case: Profile | CreditProfile | tuple[str, str]
    rows: tuple[Any, ...]
    columns: tuple[str, ...] = ()
    care: str = ""
    part: str = ""
    spending: int | None = None


@singledispatch
def problems(tables: object) -> list[Problem]:
    """Every gap and overlap of a compiled version, in the order of its tables."""
    raise TypeError(f"no checks for {type(tables).__name__}")


@problems.register
def _(tables: BenefitTables) -> list[Problem]:
    return [problem for care in tables for problem in _of_care(care)]


@problems.register
def _(tables: CreditTables) -> list[Problem]:
    """An empty table is allowed: the document gives no rule."""
    main = [row for row in tables.credits if not row.on_top]
    return [
        Problem(OVERLAP if rows else GAP, "credits", case, rows, columns)
        for case, rows, columns in credit_cases(tables.terms, main)
    ]


@problems.register
def _(tables: AccountUseTables) -> list[Problem]:
    """What no row names is refused, so only rows that say the same thing twice are problems."""
    named: dict[tuple[str, str], list[Any]] = {}
    for rule in tables.rules:
        named.setdefault((rule.purpose, rule.beneficiary), []).append(rule)
    columns = ("purpose", "beneficiary")
    return [
        Problem(OVERLAP, "purposes", case, tuple(rows), columns)
        for case, rows in named.items()
        if len(rows) > 1
    ]


def _of_care(care: CareTables) -> Iterator[Problem]:
    """The problems of one kind of care."""
    kinds = tuple(Kind)
    if care.terms.pharmacy_terms == PharmacyTerms.PRESCRIBER:
        kinds = (Kind.HOSPITAL,)
    table = _Table(care.terms.care, "deductibles", kinds)
    yield from table.gaps_and_overlaps(care.deductibles)
    yield from _ratios(care, table._replace(name="ratios"))
    yield from _caps(care, table._replace(name="caps"))
    yield from _requirements(care, table._replace(name="requirements", kinds=tuple(Kind)))
    for kind in sorted({kind for row in care.items for kind in row.item_kinds}):
        rows = [row for row in care.items if kind in row.item_kinds]
        yield from table._replace(name="items", part=kind).overlaps(rows)


class _Table(NamedTuple):
    """A table, or the part of one whose rows exclude each other."""

    care: str
    name: str
    kinds: tuple[str, ...]
    part: str = ""

    def gaps_and_overlaps(self, rows: Sequence[Match]) -> Iterator[Problem]:
        yield from self.found(rows, benefit_axes(rows, self.kinds), lambda _: True)

    def overlaps(self, rows: Sequence[Match]) -> Iterator[Problem]:
        axes = benefit_axes(rows, self.kinds)
        yield from self.found(rows, axes, lambda mask: mask.bit_count() > 1)

    def found(
        self, rows: Sequence[Any], axes: list[Axis], wanted: Callable[[int], bool], filling: int = 0
    ) -> Iterator[Problem]:
        """The problems that a walk over the axes finds; rows in `filling` only fill gaps."""
        bad = (
            cube._replace(mask=cube.mask & ~filling)
            for cube in cubes(axes, len(rows))
            if cube.mask == 0 or (cube.mask & ~filling).bit_count() > 1
        )
        for cube in merged([cube for cube in bad if wanted(cube.mask)]):
            yield self._problem(rows, axes, cube)

    def _problem(self, rows: Sequence[Any], axes: list[Axis], cube: Cube) -> Problem:
        case = {axis.name: value for axis, value in cube.first(axes)}
        spending = case.pop("spending", None)
        return Problem(
            GAP if cube.mask == 0 else OVERLAP,
            self.name,
            Profile(**case),
            tuple(row for place, row in enumerate(rows) if cube.mask >> place & 1),
            tuple(case),
            self.care,
            self.part,
            spending,
        )


def _ratios(care: CareTables, table: _Table) -> Iterator[Problem]:
    """Ratios answer for every case at every spending, up to the cap where that is on spending."""
    ends = [_beyond(cap) for cap in care.caps if _ends_bands(care, cap)]
    rows: list[Ratio] = [*care.ratios, *ends]
    edges = {edge for row in rows for edge in (row.band_from, row.band_until) if edge}
    values = (0, *sorted(edges))
    axes = benefit_axes(rows, table.kinds)
    covers = [
        sum(1 << place for place, row in enumerate(rows) if row.band_from <= value < row.band_end)
        for value in values
    ]
    axes.append(Axis("spending", values, tuple(covers), (1 << len(rows)) - 1))
    filling = (1 << len(rows)) - (1 << len(care.ratios))
    yield from table.found(rows, axes, lambda _: True, filling)


def _ends_bands(care: CareTables, cap: Cap) -> bool:
    """Whether no spending above a cap is ever looked up in the bands."""
    a_visit = care.terms.band_basis == BandBasis.VISIT
    return (
        care.terms.cap_basis == CapBasis.ELIGIBLE
        and cap.scope == CapScope.OWN
        and not cap.carries_over
        and cap.amount.fixed is not None
        and not cap.amount.series
        and (a_visit or cap.period == CapPeriod.YEAR)
    )


def _beyond(cap: Cap) -> Ratio:
    """The stretch of spending that a cap leaves to nobody."""
    columns = {name: getattr(cap, name) for name in Match.__dataclass_fields__}
    return Ratio(band_from=cap.amount.fixed or 0, **columns)


def _caps(care: CareTables, table: _Table) -> Iterator[Problem]:
    """Where some case has a cap for a period, every case says its own, or that it has none."""
    for period in CapPeriod:
        rows = [cap for cap in care.caps if cap.scope == CapScope.OWN and cap.period == period]
        if rows:
            yield from table._replace(part=period.value).gaps_and_overlaps(rows)
    overall = [cap for cap in care.caps if cap.scope == CapScope.OVERALL]
    yield from table._replace(part=CapScope.OVERALL.value).overlaps(overall)


def _requirements(care: CareTables, table: _Table) -> Iterator[Problem]:
    """No test is asked for twice of the same case."""
    seen: set[tuple[str, tuple[Any, ...]]] = set()
    for test in Test:
        for channel in Channel:
            rows = [
                row for row in care.requirements if row.test == test and channel in row.channels
            ]
            for problem in table._replace(part=test.value).overlaps(rows):
                if (problem.part, problem.rows) not in seen:
                    seen.add((problem.part, problem.rows))
                    yield problem
