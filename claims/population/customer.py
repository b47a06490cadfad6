"""A member at the desk: the same question, engine and rows as where one bill is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bureau.clock import SHANGHAI
from claims.population.bills import Bills
from claims.population.book import Book, Refund
from claims.population.circumstances import Circumstances
from claims.population.errands import Errand
from claims.population.life import Life
from claims.population.places import Places, Site
from claims.population.rules import Rules
from claims.population.running import RunningTotals
from claims.population.tables import BillLineRow, SettledLineRow, SettlementRow
from claims.population.writing import Ids, defaults_of, row_of
from claims.settlement.models import Prescription, Settlement, Visit
from claims.settlement.selectors import whereabouts
from claims.settlement.services import record
from claims.settlement.services.numbering import numbered
from claims.settlement.services.question import Question, bill_of, purpose_of
from members.ledger import Posting
from members.models import Entry, YearTotal
from members.models.year_total import ALL_CARE
from policies import engine
from policies.engine.money import fen, yuan
from policies.engine.rows import ORDINARY
from policies.engine.tables import CareTables
from policies.engine.vocabulary import Channel
from policies.selectors.rulebook import BenefitRules

PRESCRIPTION_DAYS = 7
REVERSAL_REASON = "退费重结"
OPENS_AT, OPEN_MINUTES = 8, 9 * 60


Settled = tuple[SettlementRow, list[SettledLineRow]]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the desk has at hand for every customer."""

    places: Places
    rules: Rules
    bills: Bills
    circumstances: Circumstances
    ids: Ids


class Customer:
    """A member at the desk, with totals and balance as they run."""

    def __init__(self, life: Life, chance: Random, *, equipment: Equipment, book: Book) -> None:
        self._at_hand = equipment
        self._into = book
        self._life = life
        self._chance = chance
        self._totals = RunningTotals(life.member_id, life.area.code, equipment.ids.year_total)
        self._balance = life.balance
        self._wave = 0
        self._visits: dict[int, tuple[Visit, list[BillLineRow]]] = {}
        self._settled: dict[int, list[Settled]] = {}

    def opened(self) -> list[YearTotal]:
        """The totals that were opened for the member."""
        return self._totals.opened

    def settle(self, errand: Errand) -> None:
        """Settle an errand, its bill at once or in parts."""
        visit, lines = self._visit(errand)
        cut = len(lines) // 2 if errand.parts > 1 else 0
        self._settled[id(errand)] = [
            self._settle(errand, visit, part) for part in (lines[:cut], lines[cut:]) if part
        ]

    def _visit(self, errand: Errand) -> tuple[Visit, list[BillLineRow]]:
        at_hand, life = self._at_hand, self._life
        complaint = at_hand.circumstances.complaint(life, self._chance)
        doctor = self._chance.choice(errand.site.doctors) if errand.site.doctors else None
        visit = Visit(
            id=next(at_hand.ids.visit),
            area_id=life.area.code,
            number=numbered("V", errand.day, next(at_hand.ids.claims_number)),
            member_id=life.member_id,
            institution=errand.site.institution,
            day=errand.day,
            prescription=self._prescription(errand),
            doctor=doctor,
            department_id=doctor.department_id if doctor else None,
            diagnosis_code=complaint["code"],
            diagnosis=complaint["name"],
            referred=errand.referred,
            registered_at=self._moment(errand.day),
        )
        lines = at_hand.bills.draw(
            life,
            errand.site,
            visit=visit.pk,
            day=errand.day,
            complaint=complaint,
            chance=self._chance,
        )
        self._into.visits.append(visit)
        self._into.lines += lines
        if errand.settled_again:
            self._visits[id(errand)] = visit, lines
        return visit, lines

    def _prescription(self, errand: Errand) -> Prescription | None:
        prescriber = errand.prescriber
        if prescriber is None:
            return None
        issued_on = errand.day - timedelta(days=self._chance.randint(0, 2))
        prescription = Prescription(
            id=next(self._at_hand.ids.prescription),
            area_id=self._life.area.code,
            member_id=self._life.member_id,
            institution=prescriber.institution,
            doctor=prescriber.doctors[0] if prescriber.doctors else None,
            number=numbered("R", issued_on, next(self._at_hand.ids.claims_number)),
            issued_on=issued_on,
            valid_until=issued_on + timedelta(days=PRESCRIPTION_DAYS),
        )
        self._into.prescriptions.append(prescription)
        return prescription

    def _settle(self, errand: Errand, visit: Visit, lines: list[BillLineRow]) -> Settled:
        rules = self._at_hand.rules.benefit(self._life.area.code, self._life.scheme, visit.day)
        care = rules.tables.care(ORDINARY)
        total = self._totals.of(ORDINARY, care.terms.policy_year(visit.day), errand.settled_on)
        question = self._ask(errand, visit, lines, rules, care)
        outcome = engine.settle(
            rules.tables, question.bill, question.person, question.used, question.series
        )
        settled = defaults_of(Settlement) | record.columns(
            visit,
            question,
            outcome,
            year=total.total,
            on=errand.settled_on,
            number=self._number(errand.settled_on),
        )
        settled["id"] = next(self._at_hand.ids.settlement)
        settled["made_at"] = self._moment(errand.settled_on)
        settled_lines = _settled_lines(settled["id"], lines, outcome)
        self._enter(settled, settled_lines)
        if outcome.account and self._life.account_id is not None:
            self._pay(self._life.account_id, settled, purpose_of(visit).value)
        return settled, settled_lines

    def _ask(
        self,
        errand: Errand,
        visit: Visit,
        lines: list[BillLineRow],
        rules: BenefitRules,
        care: CareTables,
    ) -> Question:
        life = self._life
        where, terms_site = self._where(errand, visit, care)
        year, on = care.terms.policy_year(visit.day), errand.settled_on
        counts = any(cap.counts_in_overall for cap in care.caps)
        overall = self._totals.of(ALL_CARE, year, on).total if counts else None
        asks_account = errand.from_account and life.has_account
        person = life.on(
            visit.day,
            at=terms_site,
            referred=visit.referred,
            account_can_pay=self._can_pay(visit) if asks_account else 0,
        )
        channel = Channel.HAND if errand.by_hand else Channel.ONLINE
        bill = bill_of(
            visit,
            lines,
            where.where,
            channel.value,
            claimed_on=errand.settled_on if errand.by_hand else None,
            from_account=asks_account,
        )
        used = self._totals.of(ORDINARY, year, on).before(visit.pk, visit.day, care, overall)
        series = self._at_hand.rules.series(life.area.code, rules.needs_figures, on)
        return Question(rules, bill, person, used, series)

    def _where(
        self, errand: Errand, visit: Visit, care: CareTables
    ) -> tuple[whereabouts.Whereabouts, Site]:
        places = self._at_hand.places
        visited = places.billing(errand.site)
        prescription = visit.prescription
        prescriber = places.billing(errand.prescriber) if errand.prescriber else None
        counts = (
            prescriber is not None
            and prescription is not None
            and prescriber.agreement_on(prescription.issued_on) is not None
        )
        where = whereabouts.seen_from(
            visit.area_id,
            visited.institution,
            agreement=visited.agreement_on(visit.day),
            prescriber=prescriber.institution if prescriber is not None and counts else None,
            terms=care.terms,
        )
        by_prescriber = prescriber is not None and where.terms_of.pk == prescriber.pk
        return where, prescriber if prescriber is not None and by_prescriber else visited

    def _can_pay(self, visit: Visit) -> int:
        life = self._life
        purpose = purpose_of(visit).value
        may = self._at_hand.rules.account_may_pay(life.area.code, life.scheme, purpose, visit.day)
        return self._balance if may else 0

    def _pay(self, account_id: int, settled: SettlementRow, purpose: str) -> None:
        self._balance -= fen(settled["account"])
        self._into.wave(self._wave).payments.append(
            Posting(
                account_id=account_id,
                area_id=self._life.area.code,
                kind=Entry.Kind.PAYMENT,
                amount=-settled["account"],
                key=f"settlement:{settled['number']}",
                made_on=settled["made_on"],
                rule=purpose,
            )
        )

    def take_back(self, errand: Errand) -> None:
        """Reverse what an errand was settled by, last first, and perhaps settle it again."""
        settlements = self._settled.pop(id(errand), [])
        self._wave += 1
        for settled, lines in reversed(settlements):
            self._reverse(Settlement(**settled), lines, errand.reversed_on or errand.settled_on)
        self._wave += 1
        if errand.settled_again:
            for _settled, lines in settlements:
                self._again(errand, {line.line_id for line in lines})

    def _reverse(self, settled: Settlement, lines: list[SettledLineRow], on: date) -> None:
        total = self._totals.of(settled.care, settled.policy_year, on)
        mirror = record.mirror(
            settled, year=total.total, on=on, by=None, number=self._number(on), note=REVERSAL_REASON
        )
        mirror.pk = next(self._at_hand.ids.settlement)
        mirror.made_at = self._moment(on)
        if settled.adds_overall:
            mirror.overall_before = self._totals.of(ALL_CARE, settled.policy_year, on).total.counted
        self._enter(row_of(mirror), [line.mirrored(mirror.pk) for line in lines])
        if settled.account and self._life.account_id is not None:
            self._balance += fen(settled.account)
            keys = f"settlement:{settled.number}", f"reversal:{mirror.number}"
            refund = Refund(self._life.account_id, *keys, on)
            self._into.wave(self._wave).refunds.append(refund)

    def _again(self, errand: Errand, ids: set[int]) -> None:
        on = errand.reversed_on or errand.settled_on
        once_more = Errand(
            errand.day,
            errand.site,
            on,
            prescriber=errand.prescriber,
            by_hand=errand.by_hand,
            from_account=errand.from_account,
            referred=errand.referred,
        )
        visit, lines = self._visits[id(errand)]
        self._settle(once_more, visit, [line for line in lines if line.id in ids])

    def _enter(self, settled: SettlementRow, lines: list[SettledLineRow]) -> None:
        self._totals.take(settled)
        self._into.settlements.append(settled)
        self._into.wave(self._wave).lines += lines

    def _number(self, on: date) -> str:
        return numbered("S", on, next(self._at_hand.ids.claims_number))

    def _moment(self, day: date) -> datetime:
        """A moment of the day at which offices are open."""
        opens = datetime.combine(day, time(OPENS_AT), SHANGHAI)
        return opens + timedelta(minutes=int(self._chance.random() * OPEN_MINUTES))


def _settled_lines(
    settlement_id: int, lines: Sequence[BillLineRow], outcome: engine.Outcome
) -> list[SettledLineRow]:
    return [
        SettledLineRow(settlement_id, line.id, line.amount, *map(yuan, parts))
        for line, parts in zip(lines, outcome.lines, strict=True)
    ]
