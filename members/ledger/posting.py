"""A movement before it stands: its content, and its insertion under its business key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import NoReturn

from django.db import connection
from django.utils.translation import gettext as _

from members.ledger.errors import KeyTakenError
from members.models import Entry


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement to be posted; `amount` in yuan, negative when it leaves the account."""

    account_id: int
    area_id: str
    kind: str
    amount: Decimal
    key: str
    made_on: date
    period: date | None = None
    rule: str = ""
    revision: int = 0
    article: str = ""
    source_fund: str = ""
    version_id: int | None = None
    corrects_id: int | None = None
    provisional: bool = False

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands once: the account and the business key."""
        return self.account_id, self.key


COLUMNS = tuple(field.name for field in fields(Posting))
CONTENT = ("kind", "amount", "period", "rule", "revision", "source_fund", "corrects_id")
COLUMN_TYPES = {
    "account_id": "bigint",
    "amount": "numeric",
    "made_on": "date",
    "period": "date",
    "revision": "smallint",
    "version_id": "bigint",
    "corrects_id": "bigint",
    "provisional": "boolean",
}
ONE_ROW = f"VALUES ({', '.join(['%s'] * len(COLUMNS))})"
ARRAYS = ", ".join(f"%s::{COLUMN_TYPES.get(column, 'text')}[]" for column in COLUMNS)
MANY_ROWS = f"SELECT * FROM unnest({ARRAYS})"  # noqa: S608 -- made of the constants above
INSERT = f"INSERT INTO members_entry ({', '.join(COLUMNS)})"
UNLESS_IT_STANDS = "ON CONFLICT DO NOTHING RETURNING"


def post(posting: Posting) -> Entry:
    """Insert the entry, or return the one that stands and says the same; raises KeyTakenError."""
    values = [getattr(posting, column) for column in COLUMNS]
    inserted = list(Entry.objects.raw(f"{INSERT} {ONE_ROW} {UNLESS_IT_STANDS} *", values))
    if inserted:
        return inserted[0]
    return posted_before(posting) or _refuse_key(posting)


def posted_before(posting: Posting) -> Entry | None:
    """The entry under the posting's key; raises KeyTakenError where it says something else."""
    entry = Entry.objects.filter(account_id=posting.account_id, key=posting.key).first()
    if entry is not None and not _says_the_same(entry, posting):
        _refuse_key(posting)
    return entry


def post_chunk(postings: Sequence[Posting]) -> int:
    """Insert many in one statement and return how many are new; raises KeyTakenError."""
    columns = [[getattr(posting, column) for posting in postings] for column in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(f"{INSERT} {MANY_ROWS} {UNLESS_IT_STANDS} id", columns)
        new = len(cursor.fetchall())
    if new < len(postings):
        _expect_the_same(postings)
    return new


def _expect_the_same(postings: Sequence[Posting]) -> None:
    """Each posting of a chunk that was only partly new must stand as it says."""
    standing = Entry.objects.filter(
        account_id__in={posting.account_id for posting in postings},
        key__in={posting.key for posting in postings},
    )
    by_place = {(entry.account_id, entry.key): entry for entry in standing.iterator()}
    for posting in postings:
        entry = by_place.get(posting.place)
        if entry is None or not _says_the_same(entry, posting):
            _refuse_key(posting)


def _says_the_same(entry: Entry, posting: Posting) -> bool:
    return all(getattr(entry, name) == getattr(posting, name) for name in CONTENT)


def _refuse_key(posting: Posting) -> NoReturn:
    raise KeyTakenError(
        _(
            "“%(key)s” of %(amount)s yuan is refused: the account has an entry for this already,"
            " and it says something else. A correction is an entry of its own."
        )
        % {"key": posting.key, "amount": posting.amount}
    )
