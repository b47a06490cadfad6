"""Play an example and compare what comes out with what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from claims.settlement.models import BillLine, Prescription, Settlement, Visit
from claims.settlement.services import numbering, reversal, settlement
from claims.worked_examples import form
from claims.worked_examples.stage import Stage
from members.models import Contribution, Member
from members.services import crediting, year_opening
from policies.engine.errors import PolicyError
from policies.engine.explain import Step, sentence
from policies.engine.money import fen, yuan
from policies.engine.rows import ORDINARY
from policies.engine.series import Figure, Series
from policies.engine.vocabulary import Channel
from policies.selectors import figures, rulebook


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


class _RollBack(Exception):  # noqa: N818 - no error
    """Leaves the savepoint of an example, keeping nothing."""


def play(area_id: str, example: Mapping[str, Any]) -> list[Difference]:
    """Play one example in a savepoint that is rolled back; return what differs.

    Raises NotAnExample where its form is wrong.
    """
    differences: list[Difference] = []
    content = form.read(example)
    try:
        with transaction.atomic():
            differences = list(_Performance(area_id, content).differences())
            _check_as_at_commit()
            raise _RollBack
    except _RollBack:
        return differences
    except (rulebook.NoPolicyInForce, PolicyError) as error:
        return [*differences, Difference("-", "error", "-", str(error), "")]


def _check_as_at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


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
            taken_back = self._earlier(place, event["reverse"])
            reversal.reverse(taken_back, reason="example", by=None, on=event["date"])
            self._settled.append(None)
            return
        made = self._settle(event)
        self._settled.append(made)
        yield from _compare(f"event {place}", event.get("expect", {}), made)

    def _earlier(self, place: int, number: int) -> Settlement:
        """The settlement that an earlier event of the example made."""
        found = self._settled[number - 1] if 0 < number < place else None
        if found is None:
            raise form.wrong(f"events[{place}]", f"{number} is no settlement of this example")
        return found

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
        institution = self._stage.institution(event.get("visit") or event["hand_claim"])
        visit = Visit.objects.create(
            area_id=self._area_id,
            number=numbering.visit_number(event["date"]),
            member=self._stage.member,
            institution=institution,
            day=event["date"],
            care=event.get("care", ORDINARY),
            referred=event.get("referred", False),
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
            institution=self._stage.institution(event["prescription"]),
            number=numbering.prescription_number(event["date"]),
            issued_on=event["date"],
        )

    # Credits

    def _credits(self) -> Iterator[Difference]:
        runs = self._example.get("credits", [])
        months = [run["month"] for run in runs]
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
        compared = {
            "expect": (run["expect"], yuan(amount) if posted else "none"),
            "differences": (run.get("differences", 0), yuan(made_good)),
        }
        for name, (expected, actual) in compared.items():
            if expected != actual:
                yield Difference(where, name, str(expected), str(actual), because)

    def _award(self, award: Mapping[str, Any]) -> Iterator[Difference]:
        year = award["year"]
        opened = year_opening.open_year(
            [self._member()], area_id=self._area_id, year=year + 1, as_of=date(year + 1, 1, 1)
        )
        actual = yuan(opened.awards.get(self._stage.member.pk, 0))
        if actual != award["expect"]:
            yield Difference(f"incentive {year}", "expect", str(award["expect"]), str(actual), "")

    def _member(self) -> Member:
        return Member.objects.select_related("person").get(pk=self._stage.member.pk)


def _line(visit: Visit, given: Mapping[str, Any]) -> BillLine:
    return BillLine.objects.create(
        visit=visit,
        price=given["amount"],
        amount=given["amount"],
        kind=given.get("kind", "drug"),
        item_class=given.get("class", "A"),
        self_pay=given.get("self_pay", 0),
        standard=given.get("standard"),
    )


def _figures(area_id: str, parameters: Mapping[str, Mapping[Any, Any]]) -> Series:
    """The example's figures, over the area's own."""
    given = {
        (name, year): _figure(value)
        for name, values in parameters.items()
        for year, value in values.items()
    }
    return figures.known(area_id, date.max).with_figures(given)


def _figure(value: Any) -> Figure:
    if isinstance(value, Mapping):
        return Figure(fen(value["amount"]), value.get("published"))
    return Figure(fen(value))


def _compare(where: str, expect: Mapping[str, Any], made: Settlement) -> Iterator[Difference]:
    because = "; ".join(_steps(Step(*step) for step in made.steps))
    for name, expected in {"reason": "none", **expect}.items():
        actual = getattr(made, name) or ("none" if name == "reason" else 0)
        if actual != expected:
            yield Difference(where, name, str(expected), str(actual), because)


def _steps(steps: Any) -> list[str]:
    return [
        f"{sentence(step)} ({step.article})" if step.article else sentence(step) for step in steps
    ]
