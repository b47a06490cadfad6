"""The roles that ship: Django groups, whose permissions every migrate sets again.

A bureau that wants other roles makes groups of its own; these ones are the portal's. The names are
in the catalogue, so that people read them in their language.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Any, Final

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_noop as _

POLICY_OFFICER: Final = _("Policy officer")
POLICY_PUBLISHER: Final = _("Policy publisher")
MEMBERS_OFFICER: Final = _("Members officer")
FACILITIES_OFFICER: Final = _("Institutions officer")
CLERK: Final = _("Clerk")
SUPERVISOR: Final = _("Supervisor")
BATCH_OPERATOR: Final = _("Batch operator")
AUDITOR: Final = _("Auditor")
SYSTEM_ADMINISTRATOR: Final = _("System administrator")

_LOOK_UP: Final = (
    "members.view_*",
    "facilities.view_*",
    "policies.view_*",
    "claims.view_*",
    "bureau.view_poolingarea",
)

# What each role may do, as patterns of "app.codename".
ROLES: Final[dict[str, tuple[str, ...]]] = {
    POLICY_OFFICER: (
        "policies.view_*",
        "policies.add_*",
        "policies.change_*",
        "policies.delete_*",
        "bureau.view_poolingarea",
    ),
    POLICY_PUBLISHER: ("policies.view_*", "policies.publish_*", "bureau.view_poolingarea"),
    MEMBERS_OFFICER: (*_LOOK_UP, "members.add_*", "members.change_*"),
    FACILITIES_OFFICER: (*_LOOK_UP, "facilities.add_*", "facilities.change_*"),
    CLERK: (*_LOOK_UP, "claims.add_*", "claims.settle_*"),
    SUPERVISOR: (*_LOOK_UP, "claims.*", "bureau.view_batch*"),
    BATCH_OPERATOR: (
        *_LOOK_UP,
        "bureau.view_batch*",
        "bureau.add_batchrun",
        "bureau.control_batchrun",
    ),
    AUDITOR: (*_LOOK_UP, "bureau.view_*"),
    SYSTEM_ADMINISTRATOR: (
        "bureau.view_user",
        "bureau.add_user",
        "bureau.change_user",
        "bureau.view_poolingarea",
        "bureau.add_poolingarea",
        "bureau.change_poolingarea",
        "auth.view_group",
    ),
}


def apply_roles(app_config: AppConfig | None = None, **_signal: Any) -> None:
    """Make the groups that ship what ``ROLES`` says; idempotent, run at the end of every migrate.

    The end is the last app's turn: before it, later apps' permissions do not exist yet.
    """
    if app_config is not None and app_config != _last_app():
        return
    permissions = Permission.objects.select_related("content_type")
    named = {f"{each.content_type.app_label}.{each.codename}": each for each in permissions}
    with transaction.atomic():
        for role, patterns in ROLES.items():
            group, _created = Group.objects.get_or_create(name=role)
            group.permissions.set(
                each
                for name, each in named.items()
                if any(fnmatch(name, pattern) for pattern in patterns)
            )


def _last_app() -> AppConfig:
    return [each for each in apps.get_app_configs() if each.models_module is not None][-1]
