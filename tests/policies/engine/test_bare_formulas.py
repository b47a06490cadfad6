"""The bare formulas of the benchmark answer as the engine does, or their times say nothing."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from policies.engine import settle
from policies.engine.columns import credit_columns, settle_columns
from tests import generators
from tests.bench import column_formulas, engine, formulas


@pytest.mark.parametrize("seed", range(5))
def test_one_settlement(seed):
    rng, policy = Random(seed), formulas.benefit()
    for _ in range(30):
        bill, person, used = generators.asked_of(rng)
        bill = bill._replace(channel="online")
        found, bare = (one(bill, person, used) for one in (settle_by(policy), formulas.settle_bare))
        assert found[:13] == bare[:13]
        assert (found.adds.eligible, found.adds.fund, found.policy_year) == bare[13:]


def settle_by(policy):
    return lambda *asked: settle(policy, *asked)


def test_columns_of_settlements():
    block = engine.visits(np.random.default_rng(1), 5_000)
    found, bare = settle_columns(formulas.care(), block), column_formulas.settle_columns_bare(block)
    for name, amounts in bare.items():
        assert np.array_equal(amounts, getattr(found, name)), name


def test_columns_of_credits():
    block = engine.members(np.random.default_rng(1), 5_000)
    found = credit_columns(formulas.credit_tables(), block, formulas.MONTH, formulas.figures())
    bare = column_formulas.credit_columns_bare(block)
    for name, amounts in bare.items():
        assert np.array_equal(amounts, getattr(found, name)), name
