"""What a clerk's desk does in the tests: visits with lines, settled in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, connections

from claims.settlement.models import BillLine, Prescription, Settlement, Visit
from claims.settlement.services import numbering, settlement
from facilities.models import Institution
from members.models import Account, Member, YearTotal

DAY = date(2023, 3, 1)


def visit(
    member: Member, institution: Institution, day: date = DAY, *lines: Any, **fields: Any
) -> Visit:
    """A visit with lines: each an amount of class A, or a mapping of a line's columns."""
    made = Visit.objects.create(
        area_id=member.area_id,
        number=numbering.visit_number(day),
        member=member,
        institution=institution,
        day=day,
        **fields,
    )
    for position, line in enumerate(lines, start=1):
        add_line(made, line, position=position)
    return made


def add_line(to: Visit, line: Any, *, position: int = 1) -> BillLine:
    """A line of a bill: an amount of class A, or a mapping of its columns."""
    columns = dict(line) if isinstance(line, dict) else {"amount": line}
    columns["amount"] = Decimal(str(columns["amount"]))
    return BillLine.objects.create(visit=to, position=position, **columns)


def settle(
    member: Member, institution: Institution, day: date, *lines: Any, **fields: Any
) -> Settlement:
    """Settle a new visit on its own day; what `settle` takes goes there, the rest to the visit."""
    given = {key: fields.pop(key) for key in SETTLING & fields.keys()}
    given.setdefault("on", given.get("claimed_on") or day)
    return settlement.settle(visit(member, institution, day, *lines, **fields), by=None, **given)


SETTLING = {"from_account", "channel", "on", "claimed_on", "series"}


def prescription(member: Member, written_at: Institution, day: date = DAY) -> Prescription:
    """An external prescription of the day."""
    return Prescription.objects.create(
        area_id=member.area_id,
        member=member,
        institution=written_at,
        number=numbering.prescription_number(day),
        issued_on=day,
    )


def year_of(member: Member, year: int = 2023, care: str = "outpatient") -> tuple[str, str, str]:
    """What the year stands at: eligible, deductible borne and paid by the fund."""
    found = YearTotal.objects.get(member=member, year=year, care=care)
    return str(found.eligible), str(found.deductible), str(found.fund)


def balance_of(member: Member) -> str:
    """What the account holds."""
    return str(Account.objects.get(member=member).balance)


def check_at_commit() -> None:
    """Have the database check now what it checks when a transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class TransactionalDesk:
    """Many clerks at once, each with a connection of their own."""

    def at_once(self, deeds: Sequence[Callable[[], Any]], *, clerks: int = 8) -> list[Any]:
        """Do all deeds, `clerks` at a time; an exception is a result like any other."""
        with ThreadPoolExecutor(clerks) as pool:
            return list(pool.map(done, deeds))


def done(deed: Callable[[], Any]) -> Any:
    """Do it on a connection of this thread; an exception is its result."""
    try:
        return deed()
    except Exception as error:
        return error
    finally:
        connections.close_all()
