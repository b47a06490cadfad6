"""Random benefit tables that decide every case."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from policies.engine.money import WHOLE
from policies.engine.rows import (
    Adjustment,
    Cap,
    Deductible,
    ItemRule,
    Ratio,
    Requirement,
    Terms,
)
from policies.engine.tables import BenefitTables, CareTables
from policies.engine.vocabulary import (
    BandBasis,
    CapBasis,
    CapPeriod,
    CapScope,
    Channel,
    DeductiblePeriod,
    ItemKind,
    PharmacyTerms,
    SatisfiedBy,
    Test,
    TimeRule,
)
from tests.generators.amounts import amount_of, share_of, yuan_of
from tests.generators.matching import Reached, partition, some_match

RULES_OF_ITEMS = (ItemKind.CONSULTATION, ItemKind.GENERAL_TREATMENT, ItemKind.NUCLEIC_ACID)


def terms_of(rng: Random) -> Terms:
    limited = rng.random() < 0.5
    return Terms(
        deductible_period=rng.choice(list(DeductiblePeriod)),
        band_basis=rng.choice(list(BandBasis)),
        cap_basis=rng.choice(list(CapBasis)),
        age_rule=rng.choice(list(TimeRule)),
        status_rule=rng.choice(list(TimeRule)),
        year_starts=rng.choice((1, 1, 7, 4)),
        pharmacy_terms=rng.choice(list(PharmacyTerms)),
        pharmacy_drugs_only=rng.random() < 0.5,
        hand_open=rng.random() < 0.8,
        hand_until_month=rng.randrange(1, 13) if limited else None,
        hand_until_day=rng.randrange(1, 32) if limited else None,
        article="T-1",
    )


def requirements_of(rng: Random, reached: Reached) -> Iterator[Requirement]:
    for test in Test:
        if rng.random() < 0.35:
            satisfied = {
                Test.SELECTED: (SatisfiedBy.OPENED, SatisfiedBy.NOT_WITHDRAWN),
                Test.SIGNED: (SatisfiedBy.HERE, SatisfiedBy.HERE_OR_PRIMARY),
            }.get(test, (SatisfiedBy.PLAIN,))
            yield Requirement(
                test=test,
                channels=rng.choice(((Channel.ONLINE,), (Channel.HAND,), tuple(Channel))),
                satisfied_by=rng.choice(satisfied),
                account_may_pay=rng.random() < 0.5,
                article=f"T-{test}",
                **some_match(rng, reached),
            )


def deductibles_of(rng: Random, reached: Reached) -> Iterator[Deductible]:
    for columns in partition(rng, reached):
        yield Deductible(
            amount=rng.choice((0, yuan_of(rng, 1500))),
            account=rng.choice(("", "", "specialist", "community")),
            yearly_ceiling=rng.choice((None, None, yuan_of(rng, 2000))),
            article="T-D",
            **columns,
        )


def ratios_of(rng: Random, reached: Reached) -> Iterator[Ratio]:
    for columns in partition(rng, reached):
        edges = sorted(yuan_of(rng, 20_000) + 1 for _ in range(rng.choice((0, 0, 1, 2, 3))))
        starts = [0, *edges]
        ends = [*edges, rng.choice((None, None, (edges or [0])[-1] + yuan_of(rng, 5_000) + 1))]
        for low, high in zip(starts, ends, strict=True):
            if high is None or low < high:
                yield Ratio(
                    band_from=low, band_until=high, share=share_of(rng), article="T-R", **columns
                )


def adjustments_of(rng: Random, reached: Reached) -> Iterator[Adjustment]:
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        points = rng.choice((0, rng.randrange(-20, 20) * 10_000))
        factor = rng.choice((WHOLE, WHOLE, rng.randrange(WHOLE), 1_200_000))
        yield Adjustment(points=points, factor=factor, article="T-A", **some_match(rng, reached))


def caps_of(rng: Random, reached: Reached) -> Iterator[Cap]:
    for period in CapPeriod:
        if rng.random() < (0.7 if period == CapPeriod.YEAR else 0.25):
            for columns in partition(rng, reached):
                yield Cap(
                    period=period,
                    amount=amount_of(rng, 4_000 if period == CapPeriod.YEAR else 800),
                    carries_over=rng.random() < 0.4,
                    counts_in_overall=rng.random() < 0.4,
                    above=rng.choice((0, 0, share_of(rng))),
                    article=f"T-C-{period}",
                    **columns,
                )
    if rng.random() < 0.5:
        yield Cap(scope=CapScope.OVERALL, amount=amount_of(rng, 9_000), article="T-O")


def items_of(rng: Random, reached: Reached) -> Iterator[ItemRule]:
    for kind in RULES_OF_ITEMS:
        if rng.random() < 0.4:
            yield ItemRule(
                item_kinds=(kind,),
                share=share_of(rng),
                fixed=rng.choice((None, yuan_of(rng, 50))),
                left_out=rng.random() < 0.5,
                article="T-I",
                **some_match(rng, reached),
            )


def care_of(rng: Random, reached: Reached) -> CareTables:
    """Tables of one kind of care that decide every case."""
    return CareTables(
        terms_of(rng),
        requirements=requirements_of(rng, reached),
        deductibles=deductibles_of(rng, reached),
        ratios=ratios_of(rng, reached),
        adjustments=adjustments_of(rng, reached),
        caps=caps_of(rng, reached),
        items=items_of(rng, reached),
    )


def benefit_of(rng: Random, reached: Reached) -> BenefitTables:
    return BenefitTables([care_of(rng, reached)])
