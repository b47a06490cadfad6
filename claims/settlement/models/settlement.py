"""Settlements and reversals: what was paid, by whom, under which policy, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.settlement.models.visit import Visit
from facilities.models import Institution
from members.models import Member, YearTotal
from policies import labels
from policies.models import PolicyVersion
from policies.models.fields import AmountField

AMOUNTS = (
    "total",
    "self_funded",
    "over_standard",
    "pre_self_pay",
    "eligible",
    "deductible",
    "fund",
    "own_share",
    "above_cap",
    "account",
    "cash",
)
"""The amounts of a settlement, which its reversal mirrors."""

ADDS = ("adds_eligible", "adds_deductible", "adds_fund", "adds_counted", "adds_overall")
"""What a settlement adds to the member's year totals, which its reversal takes back."""


def _all(names: tuple[str, ...], lookup: str) -> Q:
    return Q(**{f"{name}__{lookup}": 0 for name in names})


class Settlement(models.Model):
    """A settlement (结算), or the reversal (冲销) of one. Insert-only.

    `facts` and `steps` hold what it was reckoned from and how, so that it can be explained and
    recomputed years later; the `…_before` columns are the totals of the locked year.
    """

    application_may: ClassVar[frozenset[str]] = frozenset({"insert"})

    area = models.ForeignKey(
        "bureau.PoolingArea", models.PROTECT, verbose_name=_("pooling area"), related_name="+"
    )
    number = models.CharField(_("settlement number"), max_length=40, unique=True)
    visit = models.ForeignKey(
        Visit, models.PROTECT, verbose_name=_("visit"), related_name="settlements"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, verbose_name=_("member"), related_name="settlements"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("institution"), related_name="settlements"
    )
    day = models.DateField(_("day of service"))
    care = models.CharField(_("kind of care"), max_length=24, choices=labels.CARES)
    channel = models.CharField(
        pgettext_lazy("how a bill is", "settled"),
        max_length=8,
        choices=labels.CHANNELS,
        default="online",
    )
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, verbose_name=_("policy version"), related_name="+"
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("reverses"),
        related_name="reversal",
    )

    total = AmountField(_("total"))
    self_funded = AmountField(_("fully self-funded"))
    over_standard = AmountField(_("over the payment standard"))
    pre_self_pay = AmountField(_("first self-payment"))
    eligible = AmountField(_("eligible"))
    deductible = AmountField(_("deductible"))
    fund = AmountField(_("paid by the fund"))
    own_share = AmountField(_("own share"))
    above_cap = AmountField(_("above the cap"))
    account = AmountField(_("paid by the account"))
    cash = AmountField(_("cash"))
    reason = models.CharField(
        _("why no benefit"), max_length=24, choices=labels.REASONS, blank=True
    )
    provisional = models.BooleanField(_("provisional"), default=False)

    year_total = models.ForeignKey(
        YearTotal, models.PROTECT, verbose_name=_("total of the year"), related_name="settlements"
    )
    policy_year = models.PositiveSmallIntegerField(_("policy year"))
    deductible_account = models.CharField(_("deductible account"), max_length=24, blank=True)
    adds_eligible = AmountField(_("adds to eligible"), default=0)
    adds_deductible = AmountField(_("adds to the deductible borne"), default=0)
    adds_fund = AmountField(_("adds to paid by the fund"), default=0)
    adds_counted = AmountField(_("adds to counted against the cap"), default=0)
    adds_overall = AmountField(_("adds to the overall limit"), default=0)
    eligible_before = AmountField(_("eligible before"), default=0)
    deductible_before = AmountField(_("deductible borne before"), default=0)
    fund_before = AmountField(_("paid by the fund before"), default=0)
    counted_before = AmountField(_("counted before"), default=0)
    overall_before = AmountField(_("counted in the overall limit before"), default=0)
    limit_period = models.CharField(
        _("cap for"), max_length=8, choices=labels.CAP_PERIODS, blank=True
    )
    limit_amount = AmountField(_("cap"), null=True, blank=True)
    limit_before = AmountField(_("used of the cap before"), default=0)
    overall_limit = AmountField(_("overall annual limit"), null=True, blank=True)

    facts = models.JSONField(_("facts"), default=dict)
    steps = models.JSONField(_("steps"), default=list)
    claimed_on = models.DateField(_("claimed on"), null=True, blank=True)
    made_on = models.DateField(_("settled on"))
    made_at = models.DateTimeField(_("written at"), auto_now_add=True)
    made_by = models.ForeignKey(
        "bureau.User",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("made by"),
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("member", "policy_year"), name="settlements_of_a_year"),
            models.Index(fields=("institution", "made_on"), name="settlements_at_institution"),
            models.Index(fields=("area", "-made_on", "-id"), name="settlements_of_an_area"),
        )
        permissions = (("reverse_settlement", _("Can reverse a settlement")),)
        constraints = (
            models.UniqueConstraint(fields=("id", "area"), name="settlement_of_its_area"),
            models.CheckConstraint(
                condition=Q(
                    total=F("self_funded") + F("over_standard") + F("pre_self_pay") + F("eligible")
                ),
                name="settlement_parts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(total=F("fund") + F("account") + F("cash")),
                name="settlement_payers_add_up",
            ),
            models.CheckConstraint(
                condition=Q(eligible=F("deductible") + F("fund") + F("own_share") + F("above_cap")),
                name="eligible_spending_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) & _all((*AMOUNTS, *ADDS), "gte")
                | Q(reverses__isnull=False) & _all((*AMOUNTS, *ADDS), "lte"),
                name="settlement_is_positive_and_reversal_negative",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | _all(("deductible", "fund", *ADDS), "exact"),
                name="rejected_bill_moves_nothing",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, total__gt=0)
                | Q(reverses__isnull=False, total__lt=0),
                name="settlement_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(adds_deductible=F("deductible")),
                name="deductible_borne_is_what_the_year_adds",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(
                    adds_fund__lte=F("fund"),
                    adds_eligible__lte=F("eligible"),
                    adds_counted__lte=F("adds_eligible"),
                ),
                name="year_adds_no_more_than_was_settled",
            ),
            models.CheckConstraint(
                condition=Q(adds_overall=0) | Q(adds_overall=F("adds_fund")),
                name="overall_limit_counts_what_the_fund_paid",
            ),
            models.CheckConstraint(
                condition=~Q(limit_period="year") | Q(limit_before=F("counted_before")),
                name="year_cap_stands_against_the_year",
            ),
            models.CheckConstraint(
                condition=Q(made_on__gte=F("day")), name="settled_no_earlier_than_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(channel="hand") | Q(claimed_on__isnull=False),
                name="claim_by_hand_says_when",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(note=""),
                name="reversal_gives_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(limit_amount__isnull=True)
                | Q(adds_counted__lte=0)
                | Q(limit_amount__gte=F("limit_before") + F("adds_counted")),
                name="no_cap_is_passed",
            ),
            models.CheckConstraint(
                condition=Q(overall_limit__isnull=True)
                | Q(adds_overall__lte=0)
                | Q(overall_limit__gte=F("overall_before") + F("adds_overall")),
                name="no_overall_limit_is_passed",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def personal(self) -> Decimal:
        """The member's part (个人负担), yuan: total less what the fund pays."""
        personal: Decimal = self.total - self.fund
        return personal
