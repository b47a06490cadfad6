"""The try-out page: an invented case on the left, the answer with every step on the right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import clock
from bureau.admin.base import signed_in
from bureau.models import PoolingArea, User
from bureau.selectors import areas
from policies import labels
from policies.admin.widgets import DayInput, PercentField, PercentInput, WordsField
from policies.models import PolicyVersion
from policies.services import tryout

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
POOLING = [
    ("by_tier", gettext_lazy("by its tier")),
    ("opened", gettext_lazy("opened by the bureau")),
    ("withdrawn", gettext_lazy("withdrawn")),
]
MOST_LINES = 6


def a_day(label: Any, **options: Any) -> forms.DateField:
    """A day that the rules can reckon with."""
    return forms.DateField(
        label=label,
        widget=DayInput,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        **options,
    )


def an_amount(label: Any, **options: Any) -> forms.DecimalField:
    """An amount in yuan, not negative."""
    return forms.DecimalField(
        label=label,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        required=options.pop("required", False),
        widget=forms.TextInput(attrs={"class": "money", "inputmode": "decimal"}),
        **options,
    )


def one_of(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    """One word of a vocabulary."""
    options.setdefault("initial", next(iter(choices))[0])
    return forms.ChoiceField(label=label, choices=choices, **options)


def flag(label: Any, initial: bool = False) -> forms.BooleanField:
    """A claim that holds or does not."""
    return forms.BooleanField(label=label, required=False, initial=initial)


class MemberForm(forms.Form):
    """Which rules answer, and who asks."""

    subject = ""
    version = forms.ModelChoiceField(
        PolicyVersion.objects.none(),
        label=gettext_lazy("version"),
        required=False,
        empty_label=gettext_lazy("what is in force on the day"),
    )
    area = forms.ModelChoiceField(
        PoolingArea.objects.none(), label=gettext_lazy("pooling area"), required=False
    )
    scheme = one_of(gettext_lazy("scheme"), labels.SCHEMES)
    born = a_day(gettext_lazy("born"), initial=date(1990, 5, 1))
    status = one_of(gettext_lazy("status"), labels.STATUSES)
    since = a_day(gettext_lazy("since"), required=False)
    status_before = one_of(gettext_lazy("before that"), labels.STATUSES)
    employer_group = one_of(gettext_lazy("employer group"), labels.EMPLOYER_GROUPS)
    special_groups = WordsField(label=gettext_lazy("special groups"))
    insured = flag(gettext_lazy("insured"), initial=True)
    has_account = flag(gettext_lazy("has an account"), initial=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = PolicyVersion.objects.filter(subject=self.subject).select_related("area")
        self.fields["version"].queryset = areas.visible_to(user, versions)  # type: ignore[attr-defined]
        self.fields["version"].label_from_instance = version_words  # type: ignore[attr-defined]
        self.fields["area"].queryset = user.visible_areas()  # type: ignore[attr-defined]

    def group(self, *names: str) -> list[Any]:
        """Some fields, as the page groups them."""
        return [self[name] for name in names]

    def rules(self) -> list[Any]:
        return self.group("version", "area", "scheme", "day")


class VisitForm(MemberForm):
    """A visit of an invented member to an invented institution."""

    subject = "benefit"
    day = a_day(gettext_lazy("day of service"))
    care = one_of(gettext_lazy("kind of care"), labels.CARES)
    channel = one_of(gettext_lazy("way of claiming"), labels.CHANNELS)
    claimed_on = a_day(gettext_lazy("claimed on"), required=False)
    balance = an_amount(gettext_lazy("account balance"))
    signed_here = flag(gettext_lazy("signed here"), initial=True)
    signed_primary = flag(gettext_lazy("signed with a primary institution"))
    family_doctor = flag(gettext_lazy("family-doctor signed"))
    referred = flag(gettext_lazy("referred"))
    filed = flag(gettext_lazy("out-of-area filing"))
    inpatient = flag(gettext_lazy("inpatient on the day"))
    kind = one_of(gettext_lazy("kind"), labels.KINDS)
    tier = one_of(gettext_lazy("tier"), labels.TIERS, initial=3)
    charge_class = one_of(gettext_lazy("charge class"), labels.CHARGE_CLASSES, initial=3)
    place = one_of(gettext_lazy("place"), labels.PLACES)
    pooling = one_of(gettext_lazy("outpatient pooling"), POOLING)
    community = flag(gettext_lazy("community institution"))
    designated = flag(gettext_lazy("designated"), initial=True)
    direct_settlement = flag(gettext_lazy("direct settlement"), initial=True)
    prescribed = flag(gettext_lazy("external prescription"))
    used_eligible = an_amount(gettext_lazy("eligible spending"))
    used_deductible = an_amount(gettext_lazy("deductible borne"))
    used_counted = an_amount(gettext_lazy("counted against the cap"))
    used_overall = an_amount(gettext_lazy("counted in the overall limit"))

    def member(self) -> list[Any]:
        return self.group(
            "born", "status", "since", "status_before", "employer_group", "special_groups",
            "balance", "insured", "has_account", "signed_here", "signed_primary", "family_doctor",
            "referred", "filed", "inpatient",
        )  # fmt: skip

    def institution(self) -> list[Any]:
        return self.group(
            "kind", "tier", "charge_class", "place", "pooling", "community", "designated",
            "direct_settlement", "prescribed",
        )  # fmt: skip

    def claim(self) -> list[Any]:
        return self.group("care", "channel", "claimed_on")

    def used(self) -> list[Any]:
        return self.group("used_eligible", "used_deductible", "used_counted", "used_overall")


class LineForm(forms.Form):
    """A line of the bill."""

    amount = an_amount(gettext_lazy("amount"), required=True)
    item_class = one_of(gettext_lazy("class"), labels.ITEM_CLASSES)
    self_pay = PercentField(
        label=gettext_lazy("first self-payment (%)"),
        required=False,
        min_value=0,
        max_value=1,
        widget=PercentInput(attrs={"class": "share", "inputmode": "decimal"}),
    )
    standard = an_amount(gettext_lazy("payment standard"))
    item_kind = one_of(gettext_lazy("kind of item"), labels.ITEM_KINDS)


LineForms = forms.formset_factory(LineForm, extra=3, max_num=MOST_LINES, absolute_max=MOST_LINES)


class CreditForm(MemberForm):
    """A month of an invented member."""

    subject = "credit"
    day = a_day(gettext_lazy("a day of the month"))
    supplementary_scheme = forms.CharField(
        label=gettext_lazy("supplementary scheme"), required=False, max_length=24
    )
    contribution_base = an_amount(gettext_lazy("contribution base"), initial=Decimal(8000))
    contribution_received = flag(gettext_lazy("contribution received"), initial=True)
    pension = an_amount(gettext_lazy("own pension"))
    retirement_pension = an_amount(gettext_lazy("pension at retirement"))
    frozen = an_amount(gettext_lazy("amount before the reform"))

    def member(self) -> list[Any]:
        return self.group(
            "born", "status", "since", "status_before", "employer_group", "special_groups",
            "supplementary_scheme", "contribution_base", "pension", "retirement_pension", "frozen",
            "insured", "has_account", "contribution_received",
        )  # fmt: skip


def version_words(version: PolicyVersion) -> str:
    """A version as the list of choices names it."""
    state = "" if version.state == "published" else f" [{version.get_state_display()}]"
    return f"{version.area} {version.title} {version.in_force_from:%Y-%m-%d}{state}"


def try_out(request: HttpRequest) -> HttpResponse:
    """Show the question, and its answer once it is asked."""
    user = signed_in(request)
    if not user.has_perm("policies.view_policyversion"):
        raise PermissionDenied
    asks_credit = _asks_credit(request, user)
    form: MemberForm = (CreditForm if asks_credit else VisitForm)(
        request.POST or None, user=user, initial=_initial(request, user)
    )
    posted = None if asks_credit else request.POST or None
    lines = LineForms(posted, prefix="line", initial=[{"amount": Decimal(1000)}])
    answer = None
    if request.method == "POST" and form.is_valid() and (asks_credit or lines.is_valid()):
        try:
            answer = _answer(form, lines, asks_credit)
        except ValidationError as error:
            form.add_error(None, error)
    return TemplateResponse(
        request,
        "policies/tryout.html",
        {
            **admin.site.each_context(request),
            "title": _("Try out"),
            "is_fullwidth": "1",
            "form": form,
            "lines": lines,
            "asks_credit": asks_credit,
            "answer": answer,
        },
    )


def _answer(form: MemberForm, lines: Any, asks_credit: bool) -> tryout.Answer:
    if asks_credit:
        return tryout.credit(form.cleaned_data)
    filled = [line.cleaned_data for line in lines if line.cleaned_data.get("amount") is not None]
    if not filled:
        raise ValidationError(_("A bill has at least one line."))
    return tryout.visit(form.cleaned_data, filled)


def _chosen(request: HttpRequest, user: User) -> PolicyVersion | None:
    wanted = request.GET.get("version", "")
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 18:  # noqa: PLR2004 - bigint
        return None
    return areas.visible_to(user, PolicyVersion.objects.filter(pk=int(wanted))).first()


def _asks_credit(request: HttpRequest, user: User) -> bool:
    chosen = _chosen(request, user)
    subject = chosen.subject if chosen else request.GET.get("subject")
    return subject == "credit"


def _initial(request: HttpRequest, user: User) -> dict[str, Any]:
    chosen, today = _chosen(request, user), clock.today()
    if chosen is None:
        return {"area": user.visible_areas().first(), "day": today}
    day = today if chosen.in_force_on(today) else chosen.in_force_from
    return {"version": chosen.pk, "area": chosen.area_id, "scheme": chosen.scheme, "day": day}
