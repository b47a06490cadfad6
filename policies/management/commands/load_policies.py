"""Load the policies that ship with the portal."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from policies.services import loading


class Command(BaseCommand):
    help = "Load the shipped policies of all areas; prints what changed, and changes nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        changes = list(loading.load_all())
        for line in changes:
            self.stdout.write(line)
        if not changes:
            self.stdout.write(_("Nothing changed: all shipped policies are loaded."))
