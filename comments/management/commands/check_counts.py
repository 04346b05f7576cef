"""Compares the counts that readers see with what is there, and says where they differ.

Ends with status 1 where they do and nothing was repaired. The site may run meanwhile.
"""

from django.core.management import BaseCommand, CommandError

from blog.models import Post
from blog.progress import Progress
from comments import counting


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help="Put the counts right.")

    def handle(self, *args, repair: bool, **options) -> None:
        self.looked_at = 0
        posts = Post.objects.count()
        progress = Progress(
            lambda: self.looked_at, posts, lambda: self.looked_at, self.stderr, "posts"
        )

        def step(number: int) -> None:
            self.looked_at += number
            progress()

        drifts = 0
        for drift in counting.check(repair=repair, step=step):
            drifts += 1
            self.stdout.write(told(drift))
        progress.end()
        if drifts and not repair:
            raise CommandError(f"{drifts:,} counts are wrong. Put them right with --repair.")
        done = f"{drifts:,} counts were put right" if drifts else "all counts are right"
        self.stdout.write(f"{posts:,} posts: {done}.")


def told(drift: counting.Drift) -> str:
    what = f"answers to {drift.number}" if drift.number else "comments"
    return f"Post {drift.post}: {drift.stored:,} {what} are stored, {drift.counted:,} are there."
