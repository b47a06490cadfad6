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
        from claims.worked_examples.play import play
        from policies.services import publishing, worked_examples

        publishing.plays_examples(publication.failing)
        worked_examples.plays(play)
        invariants.register()
