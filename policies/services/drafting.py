"""What happens to a draft when its tables are edited."""

from __future__ import annotations

from django.db import transaction

from bureau import audit
from bureau.models import User
from policies.models import PolicyVersion
from policies.selectors.lifecycle import EDITED
from policies.selectors.reading import rows_of
from policies.selectors.tables import tables_of


@transaction.atomic
def edited(version: PolicyVersion, *, by: User) -> None:
    """Number the rows of each table anew in their order, and record who edited the draft."""
    for table in tables_of(version.subject):
        moved = []
        for position, row in enumerate(rows_of(version, table), start=1):
            if row.position != position:
                row.position = position
                moved.append(row)
        table.model._default_manager.bulk_update(moved, ["position"])
    audit.record(EDITED, version, by=by)
