"""A whole version to YAML and back, without loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from policies.engine.match import CREDIT_MATCH_COLUMNS, MATCH_COLUMNS
from policies.labels import SUBJECTS
from policies.models import Document, PolicyVersion, TableRow
from policies.selectors.tables import Table, editable_fields, tables_of

WHEN = frozenset(MATCH_COLUMNS) | frozenset(CREDIT_MATCH_COLUMNS)
HEADER = (
    "area",
    "scheme",
    "subject",
    "title",
    "document",
    "in_force_from",
    "in_force_until",
    "note",
)


class UnreadableVersion(ValidationError):  # noqa: N818 - says what is wrong
    """A YAML file is not a policy version: says where and what."""


class Row(dict[str, Any]):
    """A table's row, written on one line."""


class _Reader(yaml.SafeLoader):
    """Reads numbers with a point as exact decimals."""


class _Writer(yaml.SafeDumper):
    """Writes decimals as plain numbers and short rows on one line."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


_Reader.add_constructor(
    "tag:yaml.org,2002:float",
    lambda loader, node: Decimal(str(loader.construct_scalar(node))),  # type: ignore[arg-type]
)
_Writer.add_representer(
    Row, lambda writer, row: writer.represent_mapping("tag:yaml.org,2002:map", row, flow_style=True)
)
_Writer.add_representer(
    Decimal, lambda writer, value: writer.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")
)


def read_yaml(text: str) -> Any:
    """Read YAML with exact decimals; raises UnreadableVersion where it is not YAML."""
    try:
        return yaml.load(text, Loader=_Reader)  # noqa: S506 - a SafeLoader with one more constructor
    except (yaml.YAMLError, ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableVersion(_("This is not YAML: %(why)s") % {"why": error}) from None


def exported(version: PolicyVersion) -> dict[str, Any]:
    """The version as plain values: its header, then each table's rows in order."""
    content: dict[str, Any] = {name: getattr(version, name) for name in HEADER}
    content["area"], content["document"] = version.area_id, version.document.code
    content = {name: value for name, value in content.items() if value not in (None, "")}
    for table in tables_of(version.subject):
        rows = [
            exported_row(row)
            for row in table.model._default_manager.filter(version=version).order_by(
                "position", "pk"
            )
        ]
        if rows:
            content[table.name] = rows
    return content


def export_yaml(version: PolicyVersion) -> str:
    """The version as a YAML text that `import_version` reads back without loss."""
    return as_yaml(exported(version))


def as_yaml(content: Any) -> str:
    """Plain values as a YAML text, decimals as they are."""
    return yaml.dump(content, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=1000)


def exported_row(row: TableRow) -> dict[str, Any]:
    """A row's columns that are not empty; match columns stand together under `when`."""
    columns: dict[str, Any] = {}
    when: dict[str, Any] = {}
    for field in editable_fields(type(row)):
        value = getattr(row, field.name)
        if value == _default(field) or value in ([], ""):
            continue
        (when if field.name in WHEN else columns)[field.name] = _plain(field, value)
    return Row({"when": Row(when), **columns} if when else columns)


def _default(field: models.Field[Any, Any]) -> Any:
    default = field.get_default()
    return field.to_python(default) if default is not None else None


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.DecimalField):
        exact = Decimal(value)
        places = 2 if exact == exact.quantize(Decimal("0.01")) else field.decimal_places
        return exact.quantize(Decimal(1).scaleb(-(places or 0)))
    return value


@transaction.atomic
def import_version(content: Any, *, by: User | None, shipped: bool = False) -> PolicyVersion:
    """Make a draft of what `exported` gave; raises UnreadableVersion saying where it is wrong."""
    if not isinstance(content, dict) or not {"area", "subject", "document", "in_force_from"} <= set(
        content
    ):
        raise UnreadableVersion(
            _("A version needs area, subject, document and in_force_from at the least.")
        )
    tables = _tables(content["subject"])
    unknown = set(content) - set(HEADER) - {table.name for table in tables}
    if unknown:
        raise UnreadableVersion(
            _("Unknown table or heading: %(names)s") % {"names": _names(unknown)}
        )
    version = PolicyVersion(author=by, shipped=shipped, **_header(content))
    _clean(version, _("heading"))
    version.save()
    for table in tables:
        rows = list(_rows(version, table, content.get(table.name) or []))
        table.model._default_manager.bulk_create(rows)
    audit.record("version imported", version, by=by)
    return version


def _tables(subject: Any) -> tuple[Table, ...]:
    if str(subject) not in dict(SUBJECTS):
        raise UnreadableVersion(
            _("subject is one of %(subjects)s.") % {"subjects": ", ".join(dict(SUBJECTS))}
        )
    return tables_of(str(subject))


def _names(names: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, names)))


def _header(content: dict[str, Any]) -> dict[str, Any]:
    asked = {"area": str(content["area"]), "code": str(content["document"])}
    document = Document.objects.filter(area_id=asked["area"], code=asked["code"]).first()
    if document is None:
        raise UnreadableVersion(
            _("The area %(area)s has no document with the short code %(code)s.") % asked
        )
    header = {name: content[name] for name in HEADER if name in content}
    header["area_id"] = header.pop("area")
    header["document"] = document
    header.setdefault("title", f"{document.title}")
    return header


def _rows(version: PolicyVersion, table: Table, rows: Any) -> Iterator[TableRow]:
    if not isinstance(rows, list):
        raise UnreadableVersion(_("Table %(table)s is not a list of rows.") % {"table": table.name})
    known = {field.name: field for field in editable_fields(table.model)}
    for position, columns in enumerate(rows, start=1):
        where = _("%(table)s, row %(row)s") % {"table": table.name, "row": position}
        if not isinstance(columns, dict):
            raise UnreadableVersion(_("%(where)s: not a row.") % {"where": where})
        when = columns.get("when") or {}
        if not isinstance(when, dict):
            raise UnreadableVersion(
                _("%(where)s: “when” names match columns and their words.") % {"where": where}
            )
        flat = {**columns, **when}
        flat.pop("when", None)
        unknown = set(flat) - set(known)
        if unknown:
            raise UnreadableVersion(
                _("%(where)s: unknown column %(names)s")
                % {"where": where, "names": _names(unknown)}
            )
        row = table.model(version=version, position=position, **flat)
        _clean(row, where)
        yield row


def _clean(instance: models.Model, where: str) -> None:
    try:
        instance.full_clean(exclude=["version", "author"], validate_constraints=False)
    except ValidationError as error:
        said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise UnreadableVersion(f"{where}: {said}") from None


def same_content(version: PolicyVersion, content: dict[str, Any]) -> bool:
    """Whether a version says what a YAML content says, defaults written out or not."""
    said = dict(content)
    for table in tables_of(version.subject):
        said[table.name] = [
            exported_row(row) for row in _rows(version, table, content.get(table.name) or [])
        ]
    header = {"scheme": version.scheme, "title": version.title}
    return bool(_comparable(exported(version)) == _comparable({**header, **said}))


def _comparable(content: Any) -> Any:
    if isinstance(content, dict):
        return {
            key: _comparable(value) for key, value in content.items() if value not in (None, "", [])
        }
    if isinstance(content, list):
        return [_comparable(value) for value in content]
    if isinstance(content, (int, float, Decimal)) and not isinstance(content, bool):
        return Decimal(str(content))
    return content.isoformat() if isinstance(content, date) else content


def as_json(content: Any) -> Any:
    """YAML values as JSON can hold them: decimals and days as text."""
    if isinstance(content, dict):
        return {str(key): as_json(value) for key, value in content.items()}
    if isinstance(content, list):
        return [as_json(value) for value in content]
    if isinstance(content, Decimal):
        return str(content)
    return content.isoformat() if isinstance(content, date) else content
