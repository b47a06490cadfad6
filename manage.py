#!/usr/bin/env python
"""The portal's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from config.embedded.membership import join_own_database
from config.embedded.server import EmbeddedDatabaseError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        join_own_database()
    except EmbeddedDatabaseError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
