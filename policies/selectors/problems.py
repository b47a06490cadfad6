"""What is wrong with a version's tables, told as the concrete case that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from policies import labels
from policies.engine import checks
from policies.engine.match import CreditProfile, Profile
from policies.engine.rows import ORDINARY
from policies.engine.vocabulary import CapScope
from policies.models import PolicyVersion, TableRow
from policies.selectors import reading, rulebook
from policies.selectors.sentences import joined, says
from policies.selectors.tables import Table, engine_row, table_named, tables_of
from policies.selectors.wording import Case, case_words, label_of, listed, yuan_words

AS_COLUMN = {
    "kind": "kinds",
    "tier": "tiers",
    "charge_class": "charge_classes",
    "place": "places",
    "status": "statuses",
    "employer_group": "employer_groups",
    "supplementary_scheme": "supplementary_schemes",
}
"""What one value of a case is called as a set of them."""

EXACT = {"month": "month_is"}
COMPILERS = {
    "benefit": rulebook.benefit_tables,
    "credit": rulebook.credit_tables,
    "account_use": rulebook.account_use_tables,
}


class VersionProblem(NamedTuple):
    """A gap or an overlap: the table, the case in words, and the rows that answer for it."""

    kind: str
    table: str
    sentence: str
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        return joined([self.sentence, *self.rows])


def problems_of(version: PolicyVersion) -> list[VersionProblem]:
    """Every gap and overlap of a version's tables, and every table that must not be empty."""
    found = {table: reading.rows_of(version, table) for table in tables_of(version.subject)}
    numbered: dict[int, tuple[int, TableRow]] = {}
    rows: rulebook.EngineRows = {}
    for table, table_rows in found.items():
        rows[table.name] = [engine_row(table, row) for row in table_rows]
        pairs = zip(rows[table.name], enumerate(table_rows, start=1), strict=True)
        numbered |= {id(engine): place for engine, place in pairs}
    tables = COMPILERS[version.subject](rows)
    return [
        *_missing(rows),
        *(_told(problem, numbered, found) for problem in checks.problems(tables)),
    ]


def _missing(rows: rulebook.EngineRows) -> Iterator[VersionProblem]:
    """Kinds of care that rows speak of and that have no terms; no terms at all."""
    if "terms" not in rows:
        return
    title = _title("terms")
    known = {terms.care for terms in rows["terms"]}
    spoken_of = {row.care for table_rows in rows.values() for row in table_rows}
    for care in sorted(spoken_of - known) or ([] if known else [ORDINARY]):
        said = _("%(table)s: no row says how %(care)s is reckoned") % {
            "table": title,
            "care": label_of(care, labels.CARES),
        }
        yield VersionProblem(checks.GAP, title, said)


def _told(
    problem: checks.Problem,
    numbered: Mapping[int, tuple[int, TableRow]],
    found: Mapping[Table, Sequence[TableRow]],
) -> VersionProblem:
    title = _title(problem.table)
    words = case_words(_case(problem, _ages(found[table_named(problem.table)])))
    case = listed(filter(None, (_about(problem), words, _spending(problem))))
    places = [numbered[id(row)] for row in problem.rows]
    who = {
        "table": title,
        "case": case or pgettext("a row that matches every case", "all"),
        "rows": pgettext("between numbers of rows", " and ").join(
            str(number) for number, _row in places
        ),
    }
    if problem.kind == checks.GAP:
        return VersionProblem(checks.GAP, title, _("%(table)s: no row answers for %(case)s") % who)
    said = ngettext(
        "%(table)s: row %(rows)s answers more than once for %(case)s",
        "%(table)s: rows %(rows)s all answer for %(case)s",
        len(places),
    )
    return VersionProblem(checks.OVERLAP, title, said % who, tuple(_rows(places)))


def _rows(places: Iterable[tuple[int, TableRow]]) -> Iterator[str]:
    for number, row in places:
        yield _("row %(number)s (%(meaning)s)") % {"number": number, "meaning": says(row)}


def _title(name: str) -> str:
    return reading.title_of(table_named(name))


def _about(problem: checks.Problem) -> str:
    """The kind of care where it is not the ordinary one, and the part of the table."""
    if not isinstance(problem.case, (Profile, CreditProfile)):
        words = zip(problem.case, (labels.PURPOSES, labels.BENEFICIARIES), strict=True)
        return listed(label_of(word, choices) for word, choices in words)
    care = "" if problem.care in {"", ORDINARY} else label_of(problem.care, labels.CARES)
    choices = {
        "caps": [*labels.CAP_PERIODS, *labels.CAP_SCOPES],
        "requirements": labels.TESTS,
        "items": labels.ITEM_KINDS,
    }.get(problem.table, [])
    part = label_of(problem.part, choices)
    if problem.table == "caps" and problem.part != CapScope.OVERALL:
        part = _("the limit for %(period)s") % {"period": part}
    return listed(filter(None, (care, part)))


def _spending(problem: checks.Problem) -> str:
    if problem.spending is None:
        return ""
    if not problem.spending:
        return _("spending from the first yuan on")
    return _("spending over %(start)s") % {
        "start": yuan_words(Decimal(problem.spending).scaleb(-2))
    }


def _ages(rows: Sequence[Any]) -> list[int]:
    """The ages at which some row of a table begins or ends, ascending."""
    ages = {getattr(row, name, None) for row in rows for name in ("age_from", "age_until")}
    return sorted(age for age in ages if age is not None)


def _bracket(age: int, ages: Sequence[int]) -> Case:
    """The ages that no row of the table tells from this one."""
    ends = [one for one in ages if one > age]
    return ({"age_from": age} if age else {}) | ({"age_until": ends[0]} if ends else {})


def _case(problem: checks.Problem, ages: Sequence[int]) -> Case:
    """The fields of the case that matter, as the wording knows them."""
    if not isinstance(problem.case, (Profile, CreditProfile)):
        return {}
    values: dict[str, Any] = problem.case._asdict()
    case: Case = {}
    for name in problem.columns:
        value = values[name]
        if name == "age":
            case |= _bracket(value, ages)
        elif name == "special_groups":
            case[name] = sorted(value)
        elif name in AS_COLUMN:
            case[AS_COLUMN[name]] = [value] if value != "" else []
        else:
            case[EXACT.get(name, name)] = value
    return case
