from __future__ import annotations


class LedgerError(Exception):
    """A movement that the ledger refuses; the message is for the clerk."""


class InsufficientBalanceError(LedgerError):
    """More is asked of an account than it holds."""


class ClosedAccountError(LedgerError):
    """An account that is closed takes no payments and no credits."""


class KeyTakenError(LedgerError):
    """The business key stands in the account already, with other content."""
