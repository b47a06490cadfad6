"""The desk's pages on claims, noun by noun."""

from claims.settlement.admin import prescriptions, settlements, visits

__all__ = ["prescriptions", "settlements", "visits"]
