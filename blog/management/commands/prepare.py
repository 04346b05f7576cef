"""Makes everything ready to serve: tables, static files, on a new blog the sample content.

Changes nothing where all is ready; safe to run before every start.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("--no-sample", action="store_true", help="Begin with an empty blog.")

    def handle(self, *args, no_sample: bool = False, **options) -> None:
        is_new = "blog_blog" not in connection.introspection.table_names()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)
        if is_new and not no_sample:
            import_string(settings.SAMPLE_CONTENT)()
        self.collect()

    def collect(self) -> None:
        """Gathers the static files under hashed names, where any has changed."""
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        now = fingerprint()
        if not stamp.exists() or stamp.read_text() != now:
            self.stdout.write("Collecting the static files …")
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(now)


def fingerprint() -> str:
    """Changes when a static file does."""
    facts = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            facts.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(facts)).encode()).hexdigest()
