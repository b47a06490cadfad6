"""The words that policy tables are written in.

Each value is what stands in the database and in YAML; labels for people are the doors' business.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """Kind of institution visited; an internet hospital (互联网医院) counts as its physical one."""

    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"


class Place(StrEnum):
    """Where the institution lies, seen from the member's pooling area (统筹区)."""

    AREA = "area"
    PROVINCE = "province"
    ELSEWHERE = "elsewhere"


class Channel(StrEnum):
    """How a bill reaches the fund: settled online (联网结算) or claimed by hand (手工报销)."""

    ONLINE = "online"
    HAND = "hand"


class Status(StrEnum):
    """A member's insured status (参保身份)."""

    IN_SERVICE = "in_service"
    FLEXIBLE = "flexible"
    RETIRED = "retired"
    FOUNDING = "founding"


class EmployerGroup(StrEnum):
    """Enterprises, or government bodies and public institutions (机关事业单位)."""

    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"


class Pooling(StrEnum):
    """An institution's qualification for outpatient pooling (门诊统筹资格)."""

    BY_TIER = "by_tier"
    OPENED = "opened"
    WITHDRAWN = "withdrawn"


class Test(StrEnum):
    """The tests that a bill may have to pass, in the order in which they are made.

    Whether a claim by hand is open and in time is tested last, from the terms.
    """

    INSURED = "insured"
    DESIGNATED = "designated"
    INPATIENT = "inpatient"
    ACCOUNT = "account"
    PRESCRIPTION = "prescription"
    FILING = "filing"
    DIRECT_SETTLEMENT = "direct_settlement"
    SELECTED = "selected"
    SIGNED = "signed"


class Reason(StrEnum):
    """Why the pooled benefit does not apply: one a test, then hand claims late or not open."""

    NOT_INSURED = "not_insured"
    NOT_DESIGNATED = "not_designated"
    INPATIENT = "inpatient"
    NO_ACCOUNT = "no_account"
    NO_PRESCRIPTION = "no_prescription"
    NO_FILING = "no_filing"
    NO_DIRECT_SETTLEMENT = "no_direct_settlement"
    NOT_SELECTED = "not_selected"
    NOT_SIGNED = "not_signed"
    LATE = "late"
    NO_HAND_CLAIM = "no_hand_claim"


REASON_OF = {
    Test.INSURED: Reason.NOT_INSURED,
    Test.DESIGNATED: Reason.NOT_DESIGNATED,
    Test.INPATIENT: Reason.INPATIENT,
    Test.ACCOUNT: Reason.NO_ACCOUNT,
    Test.PRESCRIPTION: Reason.NO_PRESCRIPTION,
    Test.FILING: Reason.NO_FILING,
    Test.DIRECT_SETTLEMENT: Reason.NO_DIRECT_SETTLEMENT,
    Test.SELECTED: Reason.NOT_SELECTED,
    Test.SIGNED: Reason.NOT_SIGNED,
}


class SatisfiedBy(StrEnum):
    """What satisfies a test that can be met in more than one way."""

    PLAIN = ""
    HERE = "here"
    HERE_OR_PRIMARY = "here_or_primary"
    OPENED = "opened"
    NOT_WITHDRAWN = "not_withdrawn"


class DeductiblePeriod(StrEnum):
    """What a deductible (起付标准) is owed for: each visit or the policy year."""

    VISIT = "visit"
    YEAR = "year"


class BandBasis(StrEnum):
    """What the bands (费用段) of the ratio table count."""

    ELIGIBLE = "eligible"
    AFTER_DEDUCTIBLE = "after_deductible"
    VISIT = "visit"


class CapBasis(StrEnum):
    """What a cap (最高支付限额) limits: the fund's payments or the eligible spending."""

    FUND = "fund"
    ELIGIBLE = "eligible"


class CapPeriod(StrEnum):
    """The period for which a cap holds."""

    VISIT = "visit"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class CapScope(StrEnum):
    """A cap of this kind of care, or the member's overall annual limit (年度支付限额)."""

    OWN = "own"
    OVERALL = "overall"


class TimeRule(StrEnum):
    """From when a new age or status counts: from its day, or from the first of the month after."""

    ON_DAY = "on_day"
    MONTH_AFTER = "month_after"


class PharmacyTerms(StrEnum):
    """Whose terms a pharmacy's bill has: its own, or those of the institution that prescribed."""

    OWN = "own"
    PRESCRIBER = "prescriber"


class ItemClass(StrEnum):
    """Class of a catalogue item (甲乙丙类)."""

    A = "A"
    B = "B"
    C = "C"


class ItemKind(StrEnum):
    """Kind of catalogue item, as far as rules tell them apart."""

    DRUG = "drug"
    CONSUMABLE = "consumable"
    SERVICE = "service"
    EXAMINATION = "examination"
    LABORATORY = "laboratory"
    CONSULTATION = "consultation"
    GENERAL_TREATMENT = "general_treatment"
    NUCLEIC_ACID = "nucleic_acid"


class CreditBase(StrEnum):
    """What a monthly credit (个人账户划入) is reckoned from."""

    CONTRIBUTION = "contribution"
    PENSION = "pension"
    RETIREMENT_PENSION = "retirement_pension"
    FROZEN = "frozen"
    SERIES = "series"
    FIXED = "fixed"
    NOTHING = "nothing"


class SourceFund(StrEnum):
    """Where a credit's money comes from."""

    OWN = "own"
    POOLED = "pooled"
    SUPPLEMENTARY = "supplementary"


class NoCredit(StrEnum):
    """Why a month brings a member no credit."""

    NO_RULE = "no_rule"
    NO_ACCOUNT = "no_account"
    NOT_INSURED = "not_insured"
    NOT_RECEIVED = "not_received"
    FIGURE_MISSING = "figure_missing"
    BASE_MISSING = "base_missing"


class Purpose(StrEnum):
    """What a personal account may be asked to pay (个人账户使用范围)."""

    MEDICAL = "medical"
    PHARMACY = "pharmacy"
    RESIDENT_PREMIUM = "resident_premium"
    CARE_PREMIUM = "care_premium"
    LARGE_SUM_PREMIUM = "large_sum_premium"
    COMMERCIAL_PREMIUM = "commercial_premium"
    FAMILY_DOCTOR = "family_doctor"
    VACCINE = "vaccine"
    CHECK_UP = "check_up"
    MATERNITY = "maternity"
    WELLNESS = "wellness"


class Beneficiary(StrEnum):
    """For whom the account pays."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"


class Allowed(StrEnum):
    """Whether the account pays: yes, from its surplus (历年结余) only, or no."""

    YES = "yes"
    FROM_SURPLUS = "from_surplus"
    NO = "no"


class Label(IntEnum):
    """What a step of an explanation says; `explain` has the sentence for each."""

    SELF_FUNDED = 1
    OVER_STANDARD = 2
    PRE_SELF_PAY = 3
    ELIGIBLE = 4
    REJECTED = 5
    DEDUCTIBLE = 6
    BAND = 7
    CAP = 8
    ABOVE_CAP = 9
    ITEM = 10
    FUND = 11
    ACCOUNT = 12
    CASH = 13
    NO_BENEFIT = 14
    CREDIT = 20
    SUPPLEMENT = 21
    NO_CREDIT = 22
    AWARD = 23
    PROVISIONAL = 24
