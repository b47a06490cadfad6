"""What the engine refuses to answer, and why."""

from __future__ import annotations

from collections.abc import Sequence


class PolicyError(Exception):
    """The tables do not decide the case."""


class NoTerms(PolicyError):  # noqa: N818 - says what is wrong
    """The version has no terms for a kind of care (待遇类别)."""

    def __init__(self, care: str) -> None:
        super().__init__(f"the policy has no terms for care of kind {care!r}")
        self.care = care


class NoRow(PolicyError):  # noqa: N818
    """No row of a table answers for a case: a gap."""

    def __init__(self, table: str, case: object) -> None:
        super().__init__(f"no row of the {table} table answers for {case}")
        self.table, self.case = table, case


class TwoRows(PolicyError):  # noqa: N818
    """More than one row of a table answers for a case: an overlap."""

    def __init__(self, table: str, case: object, rows: Sequence[object]) -> None:
        super().__init__(f"{len(rows)} rows of the {table} table answer for {case}")
        self.table, self.case, self.rows = table, case, rows


class FigureMissing(PolicyError):  # noqa: N818
    """A figure that the policy needs is not published and nothing may stand in for it."""

    def __init__(self, series: str, year: int) -> None:
        super().__init__(f"the figure {series!r} for {year} is not published")
        self.series, self.year = series, year
