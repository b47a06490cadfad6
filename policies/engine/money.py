"""Money in whole fen (分), shares in whole millionths: the one place where anything is rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN_A_YUAN = 100
WHOLE = 1_000_000
"""A share (比例) of 100 %, in millionths."""

HALF = WHOLE // 2
NO_LIMIT = 10**15
"""Fen that no bill reaches: the end of an open band and the room under a limit that is not set."""


def fen(yuan: Decimal | int | str) -> int:
    """Return an amount given in yuan as whole fen; raises ValueError when it has parts of a fen."""
    exact = Decimal(yuan) * FEN_A_YUAN
    whole = int(exact)
    if whole != exact:
        raise ValueError(f"{yuan} yuan is not a whole number of fen")
    return whole


def yuan(amount: int) -> Decimal:
    """Return whole fen as yuan with two decimals."""
    return Decimal(amount).scaleb(-2)


def millionths(share: Decimal | int | str) -> int:
    """Return a share such as 0.65 as millionths; finer parts are rounded half up."""
    return int((Decimal(share) * WHOLE).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(amount: int, ratio: int) -> int:
    """Return the ratio's part of a non-negative amount, rounded half up to the fen (四舍五入)."""
    return (amount * ratio + HALF) // WHOLE


def share_to(amount: int, ratio: int, unit: int) -> int:
    """Return the ratio's part of an amount, rounded half up once to whole units (100: yuan)."""
    return (2 * amount * ratio + WHOLE * unit) // (2 * WHOLE * unit) * unit
