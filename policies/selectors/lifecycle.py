"""Where a version stands in its life, and what a person may do with it next."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from bureau.models import ActionRecord, User
from policies.models import PolicyVersion

STANDINGS = [
    ("draft", _("draft")),
    ("in_review", _("in review")),
    ("in_force", _("in force now")),
    ("future", _("not yet in force")),
    ("superseded", _("superseded")),
]
EDITED = gettext_noop("version edited")


def standing(version: PolicyVersion, today: date) -> str:
    """Draft, in review, in force, future or superseded; the last three follow from the dates."""
    if version.state != "published":
        return version.state
    if version.in_force_on(today):
        return "in_force"
    return "future" if today < version.in_force_from else "superseded"


def having(versions: QuerySet[PolicyVersion], wanted: str, today: date) -> QuerySet[PolicyVersion]:
    """The versions that stand as wanted on a day."""
    published = Q(state="published")
    rules = {
        "in_force": published
        & Q(in_force_from__lte=today)
        & (Q(in_force_until__isnull=True) | Q(in_force_until__gt=today)),
        "future": published & Q(in_force_from__gt=today),
        "superseded": published & Q(in_force_from__lte=today, in_force_until__lte=today),
    }
    return versions.filter(rules.get(wanted, Q(state=wanted)))


def moves(version: PolicyVersion, user: User) -> frozenset[str]:
    """What a person may do with a version as it stands."""
    may_edit = user.has_perm("policies.change_policyversion")
    found = {"copy"} if user.has_perm("policies.add_policyversion") else set()
    if version.state == "draft" and may_edit:
        found |= {"edit", "submit"}
    if version.state == "in_review" and may_edit:
        found.add("send_back")
    if user.has_perm("policies.publish_policyversion"):
        found |= _publishing_moves(version, user)
    return frozenset(found)


def _publishing_moves(version: PolicyVersion, user: User) -> set[str]:
    if version.state == "in_review":
        return {"send_back"} if wrote(version, user) else {"send_back", "publish"}
    return {"end"} if version.state == "published" else set()


def wrote(version: PolicyVersion, user: User) -> bool:
    """Whether a person is the author of a version or has edited it, by the action log."""
    return version.author_id == user.pk or _edits(version).filter(actor=user).exists()


def _edits(version: PolicyVersion) -> QuerySet[ActionRecord]:
    return ActionRecord.objects.filter(
        target_type=version._meta.label_lower, target_id=str(version.pk), action=EDITED
    )
