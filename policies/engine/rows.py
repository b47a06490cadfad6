"""The rows of policy tables (政策表): frozen, typed, each citing its article."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from policies.engine.match import CreditMatch, Match
from policies.engine.money import NO_LIMIT, WHOLE
from policies.engine.series import NO_AMOUNT, Amount
from policies.engine.vocabulary import (
    Allowed,
    BandBasis,
    CapBasis,
    CapPeriod,
    CapScope,
    Channel,
    CreditBase,
    DeductiblePeriod,
    PharmacyTerms,
    SatisfiedBy,
    SourceFund,
    TimeRule,
)

ORDINARY = "outpatient"
"""Ordinary outpatient care (普通门诊), the kind of care that every area has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one kind of care (待遇类别) is reckoned."""

    care: str = ORDINARY
    deductible_period: str = DeductiblePeriod.YEAR
    band_basis: str = BandBasis.ELIGIBLE
    cap_basis: str = CapBasis.FUND
    age_rule: str = TimeRule.ON_DAY
    status_rule: str = TimeRule.MONTH_AFTER
    year_starts: int = 1
    pharmacy_terms: str = PharmacyTerms.OWN
    pharmacy_drugs_only: bool = False
    hand_open: bool = True
    hand_until_month: int | None = None
    hand_until_day: int | None = None
    hand_years_after: int = 1
    hand_needs: str = ""
    hand_article: str = ""
    contracts_at_once: int = 1
    article: str = ""

    def policy_year(self, day: date) -> int:
        """The policy year (待遇年度) of a day, named by the calendar year in which it starts."""
        return day.year if day.month >= self.year_starts else day.year - 1

    def year_from(self, day: date) -> date:
        return date(self.policy_year(day), self.year_starts, 1)

    def quarter_from(self, day: date) -> date:
        """The first day of the policy year's quarter that a day lies in."""
        months = self.year_starts - 1 + (day.month - self.year_starts) % 12 // 3 * 3
        return date(self.policy_year(day) + months // 12, months % 12 + 1, 1)

    def last_claim_day(self, day: date) -> date | None:
        """The last day on which a visit of that day can be claimed by hand; None: no last day."""
        if self.hand_until_month is None or self.hand_until_day is None:
            return None
        year = self.policy_year(day) + self.hand_years_after
        last_of_month = monthrange(year, self.hand_until_month)[1]
        return date(year, self.hand_until_month, min(self.hand_until_day, last_of_month))


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Match):
    """A test that applies where its row matches; if it fails, the account may still pay or not."""

    care: str = ORDINARY
    test: str
    channels: tuple[str, ...] = (Channel.ONLINE, Channel.HAND)
    satisfied_by: str = SatisfiedBy.PLAIN
    account_may_pay: bool = True
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductible(Match):
    """A deductible (起付标准) in fen, on the shared account or one of its own.

    A yearly ceiling, where there is one, holds for all accounts together.
    """

    care: str = ORDINARY
    amount: int = 0
    account: str = ""
    yearly_ceiling: int | None = None
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Match):
    """The fund's share (支付比例) in millionths within a band of spending in fen."""

    care: str = ORDINARY
    band_from: int = 0
    band_until: int | None = None
    share: int = 0
    article: str = ""

    @property
    def band_end(self) -> int:
        return NO_LIMIT if self.band_until is None else self.band_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment(Match):
    """Points added to a ratio (百分点) and a factor on it, in millionths; all that match apply."""

    care: str = ORDINARY
    points: int = 0
    factor: int = WHOLE
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Match):
    """A cap (最高支付限额) for a period; above it nothing, or a further share in millionths.

    Monthly and quarterly caps carry over within the policy year: as many of them hold as periods
    have begun. A yearly cap carries over what the year before has left.
    """

    care: str = ORDINARY
    scope: str = CapScope.OWN
    period: str = CapPeriod.YEAR
    amount: Amount = NO_AMOUNT
    carries_over: bool = False
    counts_in_overall: bool = False
    above: int = 0
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRule(Match):
    """Items with a pay rule of their own: a share in millionths, or a fixed amount in fen.

    The fixed amount is paid for each kind of item in a bill. They bear no deductible and walk no
    band; those left out move no total either.
    """

    care: str = ORDINARY
    item_kinds: tuple[str, ...] = ()
    share: int = 0
    fixed: int | None = None
    left_out: bool = True
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit(CreditMatch):
    """A monthly credit: a rate in millionths of its base, plus a supplement in fen."""

    rule: str
    base: str = CreditBase.NOTHING
    amount: Amount = NO_AMOUNT
    rate: int = 0
    supplement: int = 0
    on_top: bool = False
    source: str = SourceFund.OWN
    article: str = ""

    @property
    def whole_rate(self) -> int:
        """The rate in millionths; fixed and frozen amounts without one count whole."""
        if not self.rate and self.base in {CreditBase.FIXED, CreditBase.FROZEN}:
            return WHOLE
        return self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTerms:
    """How ages and statuses are taken when a month is credited."""

    age_rule: str = TimeRule.ON_DAY
    status_rule: str = TimeRule.MONTH_AFTER
    account_needed: bool = True
    flexible_retirees_as: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incentive:
    """A health incentive (健康激励) in fen for a year without a payment of the fund."""

    first: int = 0
    step: int = 0
    maximum: int = 0
    first_year: int = 0
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRule:
    """Whether the account pays for a purpose and a beneficiary."""

    purpose: str
    beneficiary: str
    allowed: str = Allowed.NO
    article: str = ""
