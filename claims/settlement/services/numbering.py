"""Numbers of visits, settlements and prescriptions: the day, then where the database counted to."""

from __future__ import annotations

from datetime import date

from django.db import connection


def settlement_number(on: date) -> str:
    """A settlement number (结算ID) that no other has: the day and a running number."""
    return _next("S", on)


def visit_number(on: date) -> str:
    """A visit number (就诊ID) that no other has."""
    return _next("V", on)


def prescription_number(on: date) -> str:
    """A prescription number that no other has."""
    return _next("R", on)


def _next(letter: str, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_number')")
        row = cursor.fetchone()
    return numbered(letter, on, row[0])


def numbered(letter: str, on: date, running: int) -> str:
    """The number of what the database counted: its letter, its day and the count."""
    return f"{letter}{on.year}{on.month:02d}{on.day:02d}{running:010d}"
