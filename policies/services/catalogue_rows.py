"""One row of a catalogue file: read, or told what is wrong with it and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies import labels
from policies.models import CatalogueItem, codes

YES = frozenset({"1", "yes", "true", "y", "是"})
NO = frozenset({"", "0", "no", "false", "n", "否"})
CLASSES = {"a": "A", "b": "B", "c": "C", "甲": "A", "乙": "B", "丙": "C"}
SEXES = {"": "", "1": "1", "2": "2", "男": "1", "女": "2"}
KINDS = {
    "药品": "drug",
    "西药": "drug",
    "中成药": "drug",
    "中药饮片": "drug",
    "耗材": "consumable",
    "医用耗材": "consumable",
    "诊疗项目": "service",
    "医疗服务": "service",
    "检查": "examination",
    "检验": "laboratory",
    "诊察费": "consultation",
    "一般诊疗费": "general_treatment",
    "核酸检测": "nucleic_acid",
}
ITEM_COLUMNS = frozenset(field.name for field in CatalogueItem._meta.fields)


class RowError(NamedTuple):
    """What is wrong in a row and column, and what to do about it."""

    row: int
    column: str
    what: str


class CatalogueRow(NamedTuple):
    """A row that can be loaded: the item's columns, and its terms in an area if it names any."""

    number: int
    item: dict[str, Any]
    item_class: str
    self_pay: Decimal
    item_standard: Decimal | None
    group_standard: Decimal | None
    begins: date | None

    @property
    def code(self) -> str:
        return str(self.item["code"])


def parsed(number: int, said: Mapping[str, str]) -> CatalogueRow | list[RowError]:
    """A row's values, or every error in it."""
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column, text in said.items():
        if column:
            try:
                values[column] = READERS.get(column, _plain)(text)
            except ValidationError as error:
                errors.append(RowError(number, column, " ".join(error.messages)))
    errors += [error for error in _together(number, values) if not errors]
    if errors:
        return errors
    return CatalogueRow(
        number,
        {name: value for name, value in values.items() if name in ITEM_COLUMNS},
        values.get("item_class", ""),
        values.get("self_pay") or Decimal(0),
        values.get("item_standard"),
        values.get("group_standard"),
        values.get("in_force_from"),
    )


def _together(number: int, values: Mapping[str, Any]) -> list[RowError]:
    """What is wrong between the columns of a row, or with the item as a whole."""
    wrong: list[RowError] = []
    item = CatalogueItem(**{name: one for name, one in values.items() if name in ITEM_COLUMNS})
    try:
        item.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        wrong += [
            RowError(number, "" if name == "__all__" else name, " ".join(texts))
            for name, texts in error.message_dict.items()
        ]
    if values.get("self_pay") and values.get("item_class") != "B":
        wrong.append(
            RowError(number, "self_pay", _("Only class B items have a first self-payment."))
        )
    if values.get("group_standard") is not None and not values.get("generic_group"):
        wrong.append(
            RowError(number, "generic_group", _("A standard of the group needs the group's name."))
        )
    return wrong


def _plain(text: str) -> str:
    return text


def _code(text: str) -> str:
    code = text.upper()
    try:
        codes.check(code)
    except ValidationError as error:
        hint = _("If Excel dropped leading zeros, format the column as text and type them again.")
        said = " ".join(error.messages)
        raise ValidationError(f"{said} {hint}" if code.isdigit() else said) from None
    return code


def _needed(text: str) -> str:
    if not text:
        raise ValidationError(_("This is empty; fill it in."))
    return text


def _kind(text: str) -> str:
    found = {str(label).lower(): word for word, label in labels.ITEM_KINDS}
    found |= {word: word for word, _label in labels.ITEM_KINDS} | KINDS
    kind = found.get(text.lower())
    if kind is None:
        raise ValidationError(
            _("“%(text)s” is no kind of item; write one of: %(kinds)s")
            % {"text": text, "kinds": ", ".join(str(label) for _word, label in labels.ITEM_KINDS)}
        )
    return kind


def _yes(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise ValidationError(_("“%(text)s” is neither yes nor no; write 1 or 0.") % {"text": text})


def _class(text: str) -> str:
    if not text:
        return ""
    found = CLASSES.get(text.lower().removesuffix("类"))
    if found is None:
        raise ValidationError(_("“%(text)s” is no class; write A, B or C.") % {"text": text})
    return found


def _sex(text: str) -> str:
    if text not in SEXES:
        raise ValidationError(_("“%(text)s” is no sex; write 1 or 2.") % {"text": text})
    return SEXES[text]


def _ratio(text: str) -> Decimal | None:
    if not text:
        return None
    percent = text.endswith(("%", "％"))
    ratio = _number(text.rstrip("%％"))
    ratio = ratio / 100 if percent else ratio
    if not 0 <= ratio <= 1:
        raise ValidationError(
            _("“%(text)s” is no ratio; write 10%% or 0.1 for ten per cent.") % {"text": text}
        )
    return ratio


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    price = _number(text.replace(",", ""))
    if price < 0 or price >= Decimal(10) ** 10 or price != price.quantize(Decimal("0.0001")):
        raise ValidationError(
            _("“%(text)s” is no price; write yuan with at most four decimals.") % {"text": text}
        )
    return price


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("“%(text)s” is no number.") % {"text": text})
    return number


def _limit(text: str) -> Decimal | None:
    return _number(text) if text else None


def _whole(text: str) -> int | None:
    if not text:
        return None
    number = _number(text)
    if number != number.to_integral_value() or not 0 <= number <= 32767:  # noqa: PLR2004 - smallint
        raise ValidationError(_("“%(text)s” is no whole number.") % {"text": text})
    return int(number)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        raise ValidationError(
            _("“%(text)s” is no day; write it as 2024-01-31.") % {"text": text}
        ) from None


READERS: dict[str, Callable[[str], Any]] = {
    "code": _code,
    "name": _needed,
    "kind": _kind,
    "essential": _yes,
    "negotiated": _yes,
    "dual_channel": _yes,
    "item_class": _class,
    "only_sex": _sex,
    "self_pay": _ratio,
    "item_standard": _price,
    "group_standard": _price,
    "quantity_limit": _limit,
    "age_from": _whole,
    "age_until": _whole,
    "days_limit": _whole,
    "in_force_from": _day,
}
