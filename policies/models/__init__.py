"""Policies: documents, versions, tables, published figures, worked examples, catalogue."""

from policies.models.account_use import PurposeRow
from policies.models.benefit_tables import (
    AdjustmentRow,
    CapRow,
    DeductibleRow,
    ItemRuleRow,
    RatioRow,
    RequirementRow,
    TermsRow,
)
from policies.models.catalogue import CatalogueItem, ItemTerms, PaymentStandard
from policies.models.credit_tables import CreditRow, CreditTermsRow, IncentiveRow
from policies.models.documents import Document
from policies.models.examples import WorkedExample
from policies.models.figures import PublishedFigure
from policies.models.rows import TableRow
from policies.models.versions import PolicyVersion

__all__ = [
    "AdjustmentRow",
    "CapRow",
    "CatalogueItem",
    "CreditRow",
    "CreditTermsRow",
    "DeductibleRow",
    "Document",
    "IncentiveRow",
    "ItemRuleRow",
    "ItemTerms",
    "PaymentStandard",
    "PolicyVersion",
    "PublishedFigure",
    "PurposeRow",
    "RatioRow",
    "RequirementRow",
    "TableRow",
    "TermsRow",
    "WorkedExample",
]
