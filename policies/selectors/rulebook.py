"""Which policy holds on a day, compiled once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from policies.engine.rows import CreditTerms
from policies.engine.tables import AccountUseTables, BenefitTables, CareTables, CreditTables
from policies.models import PolicyVersion
from policies.selectors.tables import engine_row, tables_of

EMPLOYEES = "310"
EngineRows = dict[str, list[Any]]


class NoPolicyInForce(Exception):  # noqa: N818 - says what is wrong
    """On a day, no version of a subject is in force in an area."""


class BenefitRules(NamedTuple):
    """Benefit tables with their version; `needs_figures` when a cap follows a published figure."""

    version_id: int
    tables: BenefitTables
    needs_figures: bool


class CreditRules(NamedTuple):
    """Credit tables with the version they come from."""

    version_id: int
    tables: CreditTables


class AccountUseRules(NamedTuple):
    """Account-use tables with the version they come from."""

    version_id: int
    tables: AccountUseTables


def version_on(
    day: date, *, area_id: str, subject: str, scheme: str = EMPLOYEES
) -> PolicyVersion | None:
    """The version in force on a day, or None."""
    return (
        PolicyVersion.objects.filter(
            Q(in_force_until__isnull=True) | Q(in_force_until__gt=day),
            area_id=area_id,
            scheme=scheme,
            subject=subject,
            state="published",
            in_force_from__lte=day,
        )
        .only("pk", "in_force_from", "in_force_until")
        .first()
    )


def benefit_on(day: date, *, area_id: str, scheme: str = EMPLOYEES) -> BenefitRules:
    """The benefit tables in force on a day; raises NoPolicyInForce."""
    return benefit_rules(_pk_on(day, area_id, "benefit", scheme))


def credit_on(day: date, *, area_id: str, scheme: str = EMPLOYEES) -> CreditRules:
    """The credit tables in force on a day; raises NoPolicyInForce."""
    return credit_rules(_pk_on(day, area_id, "credit", scheme))


def account_use_on(day: date, *, area_id: str, scheme: str = EMPLOYEES) -> AccountUseRules:
    """The account-use tables in force on a day; raises NoPolicyInForce."""
    return account_use_rules(_pk_on(day, area_id, "account_use", scheme))


def _pk_on(day: date, area_id: str, subject: str, scheme: str) -> int:
    version = version_on(day, area_id=area_id, subject=subject, scheme=scheme)
    if version is None:
        raise NoPolicyInForce(_none_in_force(day, area_id, subject, scheme))
    return version.pk


def _none_in_force(day: date, area_id: str, subject: str, scheme: str) -> str:
    of_area = PolicyVersion.objects.filter(
        area_id=area_id, scheme=scheme, subject=subject, state="published"
    ).select_related("document")
    first = of_area.order_by("in_force_from").first()
    version = first or PolicyVersion(subject=subject, scheme=scheme)
    said = _("No policy on %(subject)s (%(scheme)s) was in force on %(day)s in area %(area)s") % {
        "subject": version.get_subject_display(),
        "scheme": version.get_scheme_display(),
        "day": day.isoformat(),
        "area": area_id,
    }
    if first is None:
        return said + _(": none is published. Publish one first.")
    return said + _(
        ": the earliest version begins on %(begins)s (%(document)s)."
        " Publish one for that day first."
    ) % {"begins": first.in_force_from.isoformat(), "document": first.document.number}


@lru_cache(maxsize=512)
def benefit_rules(version_id: int) -> BenefitRules:
    """Compile a published benefit version; published versions never change, so once is enough."""
    tables = compile_benefit(version_id)
    figures = any(cap.amount.series for care in tables for cap in care.caps)
    return BenefitRules(version_id, tables, figures)


@lru_cache(maxsize=512)
def credit_rules(version_id: int) -> CreditRules:
    """Compile a published credit version."""
    return CreditRules(version_id, compile_credit(version_id))


@lru_cache(maxsize=512)
def account_use_rules(version_id: int) -> AccountUseRules:
    """Compile a published account-use version."""
    return AccountUseRules(version_id, compile_account_use(version_id))


def forget() -> None:
    """Forget what was compiled: of a version that was in force for a try, and then was not."""
    for remembered in (benefit_rules, credit_rules, account_use_rules):
        remembered.cache_clear()


def compile_benefit(version_id: int) -> BenefitTables:
    """Compile a benefit version as its tables stand, draft or published."""
    return benefit_tables(_rows(version_id, "benefit"))


def benefit_tables(tables: EngineRows) -> BenefitTables:
    """The engine's benefit tables of rows by table."""
    return BenefitTables(
        CareTables(
            terms,
            **{
                name: [row for row in tables[name] if row.care == terms.care]
                for name in (
                    "requirements",
                    "deductibles",
                    "ratios",
                    "adjustments",
                    "caps",
                    "items",
                )
            },
        )
        for terms in tables["terms"]
    )


def compile_credit(version_id: int) -> CreditTables:
    """Compile a credit version as its tables stand, draft or published."""
    return credit_tables(_rows(version_id, "credit"))


def credit_tables(tables: EngineRows) -> CreditTables:
    """The engine's credit tables of rows by table."""
    terms = tables["credit_terms"][0] if tables["credit_terms"] else CreditTerms()
    incentive = tables["incentive"][0] if tables["incentive"] else None
    return CreditTables(terms, tables["credits"], incentive)


def compile_account_use(version_id: int) -> AccountUseTables:
    """Compile an account-use version as its table stands, draft or published."""
    return account_use_tables(_rows(version_id, "account_use"))


def account_use_tables(tables: EngineRows) -> AccountUseTables:
    """The engine's account-use table of rows by table."""
    return AccountUseTables(tables["purposes"])


def _rows(version_id: int, subject: str) -> EngineRows:
    return {
        table.name: [
            engine_row(table, row)
            for row in table.model._default_manager.filter(version_id=version_id).order_by(
                "position", "pk"
            )
        ]
        for table in tables_of(subject)
    }
