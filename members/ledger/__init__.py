"""The one door to account entries (个人账户明细): nothing else inserts into `Entry`.

Every posting carries a business key, once per account. Posting the same again returns the entry
that stands; the same key with other content is refused. The database moves the balance
(docs/ledger.md). Locks are taken in the order of docs/locking.md: an account after any year total,
several accounts by ascending id.
"""

from members.ledger.errors import (
    ClosedAccountError,
    InsufficientBalanceError,
    KeyTakenError,
    LedgerError,
)
from members.ledger.movements import (
    credit,
    entry_for,
    lock,
    lock_many,
    open_account,
    pay,
    post_many,
    refund,
)
from members.ledger.posting import Posting

__all__ = [
    "ClosedAccountError",
    "InsufficientBalanceError",
    "KeyTakenError",
    "LedgerError",
    "Posting",
    "credit",
    "entry_for",
    "lock",
    "lock_many",
    "open_account",
    "pay",
    "post_many",
    "refund",
]
