from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from members.selectors import invariants


class MembersConfig(AppConfig):
    """Who is covered: people, enrolments, contracts and personal accounts."""

    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from bureau import batchkinds
        from members.services import runs
        from policies.labels import NO_CREDITS

        batchkinds.register(
            runs.CREDIT_MONTH,
            _("monthly credits"),
            runs.credit_chunk,
            says=runs.summary,
            ranges=runs.chunk_ranges,
            reasons=dict(NO_CREDITS),
        )
        batchkinds.register(
            runs.OPEN_YEAR,
            _("opening of the year"),
            runs.open_chunk,
            says=runs.summary,
            ranges=runs.chunk_ranges,
            period=runs.year_of,
        )
        invariants.register()
