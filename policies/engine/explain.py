"""Steps that explain an answer fen by fen, and the sentence for each kind of step.

The sentences are English message ids with named places; doors translate and fill them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import NamedTuple, cast

from policies.engine.money import WHOLE, yuan
from policies.engine.vocabulary import Label


class Step(NamedTuple):
    """One step: what it says, its amount in fen, its article, and what it was reckoned from."""

    label: int
    amount: int
    article: str = ""
    base: int = 0
    rate: int = 0
    note: str = ""


new_step = cast(
    "Callable[[tuple[int, int, str, int, int, str]], Step]", partial(tuple.__new__, Step)
)
"""A step from all its fields in order: half the time of calling the class."""

SENTENCES: dict[int, str] = {
    Label.SELF_FUNDED: "Fully self-funded: %(amount)s",
    Label.OVER_STANDARD: "Over the payment standard: %(amount)s",
    Label.PRE_SELF_PAY: "First self-payment of class B items: %(amount)s",
    Label.ELIGIBLE: "Eligible spending: %(amount)s",
    Label.REJECTED: "The pooled fund pays nothing: %(note)s",
    Label.DEDUCTIBLE: "Deductible %(base)s, borne on this bill: %(amount)s",
    Label.BAND: "%(base)s at %(rate)s (%(note)s): %(amount)s",
    Label.CAP: "Limit %(base)s (%(note)s): the fund pays no more than %(amount)s",
    Label.ABOVE_CAP: "Above the limit %(base)s at %(rate)s: %(amount)s",
    Label.ITEM: "Items with a rule of their own, %(base)s: the fund pays %(amount)s",
    Label.FUND: "The pooled fund pays %(amount)s",
    Label.ACCOUNT: "The personal account pays %(amount)s",
    Label.CASH: "Cash: %(amount)s",
    Label.NO_BENEFIT: "No row of the policy pays for %(base)s",
    Label.CREDIT: "%(base)s at %(rate)s: %(amount)s",
    Label.SUPPLEMENT: "Supplement: %(amount)s",
    Label.NO_CREDIT: "No credit: %(note)s",
    Label.AWARD: "Award for %(note)s clean years in a row: %(amount)s",
    Label.PROVISIONAL: "Provisional, until the figure is published",
}


def places_of(step: Step) -> dict[str, str]:
    """The values for a step's sentence, amounts in yuan and the rate in per cent."""
    return {
        "amount": f"{yuan(step.amount):,}",
        "base": f"{yuan(step.base):,}",
        "rate": percent(step.rate),
        "note": step.note,
    }


def sentence(step: Step) -> str:
    """The step as an English sentence."""
    return SENTENCES[said_as(step)] % places_of(step)


def said_as(step: Step) -> int:
    """The label whose sentence says a step: a share that nothing adjusted needs no formula."""
    unadjusted = step.label == Label.BAND and step.note == percent(step.rate)
    return Label.CREDIT if unadjusted else step.label


def percent(ratio: int) -> str:
    """A share in millionths as per cent, without idle zeros."""
    return f"{(Decimal(ratio) * 100 / WHOLE).normalize():f}%"
