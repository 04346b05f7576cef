"""Serves the blog: prepares what is missing, says where it is, and keeps its processes running."""

import socket
import sys

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from blog import welcome
from config import supervisor


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        check_port()
        call_command("prepare")
        token = welcome.token()
        self.stdout.write(f"Colloquy is at {settings.SITE_URL}/  (Ctrl-C ends it)")
        if token:
            self.stdout.write(f"Finish setting up: {settings.SITE_URL}/welcome/{token}/")
        if settings.IS_EVERYWHERE:
            names = ", ".join(sorted(set(settings.ALLOWED_HOSTS)))
            self.stdout.write(f"It answers to {names}; others go into ALLOWED_HOSTS or SITE_URL.")
        self.stdout.flush()
        connections.close_all()
        supervisor.run([web(), *[worker()] * settings.WORKERS])


def check_port() -> None:
    """Raises CommandError where nothing can listen; the server itself would try for ever."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.HOST, settings.PORT))
        except OSError as error:
            place = f"{settings.HOST} port {settings.PORT}"
            words = f"Cannot listen at {place} ({error.strerror}). Try another: make run PORT=8001"
            raise CommandError(words) from error


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


def worker() -> list[str]:
    """The command of a task worker; readers come first."""
    return ["nice", sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
