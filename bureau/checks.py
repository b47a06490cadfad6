"""System checks of what the models say to the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from bureau.database.grants import parse


@register
def application_may_is_understood(**_: Any) -> list[CheckMessage]:
    """``bureau.E001``: a model's ``application_may`` names a right or column that is none."""
    return [
        Error(
            f"application_may of {model._meta.label} says {right!r}.",
            hint="It holds 'insert', 'update', 'delete' or 'update:column,column'.",
            obj=model,
            id="bureau.E001",
        )
        for model in apps.get_models()
        for right in _misunderstood(model)
    ]


def _misunderstood(model: type[models.Model]) -> Iterator[str]:
    columns = {field.column for field in model._meta.concrete_fields}
    for right in getattr(model, "application_may", ()):
        try:
            understood = set(parse(right)[1]) <= columns
        except ValueError:
            understood = False
        if not understood:
            yield right
