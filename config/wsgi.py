"""The WSGI application that the server calls: the pages that are kept, and Django behind them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402

from blog.pages.cache import Pages  # noqa: E402  what it imports asks for the settings
from blog.pages.store import stores  # noqa: E402

application = Pages(django, stores(settings.PAGES_KEPT, settings.CACHE_URL))
