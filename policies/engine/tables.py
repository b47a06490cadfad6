"""Compiled policy tables: every question answered once for each kind of case, then remembered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from math import prod
from typing import NamedTuple, TypeVar

from policies.engine.errors import NoRow, NoTerms, TwoRows
from policies.engine.explain import percent
from policies.engine.match import CreditMatch, CreditProfile, Match, Profile
from policies.engine.money import WHOLE
from policies.engine.requirements import compiled
from policies.engine.rows import (
    Adjustment,
    Cap,
    Credit,
    CreditTerms,
    Deductible,
    Incentive,
    ItemRule,
    PurposeRule,
    Ratio,
    Requirement,
    Terms,
)
from policies.engine.vocabulary import Allowed, CapPeriod, CapScope, Kind, PharmacyTerms, Test

Row = TypeVar("Row", bound=Match)
TEST_ORDER = {test.value: place for place, test in enumerate(Test)}
PERIOD_ORDER = {period.value: place for place, period in enumerate(CapPeriod)}


class Band(NamedTuple):
    """A band with its share after adjustments; `formula` shows how the share came about."""

    starts: int
    until: int
    ratio: int
    article: str
    formula: str


class Plan(NamedTuple):
    """What one kind of case is paid by."""

    deductible: Deductible
    bands: tuple[Band, ...]
    caps: tuple[Cap, ...]
    overall: Cap | None
    items: dict[str, ItemRule]
    counts_in_overall: bool


class Case:
    """All bills that no row tells apart: the tests they must pass and what they are paid by."""

    __slots__ = ("_care", "_plan", "profile", "tests")

    def __init__(self, care: CareTables, profile: Profile, channel: str) -> None:
        self._care = care
        self._plan: Plan | None = None
        self.profile = profile
        self.tests = compiled(
            row for row in care.requirements if channel in row.channels and row.covers(profile)
        )

    def plan(self) -> Plan:
        """What is paid, found when a bill first passes; raises NoRow or TwoRows if undecided."""
        if self._plan is None:
            self._plan = self._care.plan(self.profile)
        return self._plan


class CareTables:
    """The tables of one kind of care (待遇类别), with a memory of the cases found so far."""

    __slots__ = (
        "_plans",
        "adjustments",
        "ages",
        "caps",
        "cases",
        "deductibles",
        "items",
        "ratios",
        "requirements",
        "terms",
    )

    def __init__(
        self,
        terms: Terms,
        *,
        requirements: Iterable[Requirement] = (),
        deductibles: Iterable[Deductible] = (),
        ratios: Iterable[Ratio] = (),
        adjustments: Iterable[Adjustment] = (),
        caps: Iterable[Cap] = (),
        items: Iterable[ItemRule] = (),
    ) -> None:
        self.terms = terms
        self.requirements = sorted(requirements, key=lambda row: TEST_ORDER[row.test])
        self.deductibles = tuple(deductibles)
        self.ratios = tuple(ratios)
        self.adjustments = tuple(adjustments)
        self.caps = tuple(caps)
        self.items = tuple(items)
        self.ages = thresholds(
            (
                *self.requirements,
                *self.deductibles,
                *self.ratios,
                *self.adjustments,
                *self.caps,
                *self.items,
            )
        )
        self.cases: dict[Hashable, Case] = {}
        self._plans: dict[Profile, Plan] = {}

    def bracket(self, age: int) -> int:
        """The lowest age of the age bracket: all ages that no row tells apart."""
        place = bisect_right(self.ages, age)
        return self.ages[place - 1] if place else 0

    def plan(self, profile: Profile) -> Plan:
        """What a bill of this profile is paid by; raises NoRow or TwoRows if undecided."""
        profile = self._terms_profile(profile)
        found = self._plans.get(profile)
        if found is None:
            found = self._plans[profile] = self._compile(profile)
        return found

    def _terms_profile(self, profile: Profile) -> Profile:
        if profile.kind == Kind.PHARMACY and self.terms.pharmacy_terms == PharmacyTerms.PRESCRIBER:
            return profile._replace(kind=Kind.HOSPITAL)
        return profile

    def _compile(self, profile: Profile) -> Plan:
        caps = [cap for cap in self.caps if cap.covers(profile)]
        own = [cap for cap in caps if cap.scope == CapScope.OWN]
        overall = [cap for cap in caps if cap.scope == CapScope.OVERALL]
        periods = sorted({cap.period for cap in own}, key=PERIOD_ORDER.__getitem__)
        return Plan(
            only("deductible", self.deductibles, profile),
            self._bands(profile),
            tuple(
                only("cap", [cap for cap in own if cap.period == period], profile)
                for period in periods
            ),
            only("overall cap", overall, profile) if overall else None,
            self._items(profile),
            any(cap.counts_in_overall for cap in own),
        )

    def _items(self, profile: Profile) -> dict[str, ItemRule]:
        rows = [row for row in self.items if row.covers(profile)]
        kinds = dict.fromkeys(kind for row in rows for kind in row.item_kinds)
        return {
            kind: only("item", [row for row in rows if kind in row.item_kinds], profile)
            for kind in kinds
        }

    def _bands(self, profile: Profile) -> tuple[Band, ...]:
        covering = (row for row in self.ratios if row.covers(profile))
        rows = sorted(covering, key=lambda row: row.band_from)
        if not rows:
            raise NoRow("ratio", profile)
        for before, after in pairwise(rows):
            if after.band_from < before.band_end:
                raise TwoRows("ratio", profile, (before, after))
        adjusting = [row for row in self.adjustments if row.covers(profile)]
        return tuple(adjusted(row, adjusting) for row in rows)


class BenefitTables:
    """A compiled benefit version (待遇政策): its kinds of care."""

    __slots__ = ("_cares", "version")

    def __init__(self, cares: Iterable[CareTables], version: object = None) -> None:
        self._cares = {care.terms.care: care for care in cares}
        self.version = version

    def __iter__(self) -> Iterator[CareTables]:
        return iter(self._cares.values())

    def care(self, name: str) -> CareTables:
        """The tables of a kind of care; raises NoTerms when the version has none for it."""
        try:
            return self._cares[name]
        except KeyError:
            raise NoTerms(name) from None


class CreditTables:
    """A compiled credit version (划入政策), with a memory of the rules found so far."""

    __slots__ = ("_found", "ages", "credits", "incentive", "retirements", "terms", "version")

    def __init__(
        self,
        terms: CreditTerms,
        credits: Iterable[Credit] = (),  # noqa: A002 - the table's own name
        incentive: Incentive | None = None,
        version: object = None,
    ) -> None:
        self.terms = terms
        self.credits = tuple(credits)
        self.incentive = incentive
        self.version = version
        self.ages = thresholds(self.credits)
        days = {day for row in self.credits for day in (row.retired_from, row.retired_until) if day}
        self.retirements = tuple(sorted(days))
        self._found: dict[CreditProfile, tuple[Credit, ...]] = {}

    def rows(self, profile: CreditProfile) -> tuple[Credit, ...]:
        """The one main rule of a profile, if any, and every rule on top; raises TwoRows."""
        alike = self._bracketed(profile)
        found = self._found.get(alike)
        if found is None:
            rows = [row for row in self.credits if row.covers(alike)]
            main = [row for row in rows if not row.on_top]
            if len(main) > 1:
                raise TwoRows("credit", profile, tuple(main))
            found = self._found[alike] = (*main, *(row for row in rows if row.on_top))
        return found

    def _bracketed(self, profile: CreditProfile) -> CreditProfile:
        """The first of all profiles that no row tells apart by age or day of retirement."""
        age = bisect_right(self.ages, profile.age)
        retired = profile.retired_on
        if retired is not None:
            day = bisect_right(self.retirements, retired)
            retired = self.retirements[day - 1] if day else date.min
        return profile._replace(age=self.ages[age - 1] if age else 0, retired_on=retired)


class AccountUseTables:
    """A compiled account-use version (账户使用范围)."""

    __slots__ = ("_found", "rules", "version")

    def __init__(self, rules: Iterable[PurposeRule], version: object = None) -> None:
        self.rules = tuple(rules)
        self._found = {(rule.purpose, rule.beneficiary): rule for rule in self.rules}
        self.version = version

    def rule(self, purpose: str, beneficiary: str) -> PurposeRule:
        """The rule for a purpose and a beneficiary; what no row names is refused."""
        found = self._found.get((purpose, beneficiary))
        return found or PurposeRule(purpose=purpose, beneficiary=beneficiary, allowed=Allowed.NO)


def thresholds(rows: Iterable[Match | CreditMatch]) -> tuple[int, ...]:
    """The ages at which some row begins or ends, ascending."""
    ages = {age for row in rows for age in (row.age_from, row.age_until) if age is not None}
    return tuple(sorted(ages))


def only(table: str, rows: Sequence[Row], profile: Profile) -> Row:
    """The one row that answers for a profile (hit policy UNIQUE)."""
    found = [row for row in rows if row.covers(profile)]
    if not found:
        raise NoRow(table, profile)
    if len(found) > 1:
        raise TwoRows(table, profile, tuple(found))
    return found[0]


def adjusted(row: Ratio, adjusting: Sequence[Adjustment]) -> Band:
    """A band with every adjustment that matches: points first, then factors, within 0 and 100 %."""
    ratio = max(row.share + sum(adjustment.points for adjustment in adjusting), 0)
    formula = "".join([percent(row.share), *(_points(one) for one in adjusting if one.points)])
    factors = [one.factor for one in adjusting if one.factor != WHOLE]
    if factors:
        whole = WHOLE ** len(factors)
        ratio = (2 * ratio * prod(factors) + whole) // (2 * whole)
        formula = "×".join([f"({formula})", *(percent(factor) for factor in factors)])
    articles = dict.fromkeys([row.article, *(one.article for one in adjusting)])
    return Band(
        row.band_from,
        row.band_end,
        min(ratio, WHOLE),
        "; ".join(filter(None, articles)),
        formula,
    )


def _points(adjustment: Adjustment) -> str:
    return ("+" if adjustment.points > 0 else "−") + percent(abs(adjustment.points))
