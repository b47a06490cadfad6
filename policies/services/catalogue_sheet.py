"""A file of catalogue rows, Excel or CSV, read into text by column."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

MOST_ROWS = 50_000
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("national code", "国家编码", "医保编码", "医保目录编码", "目录编码"),
    "name": ("item name", "名称", "项目名称", "药品名称", "注册名称"),
    "kind": ("kind of item", "类别", "项目类别"),
    "specification": ("规格",),
    "unit": ("单位", "计价单位"),
    "manufacturer": ("生产企业", "厂家"),
    "generic_group": ("generic group", "通用名", "通用名组"),
    "essential": ("essential drug", "基本药物"),
    "negotiated": ("谈判药品", "国谈药"),
    "dual_channel": ("dual channel", "双通道"),
    "only_sex": ("only for", "限性别"),
    "age_from": ("age from", "限年龄下限"),
    "age_until": ("age under", "限年龄上限"),
    "quantity_limit": ("most units a bill", "限数量"),
    "days_limit": ("most days a bill", "限天数"),
    "item_class": ("class", "甲乙类", "收费等级", "等级"),
    "self_pay": ("first self-payment", "先行自付比例", "自付比例"),
    "item_standard": ("payment standard", "支付标准", "医保支付标准"),
    "group_standard": ("payment standard of the group", "通用名支付标准"),
    "in_force_from": ("in force from", "生效日期", "开始日期"),
}
"""The columns of a file, and what else their headings may be called."""

NEEDED = ("code", "name", "kind")


class Sheet(NamedTuple):
    """The columns that a file has with its own headings, and its rows by their number in it."""

    headings: dict[str, str]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read(content: bytes) -> Sheet:
    """Read a file; raises ValidationError where it is no table of ours as a whole."""
    lines = _excel(content) if content.startswith(EXCEL) else _csv(content)
    if not lines:
        raise ValidationError(_("The file is empty."))
    columns = _columns(lines[0])
    rows = tuple(
        (number, dict(zip(columns, (cell.strip() for cell in line), strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    )
    if not rows:
        raise ValidationError(_("The file has headings but no rows."))
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            _("The file has %(rows)s rows; load at most %(most)s at a time.")
            % {"rows": len(rows), "most": MOST_ROWS}
        )
    headings = dict(zip(columns, lines[0], strict=True))
    headings.pop("", None)
    return Sheet(headings, rows)


def heading_of(column: str) -> str:
    """What a column is headed in the empty file: its Chinese name."""
    return next(alias for alias in COLUMNS[column] if not alias.isascii())


def _columns(headings: list[str]) -> list[str]:
    known = {alias: name for name, aliases in COLUMNS.items() for alias in (name, *aliases)}
    found = [known.get(heading.strip().lower(), "") for heading in headings]
    unknown = [
        heading
        for heading, name in zip(headings, found, strict=True)
        if heading.strip() and not name
    ]
    if unknown:
        raise ValidationError(
            _("Unknown headings: %(names)s. Rename or remove these columns.")
            % {"names": ", ".join(unknown)}
        )
    missing = [heading_of(name) for name in NEEDED if name not in found]
    twice = {heading_of(name) for name in found if name and found.count(name) > 1}
    if missing:
        raise ValidationError(
            _("These headings are missing: %(names)s.") % {"names": ", ".join(missing)}
        )
    if twice:
        raise ValidationError(
            _("These headings stand twice: %(names)s.") % {"names": ", ".join(twice)}
        )
    return found


def _excel(content: bytes) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        lines = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError):
        raise ValidationError(_("The file is not an Excel workbook that can be read.")) from None
    return [[_text(cell) for cell in line] for line in lines]


def _text(cell: Any) -> str:
    """A cell as text; a number as it was typed, a day as a day."""
    if isinstance(cell, float):
        exact = Decimal(repr(cell))
        return f"{exact.normalize():f}" if exact.is_finite() else ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValidationError(
            _("The file is not CSV that can be read: %(why)s") % {"why": error}
        ) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("The file is neither Excel nor text in UTF-8 or GBK."))
