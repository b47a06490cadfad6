"""Showing amounts, progress and the like in lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

EMPTY = "–"


def money(amount: Decimal | None) -> SafeString:
    """Word an amount in yuan to the fen, right-aligned with figures of one width."""
    text = EMPTY if amount is None else f"{amount:,.2f}"
    return format_html('<span class="amount">{}</span>', text)


def money_column(field: str, description: Any) -> Callable[[Any, Model], SafeString]:
    """Return a list column that shows an amount field and sorts by it.

    In an admin: ``balance_shown = money_column("balance", _("balance"))``.
    """

    @admin.display(description=description, ordering=field)
    def column(_admin: Any, row: Model) -> SafeString:
        return money(getattr(row, field))

    return column


def progress(done: int, total: int) -> SafeString:
    """Draw how much of a whole is done."""
    return format_html(
        '<span class="progress"><progress value="{}" max="{}"></progress> {} / {}</span>',
        done, max(total, 1), done, total,
    )  # fmt: skip
