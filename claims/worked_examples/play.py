"""Play an example and compare what comes out with what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from bureau.clock import month_of
from claims.settlement.models import BillLine, Prescription, Settlement, Visit
from claims.settlement.services import numbering, reversal, settlement
from claims.worked_examples.stage import Stage
from members.models import Contribution, Member
from members.services import crediting, year_opening
from policies.engine.errors import PolicyError
from policies.engine.explain import Step, sentence
from policies.engine.money import fen, yuan
from policies.engine.series import Figure, Series
from policies.engine.vocabulary import Channel
from policies.selectors import figures, rulebook

EXPECTABLE = frozenset(
    {
        "total",
        "self_funded",
        "over_standard",
        "pre_self_pay",
        "eligible",
        "deductible",
        "fund",
        "personal",
        "account",
        "cash",
        "reason",
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between expected and actual, with the rule behind the actual figure."""

    where: str
    name: str
    expected: str
    actual: str
    because: str

    def __str__(self) -> str:
        said = f"{self.where}: {self.name} expected {self.expected}, got {self.actual}"
        return f"{said} [{self.because}]"


class NotAnExample(ValidationError):  # noqa: N818 - says what is wrong
    """The example cannot be played: what is wrong with its form."""


class _RollBack(Exception):  # noqa: N818 - no error
    """Leaves the savepoint of an example, keeping nothing."""


def play(area_id: str, example: Mapping[str, Any]) -> list[Difference]:
    """Play one example in a savepoint that is rolled back; return what differs.

    Raises NotAnExample where its form is wrong.
    """
    differences: list[Difference] = []
    try:
        with transaction.atomic():
            differences = list(_Performance(area_id, example).differences())
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            raise _RollBack
    except _RollBack:
        return differences
    except (rulebook.NoPolicyInForce, PolicyError) as error:
        return [Difference("-", "error", "-", str(error), "")]
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise NotAnExample(f"{type(error).__name__}: {error}") from error


class _Performance:
    """An example being played."""

    def __init__(self, area_id: str, example: Mapping[str, Any]) -> None:
        self._area_id = area_id
        self._example = example
        self._stage = Stage(area_id, example)
        self._figures = _figures(area_id, example.get("parameters", {}))
        self._settled: list[Settlement | None] = []
        self._visits: dict[str, Visit] = {}

    def differences(self) -> Iterator[Difference]:
        for place, event in enumerate(self._example.get("events", []), start=1):
            yield from self._event(place, event)
        yield from self._credits()
        for award in self._example.get("incentive", []):
            yield from self._award(award)

    # Visits

    def _event(self, place: int, event: Mapping[str, Any]) -> Iterator[Difference]:
        if "reverse" in event:
            taken_back = self._settled[int(event["reverse"]) - 1]
            if taken_back is None:
                raise NotAnExample(f"event {place} reverses what is no settlement")
            reversal.reverse(taken_back, reason="example", by=None, on=event["date"])
            self._settled.append(None)
            return
        made = self._settle(event)
        self._settled.append(made)
        yield from _compare(f"event {place}", event.get("expect", {}), made)

    def _settle(self, event: Mapping[str, Any]) -> Settlement:
        by_hand = "hand_claim" in event
        visit = self._visit(event)
        on = event["claimed"] if by_hand else event["date"]
        return settlement.settle(
            visit,
            by=None,
            lines=[_line(visit, line) for line in event["lines"]],
            from_account=event.get("pay_from_account", False),
            channel=Channel.HAND.value if by_hand else Channel.ONLINE.value,
            on=on,
            claimed_on=event.get("claimed"),
            series=self._figures.as_known_on(on),
        )

    def _visit(self, event: Mapping[str, Any]) -> Visit:
        number = str(event.get("visit_no", ""))
        if number in self._visits:
            return self._visits[number]
        institution = self._stage.institutions[event.get("visit") or event["hand_claim"]]
        visit = Visit.objects.create(
            area_id=self._area_id,
            number=numbering.visit_number(event["date"]),
            member=self._stage.member,
            institution=institution,
            day=event["date"],
            prescription=self._prescription(event),
        )
        if number:
            self._visits[number] = visit
        return visit

    def _prescription(self, event: Mapping[str, Any]) -> Prescription | None:
        if not event.get("prescription"):
            return None
        return Prescription.objects.create(
            area_id=self._area_id,
            member=self._stage.member,
            institution=self._stage.institutions[event["prescription"]],
            number=numbering.prescription_number(event["date"]),
            issued_on=event["date"],
        )

    # Credits

    def _credits(self) -> Iterator[Difference]:
        runs = self._example.get("credits", [])
        months = [_month(run["month"]) for run in runs]
        for month in months:
            self._contribute(month)
        for place, (run, month) in enumerate(zip(runs, months, strict=True)):
            yield from self._credit(run, month, months[:place])

    def _contribute(self, month: date) -> None:
        base = self._example["member"].get("contribution_base")
        if base is not None:
            Contribution.objects.create(
                member=self._stage.member,
                area_id=self._area_id,
                month=month,
                base=base,
                received_on=month,
            )

    def _credit(
        self, run: Mapping[str, Any], month: date, earlier: list[date]
    ) -> Iterator[Difference]:
        found = crediting.credit_month(
            [self._member()],
            area_id=self._area_id,
            month=month,
            as_of=month,
            earlier=earlier,
            series=self._figures.as_known_on(month),
        )
        own = [one for one in found if one.month == month]
        amount = sum(one.amount for one in own)
        made_good = sum(one.amount for one in found if one.month != month)
        because = "; ".join(text for one in own for text in _steps(one.outcome.steps))
        where = f"credit {month:%Y-%m}"
        posted = any(one.postings for one in own)
        actual = str(yuan(amount)) if posted else "none"
        expected = str(run["expect"])
        if not _same(expected, actual):
            yield Difference(where, "expect", expected, actual, because)
        if not _same(str(run.get("differences", "0")), str(yuan(made_good))):
            expected = str(run.get("differences", "0"))
            yield Difference(where, "differences", expected, str(yuan(made_good)), because)

    def _award(self, award: Mapping[str, Any]) -> Iterator[Difference]:
        year = int(award["year"])
        opened = year_opening.open_year(
            [self._member()], area_id=self._area_id, year=year + 1, as_of=date(year + 1, 1, 1)
        )
        actual = str(yuan(opened.awards.get(self._stage.member.pk, 0)))
        if not _same(str(award["expect"]), actual):
            yield Difference(f"incentive {year}", "expect", str(award["expect"]), actual, "")

    def _member(self) -> Member:
        return Member.objects.select_related("person").get(pk=self._stage.member.pk)


def _line(visit: Visit, given: Mapping[str, Any]) -> BillLine:
    amount = Decimal(str(given["amount"]))
    standard = given.get("standard")
    return BillLine.objects.create(
        visit=visit,
        price=amount,
        amount=amount,
        kind=given.get("kind", "drug"),
        item_class=given.get("class", "A"),
        self_pay=Decimal(str(given.get("self_pay", 0))),
        standard=None if standard is None else Decimal(str(standard)),
    )


def _figures(area_id: str, parameters: Mapping[str, Mapping[Any, Any]]) -> Series:
    """The example's figures, over the area's own."""
    given = {
        (name, int(year)): _figure(value)
        for name, values in parameters.items()
        for year, value in values.items()
    }
    return figures.known(area_id, date.max).with_figures(given)


def _figure(value: Any) -> Figure:
    if isinstance(value, Mapping):
        return Figure(fen(Decimal(str(value["amount"]))), value.get("published"))
    return Figure(fen(Decimal(str(value))))


def _compare(where: str, expect: Mapping[str, Any], made: Settlement) -> Iterator[Difference]:
    unknown = set(expect) - EXPECTABLE
    if unknown:
        raise NotAnExample(f"{where} expects what nothing gives: {', '.join(sorted(unknown))}")
    because = "; ".join(_steps(Step(*step) for step in made.steps))
    for name, expected in expect.items():
        actual = getattr(made, name)
        if not _same(str(expected), str(actual)):
            yield Difference(where, name, str(expected), str(actual), because)
    if "reason" not in expect and made.reason:
        yield Difference(where, "reason", "none", made.reason, because)


def _steps(steps: Any) -> list[str]:
    return [
        f"{sentence(step)} ({step.article})" if step.article else sentence(step) for step in steps
    ]


def _same(expected: str, actual: str) -> bool:
    try:
        return Decimal(expected) == Decimal(actual)
    except ArithmeticError:
        return expected == actual


def _month(given: Any) -> date:
    return given if isinstance(given, date) else month_of(date.fromisoformat(f"{given}-01"))
