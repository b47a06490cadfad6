"""Inventing members: who they are, what they were and are, what they earn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from claims.population import times
from claims.population.chance import day_between, happens, stream
from claims.population.circumstances import Circumstances
from claims.population.life import Life
from claims.population.naming import NAMES, numbered
from claims.population.source import AreaSource
from claims.population.writing import Ids
from members.identity.documents import DocumentType, Sex
from members.models.enrolment import EMPLOYEE_SCHEME, RESIDENT_SCHEME
from policies.engine.vocabulary import EmployerGroup, Status

IN_SERVICE, FLEXIBLE, RETIRED, FOUNDING = (status.value for status in Status)
MALE, FEMALE = Sex.MALE.value, Sex.FEMALE.value
BOOKS_BEGIN = date(2000, 1, 1)
THIS_YEAR = times.FIRST_FULL_YEAR.year
FOUNDING_EVERY, RETIRING_EVERY, ABROAD_EVERY = 240, 40, 400
WORK_BEGINS = 22
RETIREMENT_AGES = {MALE: (60,), FEMALE: (50, 55)}
OLDEST_AT_WORK = {MALE: 59, FEMALE: 49}
FROZEN = (9_000, 32_000)
BASES, PENSIONS, BALANCES = (0.38, 0.6, 3.0), (0.25, 0.5, 2.4), (1.0, 0.0, 20.0)
"""How widely amounts lie around the typical one, and between which multiples of it."""

TYPICAL_BALANCE = 1_300


@dataclass(frozen=True, slots=True)
class Career:
    """What somebody is: born in that year, insured since then, with those statuses."""

    year: int
    scheme: str
    statuses: list[tuple[date, str]]


class People:
    """The people of one area; the same index under the same seed is the same person."""

    def __init__(
        self,
        area: AreaSource,
        *,
        seed: int,
        ids: Ids,
        employers: Mapping[str, Sequence[int]],
        circumstances: Circumstances,
    ) -> None:
        self._area = area
        self._seed = seed
        self._ids = ids
        self._employers = employers
        self._circumstances = circumstances

    def draw(self, indexes: Sequence[int]) -> Iterator[tuple[Life, Random]]:
        """The people of these indexes, each with the chance that their life goes on with."""
        for index in indexes:
            chance = stream(self._seed, self._area.code, index)
            life = self._life(index, chance)
            self._circumstances.befall(life, chance)
            yield life, chance

    def _life(self, index: int, chance: Random) -> Life:
        area = self._area
        sex = FEMALE if happens(chance, "female") else MALE
        career = _career(area, index, sex, chance)
        number, born = numbered(area.divisions, index, career.year, sex)
        with_account = career.scheme == EMPLOYEE_SCHEME and chance.random() >= area.without_account
        life = Life(
            area=area,
            index=index,
            person_id=next(self._ids.person),
            member_id=next(self._ids.member),
            account_id=next(self._ids.account) if with_account else None,
            number=f"{area.code}{next(self._ids.member_number):014d}",
            document=_document(area, index, number, chance),
            name=NAMES.draw(chance, sex, career.year, single=area.single_names),
            sex=sex,
            born=born,
            scheme=career.scheme,
            insured_from=career.statuses[0][0],
            statuses=career.statuses,
        )
        if life.scheme == EMPLOYEE_SCHEME:
            self._earns(life, chance)
        return life

    def _earns(self, life: Life, chance: Random) -> None:
        """Employer, contribution base, pension, frozen credit and balance."""
        works = life.status in (IN_SERVICE, FLEXIBLE)
        if life.status != FLEXIBLE:
            public = happens(chance, "public_employer")
            group = (EmployerGroup.INSTITUTION if public else EmployerGroup.ENTERPRISE).value
            life.employer_group = group
            life.employer_id = chance.choice(self._employers[group])
        if works:
            life.base = _spread(chance, life.area.wage, *BASES) // 1000 * 1000
        if not works:
            life.pension = _spread(chance, life.area.pension, *PENSIONS)
            _before_reform(life, chance)
        supplementary = life.area.supplementary
        if works and supplementary and chance.random() < supplementary["share"]:
            life.supplementary_scheme = supplementary["name"]
        if life.has_account and not happens(chance, "empty_account"):
            life.balance = _spread(chance, TYPICAL_BALANCE, *BALANCES)


def _spread(chance: Random, typical: int, sigma: float, least: float, most: float) -> int:
    """An amount in fen around a typical one in yuan."""
    return int(typical * 100 * min(max(chance.lognormvariate(-0.05, sigma), least), most))


def _before_reform(life: Life, chance: Random) -> None:
    """What the account had a month before the reform, or the pension of the month of retirement."""
    retired_on = life.statuses[-1][0]
    if life.status == FOUNDING or retired_on < times.REFORM:
        life.frozen_credit = chance.randint(*FROZEN)
    else:
        life.retirement_pension = life.pension


def _document(area: AreaSource, index: int, number: str, chance: Random) -> tuple[str, str]:
    """A resident's card; now and then a permit of somebody from Hong Kong, Macao or Taiwan."""
    count, place = divmod(index, ABROAD_EVERY)
    if place != ABROAD_EVERY // 2:
        return DocumentType.RESIDENT_ID.value, number
    kind = chance.choice((DocumentType.HK_MACAO_PERMIT, DocumentType.TAIWAN_PERMIT))
    letter = "H" if kind is DocumentType.HK_MACAO_PERMIT else ""
    return kind.value, f"{letter}{area.code[:2]}{count:06d}"


def _career(area: AreaSource, index: int, sex: str, chance: Random) -> Career:
    if index % FOUNDING_EVERY == FOUNDING_EVERY // 3:
        return Career(chance.randint(1926, 1931), EMPLOYEE_SCHEME, [(BOOKS_BEGIN, FOUNDING)])
    if chance.random() < area.residents:
        return _resident(chance)
    if index % RETIRING_EVERY == RETIRING_EVERY // 4:
        return _retiring(sex, chance)
    return _retired(sex, chance) if happens(chance, "retired") else _working(sex, chance)


def _resident(chance: Random) -> Career:
    year = chance.randint(THIS_YEAR - 90, THIS_YEAR - 1)
    since = date(max(year, chance.randint(2010, 2023)), 1, 1)
    return Career(year, RESIDENT_SCHEME, [(max(since, date(year + 1, 1, 1)), IN_SERVICE)])


def _working(sex: str, chance: Random) -> Career:
    """In service or flexible; one in fifty began in the year itself, some went flexible."""
    age = int(chance.triangular(WORK_BEGINS + 2, OLDEST_AT_WORK[sex], 36))
    began = _work_began(THIS_YEAR - age, chance)
    if happens(chance, "began_this_year"):
        began = day_between(chance, date(THIS_YEAR, 1, 2), date(THIS_YEAR, 12, 1))
    if happens(chance, "flexible"):
        return Career(THIS_YEAR - age, EMPLOYEE_SCHEME, [(began, FLEXIBLE)])
    statuses = [(began, IN_SERVICE)]
    if happens(chance, "became_flexible"):
        left = day_between(chance, began + timedelta(days=30), times.LAST_DAY)
        statuses.append((left, FLEXIBLE))
    return Career(THIS_YEAR - age, EMPLOYEE_SCHEME, statuses)


def _retired(sex: str, chance: Random) -> Career:
    age = int(chance.triangular(OLDEST_AT_WORK[sex] + 3, 94, 66))
    year = THIS_YEAR - age
    retired = date(year + chance.choice(RETIREMENT_AGES[sex]), chance.randint(1, 12), 20)
    return Career(year, EMPLOYEE_SCHEME, _until_retirement(year, min(retired, _latest()), chance))


def _retiring(sex: str, chance: Random) -> Career:
    """Somebody who retires in the year."""
    retired = day_between(chance, date(THIS_YEAR, 1, 5), date(THIS_YEAR, 12, 20))
    year = THIS_YEAR - chance.choice(RETIREMENT_AGES[sex])
    return Career(year, EMPLOYEE_SCHEME, _until_retirement(year, retired, chance))


def _latest() -> date:
    return times.FIRST_FULL_YEAR - timedelta(days=1)


def _until_retirement(year: int, retired: date, chance: Random) -> list[tuple[date, str]]:
    began = _work_began(year, chance)
    if began >= retired:
        return [(BOOKS_BEGIN, RETIRED)]
    before = FLEXIBLE if happens(chance, "was_flexible") else IN_SERVICE
    return [(began, before), (retired, RETIRED)]


def _work_began(year: int, chance: Random) -> date:
    first = date(year + WORK_BEGINS, 7, 1)
    return max(BOOKS_BEGIN, day_between(chance, first, first + timedelta(days=400)))
