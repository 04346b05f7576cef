"""Fills a blog with made-up posts and comments, for measuring: a million of them as it comes.

The same seed makes the same conversation. A blog that has posts of its own is left alone.
"""

from django.core.management import BaseCommand, CommandError

from blog.models import Blog, Post
from blog.progress import Progress
from comments.corpus import storing


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--posts", type=int, default=10_000, metavar="N")
        parser.add_argument("--comments", type=int, default=1_000_000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument("--force", action="store_true", help="Even where somebody writes.")

    def handle(self, *args, posts: int, comments: int, seed: int, force: bool, **options) -> None:
        ours = Post.objects.exclude(pk__in=Blog.current().sample_content.get("posts", []))
        if ours.exists() and not force:
            raise CommandError(
                "This blog has posts of its own. Made-up comments cannot be told from true ones "
                "later; use another database, or --force."
            )
        if posts < 2 or comments < posts:
            raise CommandError("It takes at least two posts, and as many comments as posts.")
        self.stored = 0
        progress = Progress(lambda: self.stored, comments, lambda: self.stored, self.stderr)

        def tell(stored: int) -> None:
            self.stored = stored
            progress()

        storing.build(posts, comments, seed, tell)
        progress.end()
        self.stdout.write(f"Made {posts:,} posts with {comments:,} comments.")
