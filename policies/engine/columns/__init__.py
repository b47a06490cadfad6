"""The engine for millions of rows at once (numpy): the same answers to the fen, without steps.

:func:`settle_columns` answers for visits, each with what was used before it, :func:`credit_columns`
for a month's credits. Both work in chunks, so that beside their input and output they need little
memory, and both ask the scalar engine once for each case that no row of the tables tells apart.
"""

from policies.engine.columns.benefit import settle_columns
from policies.engine.columns.bill import (
    LineColumns,
    OutcomeColumns,
    SplitColumns,
    UsedColumns,
    VisitColumns,
)
from policies.engine.columns.credit import credit_columns
from policies.engine.columns.member import CreditColumns, CreditOutcomeColumns
from policies.engine.columns.person import PeopleColumns

__all__ = [
    "CreditColumns",
    "CreditOutcomeColumns",
    "LineColumns",
    "OutcomeColumns",
    "PeopleColumns",
    "SplitColumns",
    "UsedColumns",
    "VisitColumns",
    "credit_columns",
    "settle_columns",
]
