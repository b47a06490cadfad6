from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from facilities.selectors import invariants


class FacilitiesConfig(AppConfig):
    """Who may treat: institutions, pharmacies, consortia and their agreements."""

    name = "facilities"
    verbose_name = _("Institutions")

    def ready(self) -> None:
        invariants.register()
