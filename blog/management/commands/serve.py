"""Serves the blog: prepares what is missing, says where it is, and starts the web server."""

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from blog import welcome


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
        Granian(
            "config.wsgi:application",
            address=settings.HOST,
            port=settings.PORT,
            interface=Interfaces.WSGI,
            workers=settings.WEB_PROCESSES,
            blocking_threads=settings.WEB_THREADS,
            respawn_failed_workers=True,
            websockets=False,
            log_access=False,
            log_level="warning",
        ).serve()
