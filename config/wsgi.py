"""The portal as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from config.embedded.membership import join_own_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

join_own_database()
application = get_wsgi_application()
