"""A settlement's statement (结算单): what is printed and shown, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.settlement.models import SettledLine, Settlement
from claims.settlement.services.explaining import Explanation
from members.models import Person

Row = tuple[str, ...]
PAYERS = ("total", "fund", "account", "cash")
LINE_PARTS = ("total", "self_funded", "over_standard", "pre_self_pay", "eligible")


class Section(NamedTuple):
    """A part of the statement: its title and its rows."""

    title: str
    rows: tuple[Row, ...]


def by_number(number: str) -> Settlement | None:
    """The settlement of a number with all that its statement reads, or None."""
    return with_all().filter(number=number).first()


def with_all() -> QuerySet[Settlement]:
    """Settlements with all that a statement reads of other tables."""
    return Settlement.objects.select_related(
        "area", "member__person", "institution", "version__document", "visit", "year_total",
        "reverses", "made_by",
    )  # fmt: skip


def sections(explanation: Explanation) -> Iterator[Section]:
    """The statement from its heading to whether it comes out again."""
    settlement = explanation.settlement
    yield Section(_("Settlement"), tuple(_heading(settlement)))
    yield Section(_("Policy"), tuple(_policy(settlement)))
    yield Section(_("Bill lines"), tuple(_lines(explanation.lines)))
    yield Section(_("Steps"), tuple((step.sentence, step.article) for step in explanation.steps))
    yield Section(_("Who pays"), tuple(_amounts(settlement, PAYERS)))
    moved = tuple(
        (total.name, f"{money(total.before)} → {money(total.after)}")
        for total in explanation.totals
    )
    yield Section(_("Totals of the year %(year)s") % {"year": settlement.policy_year}, moved)
    yield Section(_("Reversal"), tuple(_reversal(explanation)))
    yield Section(_("Reckoned again"), tuple(_check(explanation)))


class Tables(NamedTuple):
    """The statement's figures as a page shows them, amounts as text."""

    lines: tuple[Row, ...]
    sums: Row
    payers: tuple[Row, ...]
    totals: tuple[Row, ...]
    limits: tuple[Row, ...]


def tables(explanation: Explanation) -> Tables:
    """The lines with their parts, who pays, the totals before and after, and the caps."""
    made, first = explanation.settlement, explanation.explained
    caps = (("limit_amount", first.get_limit_period_display()), ("overall_limit", ""))
    return Tables(
        tuple(_line_row(settled) for settled in explanation.lines),
        _parts(made),
        tuple(_amounts(made, PAYERS[1:])),
        tuple(
            (total.name, money(total.before), money(total.after)) for total in explanation.totals
        ),
        tuple(
            (_label(name), str(of), money(getattr(first, name)))
            for name, of in caps
            if getattr(first, name) is not None
        ),
    )


def _line_row(settled: SettledLine) -> Row:
    line = settled.line
    return (
        line.name or str(line.get_kind_display()),
        str(line.get_item_class_display()),
        *_parts(settled),
    )


def _parts(row: SettledLine | Settlement) -> Row:
    parts = (getattr(row, name) for name in LINE_PARTS[1:])
    return (money(row.total), *(money(part) if part else "–" for part in parts))


def masked_name(person: Person) -> str:
    """A name of which only the beginning is shown."""
    return person.name[:1] + "*" * max(len(person.name) - 1, 1)


def _heading(settlement: Settlement) -> Iterator[Row]:
    person = settlement.member.person
    yield (
        _label("member"),
        f"{masked_name(person)} {person.identity_masked} ({settlement.member.number})",
    )
    yield _label("institution"), f"{settlement.institution} ({settlement.institution.code})"
    yield _label("day"), _day(settlement.day)
    yield _label("care"), settlement.get_care_display()
    yield _label("channel"), settlement.get_channel_display()
    yield _label("made_on"), _day(settlement.made_on)
    if settlement.reason:
        yield _label("reason"), settlement.get_reason_display()
    if settlement.provisional:
        yield _label("provisional"), _("yes")


def _policy(settlement: Settlement) -> Iterator[Row]:
    version = settlement.version
    yield version.title, _("in force from %(day)s") % {"day": _day(version.in_force_from)}
    yield version.document.number, version.document.title


def _lines(lines: Iterable[SettledLine]) -> Iterator[Row]:
    for settled in lines:
        line = settled.line
        name = line.name or line.get_kind_display()
        parts = (
            f"{_line_label(part)} {getattr(settled, part):,.2f}"
            for part in LINE_PARTS
            if part == "total" or getattr(settled, part)
        )
        yield name, line.get_item_class_display(), *parts


def _amounts(settlement: Settlement, names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        yield _label(name), money(getattr(settlement, name))


def _reversal(explanation: Explanation) -> Iterator[Row]:
    settlement, reversal = explanation.settlement, explanation.reversal
    if settlement.reverses is not None:
        yield _("This reverses"), settlement.reverses.number, settlement.note
    elif reversal is not None:
        yield _("Reversed by"), reversal.number, _day(reversal.made_on), reversal.note
    else:
        yield (pgettext("a settlement", "Not reversed"),)


def _check(explanation: Explanation) -> Iterator[Row]:
    if explanation.comes_out_again:
        yield (_("The stored facts give the same again, to the fen."),)
    for found in explanation.mismatches:
        yield (
            found.name,
            _("stored %(stored)s, reckoned %(again)s")
            % {"stored": found.stored, "again": found.recomputed},
        )


def money(amount: Decimal) -> str:
    """An amount in yuan to the fen."""
    return f"{amount:,.2f}"


def _day(day: date) -> str:
    return day.isoformat()


def _label(name: str) -> str:
    return str(Settlement._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _line_label(name: str) -> str:
    return str(SettledLine._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
