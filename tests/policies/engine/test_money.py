from decimal import Decimal

import pytest

from policies.engine.money import fen, millionths, share, share_to, yuan


def test_an_amount_in_yuan_becomes_whole_fen():
    assert fen("12.34") == 1234
    assert fen(Decimal("-0.01")) == -1
    assert fen(800) == 80_000


def test_parts_of_a_fen_are_refused():
    with pytest.raises(ValueError, match="whole number of fen"):
        fen("0.005")


def test_fen_become_yuan_with_two_decimals():
    assert str(yuan(1230)) == "12.30"


def test_a_share_is_rounded_half_up_to_the_fen():
    assert share(1, millionths("0.49")) == 0
    assert share(1, millionths("0.5")) == 1
    assert share(3, millionths("0.5")) == 2
    assert share(333, millionths("0.65")) == 216
    assert share(10_000_000_000_00, millionths("0.999999")) == 999_999_000_000


def test_a_share_to_whole_yuan_is_rounded_once():
    rate = millionths("0.05")
    assert share_to(fen("102009.99"), rate, 100) == fen("5100")
    assert share_to(fen("102010.00"), rate, 100) == fen("5101")
    assert share_to(fen("102009.90"), rate, 1) == fen("5100.50")
    assert share_to(fen("102009.80"), rate, 100) == fen("5100")


def test_finer_ratios_than_millionths_are_rounded():
    assert millionths("0.3333335") == 333_334
