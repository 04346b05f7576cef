"""Does what comes after the answer: mail, Akismet, learning, cleaning up. Ends on SIGTERM."""

import threading

from django.core.management import BaseCommand
from django_tasks_db.management.commands.db_worker import Worker

from comments import schedule


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--batch", action="store_true", help="do the tasks that are ready, then end"
        )

    def handle(self, *, batch: bool, **options) -> None:
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0.5,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=schedule.worker_id(),
        )
        worker.configure_signals()
        if batch:
            schedule.tick()
        else:
            clock = threading.Thread(target=schedule.run, args=[lambda: not worker.running])
            clock.daemon = True
            clock.start()
        worker.run()
