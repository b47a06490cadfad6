"""Fields of policy tables: money in yuan, shares as fractions, sets of words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

if TYPE_CHECKING:
    DecimalField = models.DecimalField[Any, Any]
    Set = ArrayField[Any, list[Any]]
else:
    DecimalField = models.DecimalField


class AmountField(DecimalField):
    """An amount in yuan to the fen; the engine reads it as whole fen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class ShareField(DecimalField):
    """A share such as 0.65 for 65 %; the engine reads it as whole millionths."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 6)
        kwargs.setdefault("validators", [MinValueValidator(-1), MaxValueValidator(10)])
        super().__init__(*args, **kwargs)


def word_set(label: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> Set:
    """A set of words from a vocabulary; empty stands for all of them."""
    word = models.CharField(max_length=24, choices=list(choices) or None)
    return ArrayField(word, verbose_name=label, default=list, blank=True, **kwargs)


def number_set(label: Any, choices: Iterable[tuple[int, Any]], **kwargs: Any) -> Set:
    """A set of small numbers; empty stands for all of them."""
    number = models.PositiveSmallIntegerField(choices=list(choices))
    return ArrayField(number, verbose_name=label, default=list, blank=True, **kwargs)
