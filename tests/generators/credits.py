"""Random credit tables and members to credit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from random import Random

from policies.engine.credit import CreditPerson
from policies.engine.rows import (
    Credit,
    CreditTerms,
)
from policies.engine.series import Amount
from policies.engine.tables import CreditTables
from policies.engine.vocabulary import (
    CreditBase,
    EmployerGroup,
    SourceFund,
    Status,
    TimeRule,
)
from tests.generators.amounts import SERIES, amount_of, yuan_of
from tests.generators.matching import GROUPS, Columns, Reached, by_age, listed
from tests.generators.people import birthday_around, born_of, statuses_of

CREDIT_DIMENSIONS: dict[str, Callable[[Random], list[Columns]]] = {
    "statuses": listed("statuses", Status),
    "age": by_age,
    "employer_groups": listed("employer_groups", EmployerGroup),
    "month": lambda _: [{"month_until": date(2023, 6, 1)}, {"month_from": date(2023, 6, 1)}],
    "retired": lambda _: [
        {"statuses": ("retired",), "retired_until": date(2022, 3, 15)},
        {"statuses": ("retired",), "retired_from": date(2022, 3, 15)},
        {"statuses": ("in_service", "flexible", "founding")},
    ],
}


def _credit_row(rng: Random, rule: str, columns: Columns, on_top: bool) -> Credit:
    base = rng.choice(list(CreditBase))
    amount = Amount()
    if base == CreditBase.FIXED:
        amount = Amount(fixed=yuan_of(rng, 300))
    elif base == CreditBase.SERIES:
        amount = amount_of(rng, 300)._replace(
            series=SERIES, fallback=rng.choice((None, yuan_of(rng, 300)))
        )
    return Credit(
        rule=rule,
        base=base,
        amount=amount,
        rate=rng.choice((0, rng.randrange(10_000, 60_000))),
        supplement=rng.choice((0, 0, yuan_of(rng, 60))),
        on_top=on_top,
        source=rng.choice(list(SourceFund)),
        article=f"T-{rule}",
        **columns,
    )


def credit_tables_of(rng: Random, reached: Reached) -> CreditTables:
    """Credit tables in which every profile has at most one main rule."""
    names = rng.sample(sorted(set(CREDIT_DIMENSIONS) - {"retired"}), rng.choice((0, 1, 1, 2)))
    if rng.random() < 0.4:
        names = [name for name in names if name != "statuses"] + ["retired"]
    reached.update(f"credit match {name}" for name in names)
    parts = list(product(*(CREDIT_DIMENSIONS[name](rng) for name in names)))
    rows = [
        _credit_row(rng, f"R{place}", {k: v for one in part for k, v in one.items()}, False)
        for place, part in enumerate(parts)
        if rng.random() < 0.9
    ]
    for place in range(rng.randrange(3)):
        columns = rng.choice(
            ({"special_groups": (rng.choice(GROUPS),)}, {"supplementary_schemes": ("big",)}, {})
        )
        rows.append(_credit_row(rng, f"S{place}", columns, True))
    rng.shuffle(rows)
    terms = CreditTerms(
        age_rule=rng.choice(list(TimeRule)),
        status_rule=rng.choice(list(TimeRule)),
        account_needed=rng.random() < 0.7,
        flexible_retirees_as=rng.choice(("", EmployerGroup.ENTERPRISE.value)),
    )
    return CreditTables(terms, rows)


def credit_person_of(rng: Random, month: date) -> CreditPerson:
    """A member; now and then one whose birthday is about the first of the month."""

    def some(most: int) -> int | None:
        return rng.choice((None, yuan_of(rng, most), yuan_of(rng, most), yuan_of(rng, most)))

    return CreditPerson(
        birthday_around(rng, month) if rng.random() < 0.25 else born_of(rng),
        statuses_of(rng),
        employer_group=rng.choice(list(EmployerGroup)).value,
        special_groups=frozenset(group for group in GROUPS if rng.random() < 0.2),
        supplementary_scheme=rng.choice(("", "big")),
        insured=rng.random() < 0.95,
        has_account=rng.random() < 0.9,
        contribution_base=some(20_000),
        contribution_received=rng.random() < 0.8,
        pension=some(9_000),
        retirement_pension=some(9_000),
        frozen=some(300),
    )
