"""Try a policy out: the answer for an invented case, under a draft or what is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from bureau import clock
from policies import engine, labels
from policies.engine.bill import Bill, Line, Person, Used, Where
from policies.engine.credit import CreditPerson
from policies.engine.errors import FigureMissing, NoRow, NoTerms, PolicyError, TwoRows
from policies.engine.money import fen, millionths, yuan
from policies.models import PolicyVersion
from policies.selectors import figures, reading, rulebook
from policies.selectors.explanation import ToldStep, all_told
from policies.selectors.tables import table_named
from policies.selectors.wording import label_of

Said = Mapping[str, Any]

PARTS = ("total", "fund", "personal", "account", "cash", "eligible", "deductible", "self_funded")
TABLE_NAMES = {
    "deductible": "deductibles",
    "ratio": "ratios",
    "cap": "caps",
    "overall cap": "caps",
    "item": "items",
    "credit": "credits",
}


class Undecided(ValidationError):  # noqa: N818 - says what is wrong
    """The tables give no answer for the case, and why."""


class Answer(NamedTuple):
    """What comes out, in yuan, with every step; `version` is what answered."""

    version: PolicyVersion
    amounts: dict[str, Decimal]
    steps: list[ToldStep]
    reason: str
    provisional: bool
    out_of_force: bool


def visit(said: Said, lines: Iterable[Said]) -> Answer:
    """Answer for a visit; raises Undecided."""
    version = _version(said, "benefit", said["day"])
    tables = rulebook.compile_benefit(version.pk)
    known = figures.known(version.area_id, clock.today())
    try:
        outcome = engine.settle(tables, _bill(said, lines), _person(said), _used(said), known)
    except PolicyError as error:
        raise Undecided(_why(error)) from error
    return Answer(
        version,
        {part: yuan(getattr(outcome, part)) for part in PARTS},
        all_told(outcome.steps),
        label_of(outcome.reason, labels.REASONS),
        outcome.provisional,
        not version.in_force_on(said["day"]),
    )


def credit(said: Said) -> Answer:
    """Answer for a month's credit; raises Undecided."""
    month = clock.month_of(said["day"])
    version = _version(said, "credit", month)
    tables = rulebook.compile_credit(version.pk)
    known = figures.known(version.area_id, clock.today())
    try:
        outcome = engine.credit(tables, _credited(said), month, known)
    except PolicyError as error:
        raise Undecided(_why(error)) from error
    return Answer(
        version,
        {"credit": yuan(outcome.amount)},
        all_told(outcome.steps),
        label_of(outcome.reason, labels.NO_CREDITS),
        outcome.provisional,
        not version.in_force_on(month),
    )


def _version(said: Said, subject: str, day: date) -> PolicyVersion:
    """The version that was chosen, else the one in force on the day."""
    chosen: PolicyVersion | None = said.get("version")
    if chosen is not None:
        return chosen
    if said.get("area") is None:
        raise Undecided(_("Choose a version, or an area whose policy of the day answers."))
    found = PolicyVersion.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=day),
        area=said["area"],
        scheme=said["scheme"],
        subject=subject,
        state="published",
        in_force_from__lte=day,
    ).first()
    if found is None:
        raise Undecided(
            _("No policy on %(subject)s is in force in %(area)s on %(day)s.")
            % {
                "subject": label_of(subject, labels.SUBJECTS),
                "area": said["area"],
                "day": day.isoformat(),
            }
        )
    return found


def _statuses(said: Said) -> tuple[tuple[date, str], ...]:
    if said.get("since") is None:
        return ((said["born"], said["status"]),)
    return ((date.min, said["status_before"]), (said["since"], said["status"]))


def _person(said: Said) -> Person:
    return Person(
        born=said["born"],
        statuses=_statuses(said),
        employer_group=said["employer_group"],
        special_groups=frozenset(said["special_groups"]),
        account_can_pay=fen(said["balance"] or 0),
        **{
            name: said[name]
            for name in (
                "insured",
                "has_account",
                "inpatient",
                "filed",
                "signed_here",
                "signed_primary",
                "family_doctor",
                "referred",
            )
        },
    )


def _bill(said: Said, lines: Iterable[Said]) -> Bill:
    where = Where(
        kind=said["kind"],
        tier=int(said["tier"]),
        charge_class=int(said["charge_class"]),
        place=said["place"],
        pooling=said["pooling"],
        **{
            name: said[name]
            for name in ("community", "designated", "direct_settlement", "prescribed")
        },
    )
    return Bill(
        said["day"],
        tuple(_line(line) for line in lines),
        where,
        said["care"],
        said["channel"],
        said.get("claimed_on"),
        from_account=bool(said["balance"]),
    )


def _line(said: Said) -> Line:
    standard = said.get("standard")
    return Line(
        fen(said["amount"]),
        said["item_class"],
        millionths(said.get("self_pay") or 0),
        None if standard is None else fen(standard),
        said["item_kind"],
    )


def _used(said: Said) -> Used:
    """What was used before, in the year; a visit and a month of its own are new."""
    return Used(
        eligible=fen(said.get("used_eligible") or 0),
        deductible=fen(said.get("used_deductible") or 0),
        counted=fen(said.get("used_counted") or 0),
        overall=fen(said.get("used_overall") or 0),
    )


def _credited(said: Said) -> CreditPerson:
    amounts = {
        name: None if said.get(name) is None else fen(said[name])
        for name in ("contribution_base", "pension", "retirement_pension", "frozen")
    }
    return CreditPerson(
        born=said["born"],
        statuses=_statuses(said),
        employer_group=said["employer_group"],
        special_groups=frozenset(said["special_groups"]),
        supplementary_scheme=said["supplementary_scheme"],
        insured=said["insured"],
        has_account=said["has_account"],
        contribution_received=said["contribution_received"],
        **amounts,
    )


def _why(error: PolicyError) -> str:
    """Why the tables do not decide, in words."""
    if isinstance(error, NoTerms):
        return _("The version has no terms for %(care)s.") % {
            "care": label_of(error.care, labels.CARES)
        }
    if isinstance(error, FigureMissing):
        return _("The %(series)s of %(year)s is not published, and nothing stands in for it.") % {
            "series": label_of(error.series, labels.SERIES),
            "year": error.year,
        }
    if isinstance(error, NoRow | TwoRows):
        return _undecided(error)
    return str(error)


def _undecided(error: NoRow | TwoRows) -> str:
    table = reading.title_of(table_named(TABLE_NAMES[error.table]))
    if isinstance(error, NoRow):
        return _("%(table)s: no row answers for this case.") % {"table": table}
    return _("%(table)s: more than one row answers for this case.") % {"table": table}
