"""The days of the demo: what lies before them is history, what lies in them is settled."""

from __future__ import annotations

from datetime import date

FIRST_DAY = date(2024, 11, 1)
"""The first day of visits; what accounts hold by then is their opening balance."""

FIRST_FULL_YEAR = date(2025, 1, 1)
LAST_DAY = date(2026, 3, 31)
CREDITED_MONTH = date(2026, 3, 1)
CONTRIBUTED_MONTHS = (date(2026, 2, 1), CREDITED_MONTH)
SETTLED_DAY = date(2026, 4, 1)
"""The day that the demo settles through the desk's own service."""

OPENED_YEAR = 2026
OPENED = date(OPENED_YEAR, 1, 1)
REFORM = date(2023, 1, 1)
