"""Random members, institutions and bills."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from policies.engine.bill import Bill, Line, Person, Used, Where
from policies.engine.money import WHOLE
from policies.engine.vocabulary import (
    Channel,
    EmployerGroup,
    ItemClass,
    ItemKind,
    Kind,
    Place,
    Pooling,
    Status,
)
from tests.generators.amounts import yuan_of
from tests.generators.matching import AGES, GROUPS


class Asked(NamedTuple):
    """One question: a bill of a member, with what was used before it."""

    bill: Bill
    person: Person
    used: Used


def day_of(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def born_of(rng: Random) -> date:
    """A birth day; now and then 29 February or an edge of a month."""
    born = day_of(rng, date(1930, 1, 1), date(2008, 12, 31))
    return rng.choice((born, born, born.replace(day=1), date(1956, 2, 29), date(1984, 2, 29)))


def statuses_of(rng: Random) -> tuple[tuple[date, str], ...]:
    days = sorted(
        day_of(rng, date(2019, 6, 1), date(2024, 12, 31)) for _ in range(rng.randrange(4))
    )
    names = [rng.choice(list(Status)).value for _ in range(len(days) + 1)]
    return tuple(zip([date(1990, 7, 1), *days], names, strict=True))


def line_of(rng: Random) -> Line:
    amount = rng.choice((0, 1, rng.randrange(500), yuan_of(rng, 300), yuan_of(rng, 9_000)))
    return Line(
        amount,
        rng.choice((ItemClass.A, ItemClass.A, ItemClass.B, ItemClass.C)).value,
        rng.choice((0, 0, rng.randrange(1, 40) * 10_000, rng.randrange(WHOLE))),
        rng.choice((None, None, rng.randrange(amount + 1), amount, amount + 100)),
        rng.choice((ItemKind.DRUG, ItemKind.DRUG, *ItemKind)).value,
    )


def where_of(rng: Random) -> Where:
    return Where(
        rng.choice(list(Kind)).value,
        rng.randrange(4),
        rng.randrange(1, 4),
        rng.random() < 0.5,
        rng.choice(list(Place)).value,
        rng.choice(list(Pooling)).value,
        *(rng.random() < 0.9 for _ in range(3)),
    )


def person_of(rng: Random) -> Person:
    return Person(
        born_of(rng),
        statuses_of(rng),
        insured=rng.random() < 0.95,
        has_account=rng.random() < 0.9,
        inpatient=rng.random() < 0.05,
        filed=rng.random() < 0.8,
        signed_here=rng.random() < 0.6,
        signed_primary=rng.random() < 0.6,
        employer_group=rng.choice(list(EmployerGroup)).value,
        special_groups=frozenset(group for group in GROUPS if rng.random() < 0.2),
        family_doctor=rng.random() < 0.5,
        referred=rng.random() < 0.5,
        account_can_pay=rng.choice((0, yuan_of(rng, 2_000))),
    )


def used_of(rng: Random) -> Used:
    eligible = rng.choice((0, 0, yuan_of(rng, 15_000)))
    own = {
        name: rng.randrange(40_000) for name in ("specialist", "community") if rng.random() < 0.4
    }
    deductible = min(eligible, yuan_of(rng, 1_200)) + sum(own.values())
    visit, month, quarter = (rng.choice((0, 0, yuan_of(rng, 900))) for _ in range(3))
    return Used(
        eligible + deductible,
        deductible,
        rng.choice((0, 0, yuan_of(rng, 4_000))),
        rng.choice((0, yuan_of(rng, 1_000))),
        rng.choice((0, yuan_of(rng, 9_000))),
        rng.choice((0, yuan_of(rng, 1_000))),
        rng.choice((0, min(deductible, yuan_of(rng, 300)))),
        visit,
        month,
        quarter,
        own,
    )


def asked_of(rng: Random) -> Asked:
    """A question about any bill of any member."""
    day = day_of(rng, date(2022, 1, 1), date(2024, 12, 31))
    claimed = rng.choice((None, day + timedelta(days=rng.randrange(900))))
    bill = Bill(
        day,
        tuple(line_of(rng) for _ in range(rng.randrange(5))),
        where_of(rng),
        channel=rng.choice((Channel.ONLINE, Channel.ONLINE, Channel.HAND)).value,
        claimed_on=claimed,
        from_account=rng.random() < 0.6,
    )
    person = person_of(rng)
    if rng.random() < 0.25:
        person = person._replace(born=birthday_around(rng, day))
    return Asked(bill, person, used_of(rng))


def birthday_around(rng: Random, day: date) -> date:
    """A birth day whose anniversary is the day, or one day off."""
    shifted = day + timedelta(days=rng.choice((-1, 0, 1)))
    return date(day.year - rng.choice(AGES), shifted.month, min(shifted.day, 28))
