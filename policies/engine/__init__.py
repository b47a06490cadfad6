"""The rules engine: pure decisions over frozen tables, exact to the fen.

One public call a question: :func:`settle`, :func:`credit` and :func:`award`. Nothing here knows
Django, the clock, settings or a database; amounts are whole fen and shares whole millionths.
"""

from policies.engine.benefit import Outcome, settle
from policies.engine.bill import Bill, Line, Person, Used, Where
from policies.engine.credit import CreditOutcome, CreditPerson, award, credit
from policies.engine.explain import Step
from policies.engine.series import Figure, Series
from policies.engine.tables import AccountUseTables, BenefitTables, CreditTables

__all__ = [
    "AccountUseTables",
    "BenefitTables",
    "Bill",
    "CreditOutcome",
    "CreditPerson",
    "CreditTables",
    "Figure",
    "Line",
    "Outcome",
    "Person",
    "Series",
    "Step",
    "Used",
    "Where",
    "award",
    "credit",
    "settle",
]
