"""Invented policies for the tests: a small benefit version, a credit version, who writes them."""

from datetime import date
from typing import Any

from bureau.models import PoolingArea, User
from bureau.roles import POLICY_OFFICER, POLICY_PUBLISHER
from policies.models import Document, PolicyVersion
from policies.services import exchange, publishing
from tests import cast

BEGINS = date(2024, 1, 1)


def officer(**fields: Any) -> User:
    """Wang, who writes policies."""
    return cast.staff(
        **{"display_name": "Wang, officer", "areas": [cast.area()], "groups": [POLICY_OFFICER]}
        | fields
    )


def publisher(**fields: Any) -> User:
    """Sun, who publishes them."""
    return cast.staff(
        **{"display_name": "Sun, publisher", "areas": [cast.area()], "groups": [POLICY_PUBLISHER]}
        | fields
    )


def document(area: PoolingArea | None = None) -> Document:
    """The city's own document."""
    fields = {"number": "〔2023〕1号", "title": "Outpatient rules", "in_force_from": BEGINS}
    return Document.objects.get_or_create(area=area or cast.area(), code="HC", defaults=fields)[0]


RATIOS = [
    {"when": {"tiers": [0, 1]}, "share": "0.75", "article": "HC-2"},
    {"when": {"tiers": [2]}, "share": "0.60", "article": "HC-2"},
    {"when": {"tiers": [3]}, "share": "0.50", "article": "HC-2"},
]


def benefit_content(area: PoolingArea | None = None, **tables: Any) -> dict[str, Any]:
    """Three tiers, five points more for the retired, 100 yuan of deductible and a cap of 2000."""
    area = area or cast.area()
    return {
        "area": area.pk,
        "subject": "benefit",
        "title": "Outpatient benefits",
        "document": document(area).code,
        "in_force_from": BEGINS,
        "terms": [{"article": "HC-1"}],
        "deductibles": [{"amount": "100.00", "article": "HC-1"}],
        "ratios": RATIOS,
        "adjustments": [{"when": {"statuses": ["retired"]}, "points": "0.05", "article": "HC-3"}],
        "caps": [{"amount": "2000.00", "article": "HC-4"}],
        **tables,
    }


def draft(*, by: User | None = None, **content: Any) -> PolicyVersion:
    """A draft of that policy, or of it with other tables or dates."""
    return exchange.import_version(benefit_content(**content), by=by or officer())


def in_review(*, by: User | None = None, **content: Any) -> PolicyVersion:
    """The same, put up for review by its author."""
    by = by or officer()
    version = draft(by=by, **content)
    publishing.submit(version, by=by)
    return version


def published(**content: Any) -> PolicyVersion:
    """The same, published by another person."""
    version = in_review(**content)
    publishing.publish(version, by=publisher())
    return version
