"""Visits, bills and their settlement."""

from claims.settlement.models.line import PARTS, BillLine, SettledLine
from claims.settlement.models.settlement import ADDS, AMOUNTS, Settlement
from claims.settlement.models.visit import Prescription, Visit

__all__ = [
    "ADDS",
    "AMOUNTS",
    "PARTS",
    "BillLine",
    "Prescription",
    "SettledLine",
    "Settlement",
    "Visit",
]
