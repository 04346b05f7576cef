"""Serves the blog: prepares what is missing, says where it is, and keeps its processes running."""

import sys

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connections

from blog import welcome
from config import supervisor


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        call_command("prepare")
        token = welcome.token()
        self.stdout.write(f"Colloquy is at {settings.SITE_URL}/  (Ctrl-C ends it)")
        if token:
            self.stdout.write(f"Finish setting up: {settings.SITE_URL}/welcome/{token}/")
        self.stdout.flush()
        connections.close_all()
        supervisor.run([web()])


def web() -> list[str]:
    """The command of the web server: granian, calling the blog as WSGI (PEP 3333)."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={settings.HOST}",
        f"--port={settings.PORT}",
        f"--workers={settings.WEB_PROCESSES}",
        f"--blocking-threads={settings.WEB_THREADS}",
        "--respawn-failed-workers",
        "--workers-kill-timeout=10",
        "--no-ws",
        "--log-level=warning",
        "config.wsgi:application",
    ]
