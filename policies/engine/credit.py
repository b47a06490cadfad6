"""Reckon a month's account credit (个人账户划入) and the yearly health incentive (健康激励)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from policies.engine.explain import Step
from policies.engine.match import CreditProfile
from policies.engine.money import WHOLE, share, share_to
from policies.engine.person import age_under, retired_after_flexible, retired_on, status_under
from policies.engine.rows import Credit, CreditTerms, Incentive
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import CreditTables
from policies.engine.vocabulary import CreditBase, EmployerGroup, Label, NoCredit, SourceFund

INCENTIVE = "incentive"
"""The rule that an award is entered under."""


class CreditPerson(NamedTuple):
    """A member in one month: amounts in fen a month, None where there is none.

    `contribution_received` says whether the month's own contribution had come in when the question
    is asked.
    """

    born: date
    statuses: tuple[tuple[date, str], ...]
    employer_group: str = EmployerGroup.ENTERPRISE
    special_groups: frozenset[str] = frozenset()
    supplementary_scheme: str = ""
    insured: bool = True
    has_account: bool = True
    contribution_base: int | None = None
    contribution_received: bool = False
    pension: int | None = None
    retirement_pension: int | None = None
    frozen: int | None = None


class CreditPart(NamedTuple):
    """What one rule gives for the month, in fen."""

    rule: str
    amount: int
    source: str
    article: str
    provisional: bool


class CreditOutcome(NamedTuple):
    """The month's credit in fen by rule; `reason` says why there is none, or not yet."""

    amount: int
    parts: tuple[CreditPart, ...]
    reason: str
    steps: tuple[Step, ...]

    @property
    def provisional(self) -> bool:
        return any(part.provisional for part in self.parts)


class Base(NamedTuple):
    """What a rule reckons from: a base and what the rate makes of it, or what is missing."""

    amount: int | None
    reckoned_from: int = 0
    missing: str = ""
    provisional: bool = False
    rate: int = WHOLE


def credit(
    tables: CreditTables, person: CreditPerson, month: date, series: Series = NO_FIGURES
) -> CreditOutcome:
    """Reckon what is owed for a month (its first day); raises TwoRows where two rules claim it."""
    if tables.terms.account_needed and not person.has_account:
        return _none(NoCredit.NO_ACCOUNT, tables.terms.article)
    if not person.insured:
        return _none(NoCredit.NOT_INSURED, tables.terms.article)
    parts: list[CreditPart] = []
    steps: list[Step] = []
    missing: list[str] = []
    for row in tables.rows(profile_of(tables, person, month)):
        base = base_of(row, person, month, series)
        if base.amount is None:
            missing.append(base.missing)
            steps.append(Step(Label.NO_CREDIT, 0, row.article, note=base.missing))
        else:
            _add(row, base, parts, steps)
    reason = missing[0] if missing else NoCredit.NO_RULE.value
    if not steps:
        return _none(reason, tables.terms.article)
    amount = sum(part.amount for part in parts)
    return CreditOutcome(amount, tuple(parts), "" if parts else reason, tuple(steps))


def profile_of(tables: CreditTables, person: CreditPerson, month: date) -> CreditProfile:
    """The member as the match columns of the credit table see them in a month."""
    terms = tables.terms
    status = status_under(terms.status_rule, person.statuses, month)
    return CreditProfile(
        month,
        status,
        age_under(terms.age_rule, person.born, month),
        _group(terms, person, month),
        person.special_groups,
        person.supplementary_scheme,
        retired_on(person.statuses, month),
    )


def _group(terms: CreditTerms, person: CreditPerson, month: date) -> str:
    """The employer group; who retired after flexible work counts where the terms say (SJZ-5)."""
    if terms.flexible_retirees_as and retired_after_flexible(person.statuses, month):
        return terms.flexible_retirees_as
    return person.employer_group


def base_of(row: Credit, person: CreditPerson, month: date, series: Series) -> Base:
    """The base of a rule for a member in a month, and what its rate makes of it."""
    if row.base == CreditBase.SERIES:
        return _published(row, month.year, series)
    if row.base == CreditBase.FIXED:
        return _rated(row.amount.fixed or 0, row.whole_rate)
    if row.base == CreditBase.NOTHING:
        return Base(0) if row.supplement else Base(None, missing=NoCredit.NO_RULE.value)
    own = _own(row.base, person)
    if own is None:
        received = row.base != CreditBase.CONTRIBUTION
        missing = NoCredit.BASE_MISSING if received else NoCredit.NOT_RECEIVED
        return Base(None, missing=missing.value)
    return _rated(own, row.whole_rate)


def _own(base: str, person: CreditPerson) -> int | None:
    """The member's own figure that a base names; a contribution counts once it is received."""
    if base == CreditBase.CONTRIBUTION:
        return person.contribution_base if person.contribution_received else None
    return {
        CreditBase.PENSION.value: person.pension,
        CreditBase.RETIREMENT_PENSION.value: person.retirement_pension,
        CreditBase.FROZEN.value: person.frozen,
    }[base]


def _rated(base: int, rate: int) -> Base:
    return Base(share(base, rate), base, rate=rate)


def _published(row: Credit, year: int, series: Series) -> Base:
    """A rate of a published figure, rounded once; the fallback stands in for the amount itself."""
    figure, provisional = row.amount.figure(year, series)
    if figure is not None:
        amount = share_to(figure, row.rate, row.amount.unit)
        return Base(amount, figure, provisional=provisional, rate=row.rate)
    if row.amount.fallback is not None:
        return Base(row.amount.fallback, row.amount.fallback, provisional=True)
    return Base(None, missing=NoCredit.FIGURE_MISSING.value)


def _add(row: Credit, base: Base, parts: list[CreditPart], steps: list[Step]) -> None:
    amount = base.amount or 0
    if base.reckoned_from or row.base not in {CreditBase.FIXED, CreditBase.NOTHING}:
        note = row.amount.series if row.base == CreditBase.SERIES else row.base
        steps.append(
            Step(Label.CREDIT, amount, row.article, base.reckoned_from, base.rate, str(note))
        )
    if row.supplement:
        steps.append(Step(Label.SUPPLEMENT, row.supplement, row.article))
    if base.provisional:
        steps.append(Step(Label.PROVISIONAL, 0, row.article))
    total = amount + row.supplement
    if total:
        parts.append(CreditPart(row.rule, total, row.source, row.article, base.provisional))


def _none(reason: str, article: str) -> CreditOutcome:
    return CreditOutcome(0, (), str(reason), (Step(Label.NO_CREDIT, 0, article, note=str(reason)),))


def award(rule: Incentive, clean_years: int, year: int) -> CreditOutcome:
    """Reckon the award for a year, the last of `clean_years` in a row without a fund payment."""
    counted = min(clean_years, year - rule.first_year + 1)
    if counted <= 0:
        return _none(NoCredit.NO_RULE, rule.article)
    amount = min(rule.first + rule.step * (counted - 1), rule.maximum)
    step = Step(Label.AWARD, amount, rule.article, note=str(counted))
    part = CreditPart(INCENTIVE, amount, SourceFund.POOLED.value, rule.article, False)
    return CreditOutcome(amount, (part,), "", (step,))
