from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """Who is covered: people, enrolments, contracts and personal accounts."""

    name = "members"
    verbose_name = _("Members")
