"""Steps of an answer as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from policies import labels
from policies.engine.explain import Step, places_of, said_as
from policies.engine.money import yuan
from policies.engine.vocabulary import Label
from policies.selectors.wording import label_of

SENTENCES = {
    Label.SELF_FUNDED: _("Fully self-funded: %(amount)s"),
    Label.OVER_STANDARD: _("Over the payment standard: %(amount)s"),
    Label.PRE_SELF_PAY: _("First self-payment of class B items: %(amount)s"),
    Label.ELIGIBLE: _("Eligible spending: %(amount)s"),
    Label.REJECTED: _("The pooled fund pays nothing: %(note)s"),
    Label.DEDUCTIBLE: _("Deductible %(base)s, borne on this bill: %(amount)s"),
    Label.BAND: _("%(base)s at %(rate)s (%(note)s): %(amount)s"),
    Label.CAP: _("Limit %(base)s (%(note)s): the fund pays no more than %(amount)s"),
    Label.ABOVE_CAP: _("Above the limit %(base)s at %(rate)s: %(amount)s"),
    Label.ITEM: _("Items with a rule of their own, %(base)s: the fund pays %(amount)s"),
    Label.FUND: _("The pooled fund pays %(amount)s"),
    Label.ACCOUNT: _("The personal account pays %(amount)s"),
    Label.CASH: _("Cash: %(amount)s"),
    Label.NO_BENEFIT: _("No row of the policy pays for %(base)s"),
    Label.CREDIT: _("%(base)s at %(rate)s: %(amount)s"),
    Label.SUPPLEMENT: _("Supplement: %(amount)s"),
    Label.NO_CREDIT: _("No credit: %(note)s"),
    Label.AWARD: _("Award for %(note)s clean years in a row: %(amount)s"),
    Label.PROVISIONAL: _("Provisional, until the figure is published"),
}
"""The engine's sentences, marked for translation; they are the same."""

NOTES = {
    Label.REJECTED: labels.REASONS,
    Label.CAP: [*labels.CAP_PERIODS, *labels.CAP_SCOPES],
    Label.NO_CREDIT: labels.NO_CREDITS,
}
"""What the note of a step is a word of."""


class ToldStep(NamedTuple):
    """A step as it is read: its sentence, its amount in yuan, its article."""

    sentence: str
    amount: Decimal
    article: str


def told(step: Step) -> ToldStep:
    """A step in words."""
    label = Label(step.label)
    places = places_of(step) | {"note": label_of(step.note, NOTES.get(label, []))}
    sentence = str(SENTENCES[Label(said_as(step))]) % places
    return ToldStep(_with_base(label, step, sentence), yuan(step.amount), step.article)


def _with_base(label: Label, step: Step, sentence: str) -> str:
    """What a credit was reckoned from, and which items have a rule of their own, by name."""
    choices = {
        Label.CREDIT: [*labels.CREDIT_BASES, *labels.SERIES],
        Label.ITEM: labels.ITEM_KINDS,
    }.get(label)
    if choices is None or not step.note:
        return sentence
    named = {"name": label_of(step.note, choices), "sentence": sentence}
    return str(_("%(name)s: %(sentence)s")) % named


def all_told(steps: Iterable[Step]) -> list[ToldStep]:
    """Steps in words, in their order."""
    return [told(step) for step in steps]
