"""Random policies, people and bills for the engine's properties, from a seed.

Policies are decided (no gaps, no overlaps) by construction, and reach every structure that tables
can carry; `Reached` counts what a run has met, so that a test can fail on what it never met.
"""

from tests.generators.amounts import figures
from tests.generators.benefits import benefit_of, care_of
from tests.generators.credits import CREDIT_DIMENSIONS, credit_person_of, credit_tables_of
from tests.generators.matching import DIMENSIONS, Reached
from tests.generators.people import Asked, asked_of

__all__ = [
    "CREDIT_DIMENSIONS",
    "DIMENSIONS",
    "Asked",
    "Reached",
    "asked_of",
    "benefit_of",
    "care_of",
    "credit_person_of",
    "credit_tables_of",
    "figures",
]
