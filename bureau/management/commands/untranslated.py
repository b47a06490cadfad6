"""Show what the catalogue lacks, ready to be pasted into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation.reloader import translation_file_changed

from bureau import catalogue


class Command(BaseCommand):
    help = "Print the strings of some folders (all of the portal's apps) that stay in English."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path)

    def handle(self, *args: Any, folders: list[Path], **options: Any) -> None:
        call_command("compilemessages", stdout=self.stderr)
        translation_file_changed(None, Path("django.mo"))  # what was loaded before is stale
        ours = [settings.BASE_DIR / app for app in settings.PORTAL_APPS] + [
            settings.BASE_DIR / "templates"
        ]
        lacking = catalogue.untranslated(folders or ours)
        for context, text in sorted(lacking, key=lambda each: each[1]):
            entry = polib.POEntry(msgctxt=context, msgid=text)  # type: ignore[no-untyped-call]
            self.stdout.write(str(entry))
