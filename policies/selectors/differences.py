"""What a version changes against the one before it, row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from policies.models import PolicyVersion, TableRow
from policies.selectors.reading import cell_text, rows_of, title_of
from policies.selectors.sentences import says
from policies.selectors.tables import Table, editable_fields, tables_of
from policies.selectors.wording import FLAGS, RANGES, SETS

KEYS = frozenset(
    [name for name, _words in SETS]
    + list(FLAGS)
    + [end for ends in RANGES for end in ends]
    + ["care", "test", "channels", "band_from", "period", "scope", "item_kinds", "rule"]
    + ["purpose", "beneficiary"]
)
"""What a row is about; a row about the same that says something else has changed."""

HEADING = ("title", "document", "in_force_from", "in_force_until", "note")


class Change(NamedTuple):
    """A column's value before and after."""

    column: str
    before: str
    after: str


class RowDifference(NamedTuple):
    """A row that was added, removed or changed, as it reads."""

    kind: str
    meaning: str
    article: str
    changes: tuple[Change, ...] = ()


class TableDifference(NamedTuple):
    """The rows of a table that differ."""

    title: str
    rows: tuple[RowDifference, ...]


def before(version: PolicyVersion) -> PolicyVersion | None:
    """The version that this one was copied from, else the one published before it begins."""
    if version.copied_from is not None:
        return version.copied_from
    return (
        PolicyVersion.objects.filter(
            area_id=version.area_id,
            scheme=version.scheme,
            subject=version.subject,
            state="published",
            in_force_from__lt=version.in_force_from,
        )
        .exclude(pk=version.pk)
        .select_related("document")
        .order_by("-in_force_from")
        .first()
    )


def between(old: PolicyVersion, new: PolicyVersion) -> list[TableDifference]:
    """The tables in which two versions differ; two queries a table."""
    found = (
        TableDifference(
            title_of(table), tuple(_rows(table, rows_of(old, table), rows_of(new, table)))
        )
        for table in tables_of(new.subject)
    )
    return [difference for difference in found if difference.rows]


def headings(old: PolicyVersion, new: PolicyVersion) -> list[Change]:
    """What the headings of two versions say differently."""
    found = []
    for name in HEADING:
        said = [str(getattr(version, name) or "") for version in (old, new)]
        if said[0] != said[1]:
            found.append(Change(str(new._meta.get_field(name).verbose_name), said[0], said[1]))  # type: ignore[union-attr]
    return found


def _rows(
    table: Table, old: Sequence[TableRow], new: Sequence[TableRow]
) -> Iterator[RowDifference]:
    unmatched = _by_key(table, old)
    for row in new:
        candidates = unmatched[_key(table, row)]
        if not candidates:
            yield RowDifference("added", says(row), row.article)
            continue
        was = _closest(table, candidates, row)
        candidates.remove(was)
        changes = tuple(_changes(table, was, row))
        if changes:
            yield RowDifference("changed", says(row), row.article, changes)
    for rows in unmatched.values():
        for row in rows:
            yield RowDifference("removed", says(row), row.article)


def _by_key(table: Table, rows: Sequence[TableRow]) -> dict[Hashable, list[TableRow]]:
    found: dict[Hashable, list[TableRow]] = defaultdict(list)
    for row in rows:
        found[_key(table, row)].append(row)
    return found


def _closest(table: Table, candidates: Sequence[TableRow], row: TableRow) -> TableRow:
    return min(candidates, key=lambda was: sum(1 for _change in _changes(table, was, row)))


def _key(table: Table, row: TableRow) -> Hashable:
    columns = [field.name for field in editable_fields(table.model) if field.name in KEYS]
    if not columns or table.single:
        return None
    values = (getattr(row, name) for name in columns)
    return tuple(tuple(sorted(one)) if isinstance(one, list) else one for one in values)


def _changes(table: Table, was: TableRow, row: TableRow) -> Iterator[Change]:
    for field in editable_fields(table.model):
        if getattr(was, field.name) != getattr(row, field.name):
            yield Change(str(field.verbose_name), cell_text(field, was), cell_text(field, row))
