"""Has a server that runs make its pages, so that readers find them made. Changes nothing.

Give it the environment of the server. Pages are also made when somebody first asks for them.
"""

from collections import Counter

from django.core.management import BaseCommand, CommandError

from blog import warming
from blog.models import Post
from blog.progress import Progress


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        self.asked = 0
        rounds = warming.rounds()
        total = rounds * (len(warming.LISTS) + Post.objects.published().count())
        progress = Progress(lambda: self.asked, total, lambda: self.asked, self.stderr, "pages")
        statuses: Counter[int] = Counter()
        for path in warming.addresses():
            for _round in range(rounds):
                statuses[self.ask(path)] += 1
                self.asked += 1
                progress()
        progress.end()
        said = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
        self.stdout.write(f"Asked for {self.asked:,} pages: {said}.")

    def ask(self, path: str) -> int:
        try:
            return warming.ask(path)
        except OSError as error:
            raise CommandError(f"The server does not answer ({error}). Start it first.") from error
