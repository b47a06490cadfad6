"""``compilemessages`` without gettext's programs, which a bare machine lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the portal's translations (.po to .mo), in Python alone."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                polib.pofile(str(source)).save_as_mofile(  # type: ignore[no-untyped-call]
                    str(source.with_suffix(".mo"))
                )
                self.stdout.write(f"compiled {source.relative_to(folder)}")
