"""Keeping a record that clerks wrote."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _


def keep(record: models.Model) -> None:
    """Check a record as a whole and save it; raises ValidationError in words for the clerk.

    Who is overtaken between the check and the save is refused by the database, and told so.
    """
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as clash:
        raise ValidationError(
            _("Somebody else has just recorded what contradicts this. Look again.")
        ) from clash
