"""Institutions as the bureau registers them."""

from __future__ import annotations

from django.db import transaction

from bureau import audit
from bureau.models import User
from facilities.models import Institution
from facilities.services.keeping import keep
from facilities.spelling import spell


@transaction.atomic
def register(institution: Institution, *, by: User | None) -> Institution:
    """Keep an institution, new or changed, with the spelling that finds it."""
    is_new = institution.pk is None
    spelling = spell(institution.name)
    institution.name_pinyin, institution.name_initials = spelling.full, spelling.initials
    keep(institution)
    audit.record("institution registered" if is_new else "institution changed", institution, by=by)
    return institution
