"""What each row of each policy table says, as a sentence an officer reads beside the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from policies import labels, models
from policies.engine.rows import ORDINARY
from policies.selectors.wording import (
    Case,
    alternatives,
    both,
    case_of,
    case_words,
    label_of,
    listed,
    points_words,
    share_words,
    yuan_words,
)


def says(row: models.TableRow, adjustments: Sequence[models.AdjustmentRow] = ()) -> str:
    """What a row means; a ratio names what the adjustments that meet it make of it."""
    if isinstance(row, models.RatioRow):
        return _ratio(row, adjustments)
    answer = ANSWERS[type(row)](row)
    return answer if isinstance(row, WITHOUT_CASE) else _answered(_who(row), answer)


def _answered(who: str, answer: str) -> str:
    everybody = pgettext("a row that matches every case", "all")
    return _("%(case)s: %(answer)s") % {"case": who or everybody, "answer": answer}


def _who(row: models.TableRow) -> str:
    """The case of a row, with its kind of care where that is not the ordinary one."""
    care = getattr(row, "care", ORDINARY)
    said = "" if care == ORDINARY else label_of(care, labels.CARES)
    return listed(filter(None, (said, case_words(case_of(row)))))


def joined(parts: Sequence[str]) -> str:
    """Sentences after each other."""
    return pgettext("between clauses", "; ").join(part for part in parts if part)


def band_words(row: Any) -> str:
    """The band of spending that a ratio answers for."""
    if row.band_until is None:
        if not row.band_from:
            return ""
        return _("spending over %(start)s") % {"start": yuan_words(row.band_from)}
    if not row.band_from:
        return _("spending up to %(end)s") % {"end": yuan_words(row.band_until)}
    return _("spending over %(start)s up to %(end)s") % {
        "start": yuan_words(row.band_from),
        "end": yuan_words(row.band_until),
    }


def _ratio(row: models.RatioRow, adjustments: Sequence[models.AdjustmentRow]) -> str:
    case, share = case_of(row), share_words(row.share)
    said = [_banded(case, row, share)]
    for adjustment in adjustments:
        joint = both(case, case_of(adjustment)) if adjustment.care == row.care else None
        if joint is not None and joint != case:
            said.append(_banded(joint, row, share + _adjusted(adjustment)))
        elif joint is not None:
            said[0] += _adjusted(adjustment)
    return joined(said)


def _banded(case: Case, row: models.RatioRow, answer: str) -> str:
    care = "" if row.care == ORDINARY else label_of(row.care, labels.CARES)
    return _answered(listed(filter(None, (care, case_words(case), band_words(row)))), answer)


def _adjusted(row: models.AdjustmentRow) -> str:
    points = points_words(row.points) if row.points else ""
    factor = f"×{share_words(row.factor)}" if row.factor != 1 else ""
    return points + factor


def _adjustment(row: models.AdjustmentRow) -> str:
    points = (
        _("%(points)s on the share") % {"points": points_words(row.points)} if row.points else ""
    )
    factor = (
        _("the share times %(factor)s") % {"factor": share_words(row.factor)}
        if row.factor != 1
        else ""
    )
    return joined([points, factor]) or _("no change")


def _requirement(row: models.RequirementRow) -> str:
    test = row.get_test_display()
    if row.satisfied_by:
        test = _("%(test)s (%(how)s)") % {"test": test, "how": row.get_satisfied_by_display()}
    channels = alternatives(label_of(one, labels.CHANNELS) for one in row.channels)
    asked = _("needs %(test)s") % {"test": test}
    if channels and len(row.channels) < len(labels.CHANNELS):
        asked = _("%(channels)s, needs %(test)s") % {"channels": channels, "test": test}
    otherwise = (
        _("otherwise only the account may pay")
        if row.account_may_pay
        else _("otherwise neither fund nor account pays")
    )
    return joined([asked, otherwise])


def _deductible(row: models.DeductibleRow) -> str:
    own = _("on the account “%(name)s”") % {"name": row.account} if row.account else ""
    ceiling = (
        _("at most %(amount)s a year") % {"amount": yuan_words(row.yearly_ceiling)}
        if row.yearly_ceiling is not None
        else ""
    )
    return joined([_("deductible %(amount)s") % {"amount": yuan_words(row.amount)}, own, ceiling])


def _cap(row: models.CapRow) -> str:
    above = _("above it %(share)s") % {"share": share_words(row.above)} if row.above else ""
    return joined(
        [
            _("limit for %(period)s %(amount)s")
            % {"period": row.get_period_display(), "amount": _cap_amount(row)},
            row.get_scope_display() if row.scope != "own" else "",
            _("what is unused carries over") if row.carries_over else "",
            _("counts in the overall annual limit") if row.counts_in_overall else "",
            above,
        ]
    )


def _cap_amount(row: models.CapRow) -> str:
    if not row.series:
        return yuan_words(row.amount) or _("none")
    followed = _("%(rate)s of the %(series)s") % {
        "rate": share_words(row.rate),
        "series": series_words(row),
    }
    until = (
        _("until it is published %(amount)s") % {"amount": yuan_words(row.amount)}
        if row.amount is not None
        else ""
    )
    return listed(filter(None, (followed, until)))


def series_words(row: Any) -> str:
    """A published figure and the year that is meant."""
    name = label_of(row.series, labels.SERIES)
    if row.series_year is not None:
        return _("%(series)s of %(year)s") % {"series": name, "year": row.series_year}
    if not row.series_offset:
        return _("%(series)s of the same year") % {"series": name}
    if row.series_offset == -1:
        return _("%(series)s of the year before") % {"series": name}
    return _("%(series)s (%(offset)+d years)") % {"series": name, "offset": row.series_offset}


def _item(row: models.ItemRuleRow) -> str:
    kinds = alternatives(label_of(kind, labels.ITEM_KINDS) for kind in row.item_kinds)
    paid = share_words(row.share) if row.fixed is None else yuan_words(row.fixed)
    left_out = _("left out of the year's totals") if row.left_out else ""
    return joined(
        [_("%(kinds)s: the fund pays %(paid)s") % {"kinds": kinds, "paid": paid}, left_out]
    )


def _terms(row: models.TermsRow) -> str:
    return joined(
        [
            row.get_care_display(),
            _("deductible for %(period)s") % {"period": row.get_deductible_period_display()},
            _("bands count %(basis)s") % {"basis": row.get_band_basis_display()},
            _("caps limit %(basis)s") % {"basis": row.get_cap_basis_display()},
            _("a new age counts %(rule)s") % {"rule": row.get_age_rule_display()},
            _("a new status counts %(rule)s") % {"rule": row.get_status_rule_display()},
            _("terms at a pharmacy: %(terms)s") % {"terms": row.get_pharmacy_terms_display()},
            _hand(row),
        ]
    )


def _hand(row: models.TermsRow) -> str:
    if not row.hand_open:
        return _("no claims by hand")
    if row.hand_until_month is None or row.hand_until_day is None:
        return _("claims by hand without a last day")
    return _("claims by hand until %(month)s-%(day)s, %(years)s years after") % {
        "month": f"{row.hand_until_month:02d}",
        "day": f"{row.hand_until_day:02d}",
        "years": row.hand_years_after,
    }


def _credit_terms(row: models.CreditTermsRow) -> str:
    return joined(
        [
            _("a new age counts %(rule)s") % {"rule": row.get_age_rule_display()},
            _("a new status counts %(rule)s") % {"rule": row.get_status_rule_display()},
            _("only members with an account") if row.account_needed else "",
        ]
    )


def _credit(row: models.CreditRow) -> str:
    base = row.get_base_display()
    if row.base == "series":
        base = series_words(row)
    if row.base == "fixed":
        base = yuan_words(row.amount)
    monthly = (
        _("%(rate)s of the %(base)s a month") % {"rate": share_words(row.rate), "base": base}
        if row.rate
        else base
    )
    supplement = (
        _("plus %(amount)s") % {"amount": yuan_words(row.supplement)} if row.supplement else ""
    )
    on_top = _("on top of other rules") if row.on_top else ""
    source = _("from %(fund)s") % {"fund": row.get_source_display()}
    if row.base == "nothing" and not row.supplement:
        return base
    if row.base == "nothing":
        monthly = ""
    return joined([monthly, supplement, on_top, source])


def _incentive(row: models.IncentiveRow) -> str:
    return _(
        "%(first)s for a clean year from %(year)s on, %(step)s more for each further one, "
        "at most %(maximum)s"
    ) % {
        "first": yuan_words(row.first),
        "year": row.first_year,
        "step": yuan_words(row.step),
        "maximum": yuan_words(row.maximum),
    }


def _purpose(row: models.PurposeRow) -> str:
    return _("%(purpose)s for %(beneficiary)s: %(allowed)s") % {
        "purpose": row.get_purpose_display(),
        "beneficiary": row.get_beneficiary_display(),
        "allowed": row.get_allowed_display(),
    }


ANSWERS: dict[type[models.TableRow], Callable[[Any], str]] = {
    models.RequirementRow: _requirement,
    models.DeductibleRow: _deductible,
    models.AdjustmentRow: _adjustment,
    models.CapRow: _cap,
    models.ItemRuleRow: _item,
    models.TermsRow: _terms,
    models.CreditTermsRow: _credit_terms,
    models.CreditRow: _credit,
    models.IncentiveRow: _incentive,
    models.PurposeRow: _purpose,
}
WITHOUT_CASE = (
    models.TermsRow,
    models.CreditTermsRow,
    models.IncentiveRow,
    models.PurposeRow,
)
