"""Reckon a month's credit to a personal account (个人账户划入) and the yearly health incentive (健康激励)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from policies.engine.errors import TwoRows
from policies.engine.explain import Step, percent
from policies.engine.match import CreditProfile
from policies.engine.money import share
from policies.engine.person import age_under, retired_after_flexible, retired_on, status_under
from policies.engine.rows import Credit, CreditTerms, Incentive
from policies.engine.series import NO_FIGURES, Series
from policies.engine.tables import CreditTables
from policies.engine.vocabulary import CreditBase, EmployerGroup, Label, NoCredit


class CreditPerson(NamedTuple):
    """A member in one month: amounts in fen a month, None where there is none.

    `contribution_received` says whether the month's own contribution had come in when the question is asked.
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


class _Base(NamedTuple):
    amount: int | None
    missing: str = ""
    provisional: bool = False


def credit(
    tables: CreditTables, person: CreditPerson, month: date, series: Series = NO_FIGURES
) -> CreditOutcome:
    """Reckon what is owed for a month (its first day); raises TwoRows where two rules claim it."""
    if tables.terms.account_needed and not person.has_account:
        return _none(NoCredit.NO_ACCOUNT, tables.terms.article)
    if not person.insured:
        return _none(NoCredit.NOT_INSURED, tables.terms.article)
    rows = _rows(tables, profile_of(tables, person, month))
    parts: list[CreditPart] = []
    steps: list[Step] = []
    reason = NoCredit.NO_RULE.value
    for row in rows:
        base = _base(row, person, month, series)
        if base.amount is None:
            reason = base.missing
            steps.append(Step(Label.NO_CREDIT, 0, row.article, note=base.missing))
        else:
            _add(row, base, parts, steps)
    amount = sum(part.amount for part in parts)
    if not parts and not steps:
        return _none(reason, tables.terms.article)
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


def _rows(tables: CreditTables, profile: CreditProfile) -> Iterator[Credit]:
    """The one main rule of a profile, if any, and every rule that comes on top."""
    rows = [row for row in tables.credits if row.covers(profile)]
    main = [row for row in rows if not row.on_top]
    if len(main) > 1:
        raise TwoRows("credit", profile, tuple(main))
    yield from main
    yield from (row for row in rows if row.on_top)


def _base(row: Credit, person: CreditPerson, month: date, series: Series) -> _Base:
    if row.base == CreditBase.CONTRIBUTION:
        received = person.contribution_received and person.contribution_base is not None
        return _Base(person.contribution_base) if received else _Base(None, NoCredit.NOT_RECEIVED)
    if row.base == CreditBase.SERIES:
        value, provisional = row.amount._replace(rate=row.rate).resolve(month.year, series)
        return _Base(value, NoCredit.FIGURE_MISSING, provisional)
    if row.base == CreditBase.FIXED:
        return _Base(row.amount.fixed or 0)
    if row.base == CreditBase.NOTHING:
        return _Base(None, NoCredit.NO_RULE)
    own = {
        CreditBase.PENSION.value: person.pension,
        CreditBase.RETIREMENT_PENSION.value: person.retirement_pension,
        CreditBase.FROZEN.value: person.frozen,
    }[row.base]
    return _Base(own, NoCredit.BASE_MISSING)


RATED = (CreditBase.CONTRIBUTION, CreditBase.PENSION, CreditBase.RETIREMENT_PENSION)


def _add(row: Credit, base: _Base, parts: list[CreditPart], steps: list[Step]) -> None:
    reckoned_from = base.amount or 0
    amount = share(reckoned_from, row.rate) if row.base in RATED else reckoned_from
    if row.base != CreditBase.FIXED or amount:
        note = (
            f"{row.amount.series} {percent(row.rate)}"
            if row.base == CreditBase.SERIES
            else row.base
        )
        steps.append(Step(Label.CREDIT, amount, row.article, reckoned_from, row.rate, note))
    if row.supplement:
        steps.append(Step(Label.SUPPLEMENT, row.supplement, row.article))
    if amount + row.supplement:
        parts.append(
            CreditPart(row.rule, amount + row.supplement, row.source, row.article, base.provisional)
        )


def _none(reason: str, article: str) -> CreditOutcome:
    return CreditOutcome(0, (), str(reason), (Step(Label.NO_CREDIT, 0, article, note=str(reason)),))


def award(rule: Incentive, clean_years: int, year: int) -> CreditOutcome:
    """Reckon the award for a year, the last of `clean_years` in a row without a payment of the fund."""
    counted = min(clean_years, year - rule.first_year + 1)
    if counted <= 0:
        return _none(NoCredit.NO_RULE, rule.article)
    amount = min(rule.first + rule.step * (counted - 1), rule.maximum)
    step = Step(Label.AWARD, amount, rule.article, note=str(counted))
    part = CreditPart("incentive", amount, "pooled", rule.article, False)
    return CreditOutcome(amount, (part,), "", (step,))
