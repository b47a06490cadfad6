"""What happened: the models of every noun of the app."""

from claims.settlement.models import BillLine, Prescription, SettledLine, Settlement, Visit

__all__ = ["BillLine", "Prescription", "SettledLine", "Settlement", "Visit"]
