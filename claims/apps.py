from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    """What happened: visits, settlements, reversals."""

    name = "claims"
    verbose_name = _("Claims")

    def ready(self) -> None:
        from claims.settlement.selectors import invariants
        from claims.worked_examples import publication
        from policies.services import publishing

        publishing.plays_examples(publication.failing)
        invariants.register()
