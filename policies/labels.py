"""What the words of policy tables are called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from policies.engine import vocabulary as words

SCHEMES = [("310", _("employees")), ("390", _("residents"))]
SUBJECTS = [
    ("benefit", _("benefits")),
    ("credit", _("account credits")),
    ("account_use", _("account use")),
]
STATES = [("draft", _("draft")), ("in_review", _("in review")), ("published", _("published"))]
CARES = [("outpatient", _("ordinary outpatient")), ("chronic", _("chronic and special diseases"))]

KINDS = [(words.Kind.HOSPITAL.value, _("hospital")), (words.Kind.PHARMACY.value, _("pharmacy"))]
TIERS = [(0, _("unrated primary")), (1, _("tier 1")), (2, _("tier 2")), (3, _("tier 3"))]
CHARGE_CLASSES = [(1, _("class 1")), (2, _("class 2")), (3, _("class 3 and below"))]
PLACES = [
    (words.Place.AREA.value, _("in the area")),
    (words.Place.PROVINCE.value, _("elsewhere in the province")),
    (words.Place.ELSEWHERE.value, _("other provinces")),
]
CHANNELS = [(words.Channel.ONLINE.value, _("online")), (words.Channel.HAND.value, _("by hand"))]
STATUSES = [
    (words.Status.IN_SERVICE.value, _("in service")),
    (words.Status.FLEXIBLE.value, _("flexible employment")),
    (words.Status.RETIRED.value, _("retired")),
    (words.Status.FOUNDING.value, _("founding worker")),
]
EMPLOYER_GROUPS = [
    (words.EmployerGroup.ENTERPRISE.value, _("enterprise")),
    (words.EmployerGroup.INSTITUTION.value, _("public institution")),
]
TESTS = [
    (words.Test.INSURED.value, _("insured on the day")),
    (words.Test.DESIGNATED.value, _("designated institution")),
    (words.Test.INPATIENT.value, _("not an inpatient")),
    (words.Test.ACCOUNT.value, _("insured with an account")),
    (words.Test.PRESCRIPTION.value, _("external prescription")),
    (words.Test.FILING.value, _("out-of-area filing")),
    (words.Test.DIRECT_SETTLEMENT.value, _("direct settlement")),
    (words.Test.SELECTED.value, _("opened for outpatient pooling")),
    (words.Test.SIGNED.value, _("signed contract")),
]
SATISFIED_BY = [
    (words.SatisfiedBy.PLAIN.value, _("as it says")),
    (words.SatisfiedBy.HERE.value, _("signed here")),
    (words.SatisfiedBy.HERE_OR_PRIMARY.value, _("signed here or with a primary institution")),
    (words.SatisfiedBy.OPENED.value, _("opened by the bureau")),
    (words.SatisfiedBy.NOT_WITHDRAWN.value, _("not withdrawn by the bureau")),
]
REASONS = [
    (words.Reason.NOT_INSURED.value, _("not insured on the day")),
    (words.Reason.NOT_DESIGNATED.value, _("institution not designated")),
    (words.Reason.INPATIENT.value, _("inpatient or home bed on the day")),
    (words.Reason.NO_ACCOUNT.value, _("insured without an account")),
    (words.Reason.NO_PRESCRIPTION.value, _("no prescription from a designated institution")),
    (words.Reason.NO_FILING.value, _("no out-of-area filing")),
    (words.Reason.NO_DIRECT_SETTLEMENT.value, _("no direct settlement: claim by hand")),
    (words.Reason.NOT_SELECTED.value, _("not opened for outpatient pooling")),
    (words.Reason.NOT_SIGNED.value, _("not signed with this institution")),
    (words.Reason.LATE.value, _("claimed too late")),
    (words.Reason.NO_HAND_CLAIM.value, _("claims by hand are not open")),
]
DEDUCTIBLE_PERIODS = [
    (words.DeductiblePeriod.VISIT.value, _("each visit")),
    (words.DeductiblePeriod.YEAR.value, _("the year")),
]
BAND_BASES = [
    (words.BandBasis.ELIGIBLE.value, _("eligible spending of the year")),
    (
        words.BandBasis.AFTER_DEDUCTIBLE.value,
        _("eligible spending of the year after the deductible"),
    ),
    (words.BandBasis.VISIT.value, _("eligible spending of the visit")),
]
CAP_BASES = [
    (words.CapBasis.FUND.value, _("what the fund pays")),
    (words.CapBasis.ELIGIBLE.value, _("eligible spending")),
]
CAP_PERIODS = [
    (words.CapPeriod.VISIT.value, _("a visit")),
    (words.CapPeriod.MONTH.value, _("a month")),
    (words.CapPeriod.QUARTER.value, _("a quarter")),
    (words.CapPeriod.YEAR.value, _("a year")),
]
CAP_SCOPES = [
    (words.CapScope.OWN.value, _("this kind of care")),
    (words.CapScope.OVERALL.value, _("the member's overall annual limit")),
]
TIME_RULES = [
    (words.TimeRule.ON_DAY.value, _("from the day")),
    (words.TimeRule.MONTH_AFTER.value, _("from the month after")),
]
PHARMACY_TERMS = [
    (words.PharmacyTerms.OWN.value, _("the pharmacy's own")),
    (words.PharmacyTerms.PRESCRIBER.value, _("those of the prescribing institution")),
]
ITEM_CLASSES = [
    (words.ItemClass.A.value, _("class A")),
    (words.ItemClass.B.value, _("class B")),
    (words.ItemClass.C.value, _("class C, self-funded")),
]
ITEM_KINDS = [
    (words.ItemKind.DRUG.value, _("drug")),
    (words.ItemKind.CONSUMABLE.value, _("consumable")),
    (words.ItemKind.SERVICE.value, _("medical service")),
    (words.ItemKind.EXAMINATION.value, _("examination")),
    (words.ItemKind.LABORATORY.value, _("laboratory test")),
    (words.ItemKind.CONSULTATION.value, _("consultation fee")),
    (words.ItemKind.GENERAL_TREATMENT.value, _("general treatment fee")),
    (words.ItemKind.NUCLEIC_ACID.value, _("nucleic-acid test")),
]
CREDIT_BASES = [
    (words.CreditBase.CONTRIBUTION.value, _("own contribution base")),
    (words.CreditBase.PENSION.value, _("own pension")),
    (words.CreditBase.RETIREMENT_PENSION.value, _("own pension at retirement")),
    (words.CreditBase.FROZEN.value, _("amount before the reform")),
    (words.CreditBase.SERIES.value, _("published figure")),
    (words.CreditBase.FIXED.value, _("fixed amount")),
    (words.CreditBase.NOTHING.value, _("no credit")),
]
SOURCE_FUNDS = [
    (words.SourceFund.OWN.value, _("own contributions")),
    (words.SourceFund.POOLED.value, _("pooled fund")),
    (words.SourceFund.SUPPLEMENTARY.value, _("supplementary fund")),
]
NO_CREDITS = [
    (words.NoCredit.NO_RULE.value, _("no rule gives a credit")),
    (words.NoCredit.NO_ACCOUNT.value, _("insured without an account")),
    (words.NoCredit.NOT_INSURED.value, _("not insured in the month")),
    (words.NoCredit.NOT_RECEIVED.value, _("contribution not received yet")),
    (words.NoCredit.FIGURE_MISSING.value, _("figure not published yet")),
    (words.NoCredit.BASE_MISSING.value, _("no pension or amount on record")),
]
PURPOSES = [
    (words.Purpose.MEDICAL.value, _("personal part at a designated institution")),
    (words.Purpose.PHARMACY.value, _("drugs, devices and consumables at a designated pharmacy")),
    (words.Purpose.RESIDENT_PREMIUM.value, _("residents' insurance premium")),
    (words.Purpose.CARE_PREMIUM.value, _("long-term care premium")),
    (words.Purpose.LARGE_SUM_PREMIUM.value, _("large-sum medical subsidy premium")),
    (words.Purpose.COMMERCIAL_PREMIUM.value, _("government-guided commercial health insurance")),
    (words.Purpose.FAMILY_DOCTOR.value, _("family-doctor service fee")),
    (words.Purpose.VACCINE.value, _("non-programme vaccine")),
    (words.Purpose.CHECK_UP.value, _("health check-up")),
    (words.Purpose.MATERNITY.value, _("maternity bill after maternity insurance")),
    (words.Purpose.WELLNESS.value, _("public health, fitness, wellness")),
]
BENEFICIARIES = [
    (words.Beneficiary.SELF.value, _("the member")),
    (words.Beneficiary.SPOUSE.value, _("spouse")),
    (words.Beneficiary.PARENT.value, _("parent")),
    (words.Beneficiary.CHILD.value, _("child")),
]
ALLOWED = [
    (words.Allowed.YES.value, _("yes")),
    (words.Allowed.FROM_SURPLUS.value, _("from surplus")),
    (words.Allowed.NO.value, _("no")),
]
SERIES = [
    ("average_wage", _("average annual wage of the urban employed")),
    ("average_pension", _("average basic pension a month")),
    ("average_account_base_enterprise", _("average account base of enterprise retirees")),
    ("average_account_base_institution", _("average account base of public-institution retirees")),
]
