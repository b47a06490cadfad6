"""The policies in force by day, looked up once for many bills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from policies.engine.series import NO_FIGURES, Series
from policies.engine.vocabulary import Allowed, Beneficiary
from policies.models import PolicyVersion
from policies.selectors import figures, rulebook
from policies.selectors.rulebook import BenefitRules, NoPolicyInForce

COMPILED: dict[str, Callable[[int], Any]] = {
    "benefit": rulebook.benefit_rules,
    "account_use": rulebook.account_use_rules,
}
Period = tuple[date, date | None, Any]


class Rules:
    """The published rules of some areas, and the figures that they go by."""

    def __init__(self, areas: Sequence[str]) -> None:
        self._versions: dict[tuple[str, str, str], list[Period]] = defaultdict(list)
        versions = PolicyVersion.objects.filter(
            area__in=areas, subject__in=COMPILED, state="published"
        )
        for version in versions.order_by("in_force_from"):
            self._versions[version.area_id, version.scheme, version.subject].append(
                (
                    version.in_force_from,
                    version.in_force_until,
                    COMPILED[version.subject](version.pk),
                )
            )
        self._figures = {area: figures.known(area, date.max) for area in areas}
        self.series = lru_cache(maxsize=None)(self._series)

    def benefit(self, area: str, scheme: str, day: date) -> BenefitRules:
        """The benefit rules in force on a day; raises NoPolicyInForce."""
        found: BenefitRules = self._on(area, scheme, "benefit", day)
        return found

    def account_may_pay(self, area: str, scheme: str, purpose: str, day: date) -> bool:
        """Whether the account may pay for the member's own bills."""
        rules = self._on(area, scheme, "account_use", day)
        return bool(rules.tables.rule(purpose, Beneficiary.SELF.value).allowed == Allowed.YES)

    def _series(self, area: str, needs_figures: bool, on: date) -> Series:
        """The figures known on a day, for rules that need any."""
        return self._figures[area].as_known_on(on) if needs_figures else NO_FIGURES

    def _on(self, area: str, scheme: str, subject: str, day: date) -> Any:
        for first, until, compiled in self._versions[area, scheme, subject]:
            if first <= day and (until is None or day < until):
                return compiled
        raise NoPolicyInForce(f"{area} {scheme} {subject} {day}")
