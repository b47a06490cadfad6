"""Inputs small enough for a grid of rows: sets of words, shares in per cent, plain selects."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

SEPARATORS = re.compile(r"[,，、;；\s]+")


class SetInput(forms.CheckboxSelectMultiple):
    """A set of words: what is chosen in one line, the boxes to tick once it is opened."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        chosen = {str(one) for one in value or ()}
        context = {
            "name": name,
            "id": (attrs or {}).get("id", ""),
            "options": [(word, label, str(word) in chosen) for word, label in self.choices],
            "title": self.attrs.get("title", ""),
        }
        return mark_safe(render_to_string("policies/widgets/set.html", context))  # noqa: S308


class SetField(forms.MultipleChoiceField):
    """Words of a vocabulary; none stands for all of them."""

    widget = SetInput

    def __init__(self, *, word: type = str, **kwargs: Any) -> None:
        self.word = word
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[Any]:
        return [self.word(one) for one in super().clean(value)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [str(one) for one in initial or ()] != [str(one) for one in data or ()]


class WordsInput(forms.TextInput):
    """Free words in one line."""

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "、".join(value or ())


class WordsField(forms.CharField):
    """A set of free words, parted by commas of either width."""

    widget = WordsInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        words = value if isinstance(value, list) else SEPARATORS.split(value or "")
        return [word for word in words if word]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(list(initial or ()) != self.to_python(data))


class PercentInput(forms.TextInput):
    """A share typed in per cent."""

    template_name = "django/forms/widgets/text.html"


class PercentField(forms.DecimalField):
    """A share that is kept as a fraction and typed as per cent: 65 for 0.65."""

    widget = PercentInput

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return f"{(Decimal(value) * 100).normalize():f}"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = value.strip().rstrip("%％") if isinstance(value, str) else value
        percent = super().to_python(typed)
        return None if percent is None else percent / 100

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value != value.quantize(Decimal("0.000001")):
            raise ValidationError(_("A share has at most four decimals of a per cent."))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class MaybeInput(forms.NullBooleanSelect):
    """Yes, no, or either."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", _("either")), ("true", _("yes")), ("false", _("no"))]


class DayInput(forms.DateInput):
    """A day by the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
