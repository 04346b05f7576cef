"""Teaches the spam classifier anew, from all that people have decided about comments.

The site may run meanwhile: the classifier in use goes on until the new one takes its place.
"""

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from blog.progress import Progress
from comments.classifier import rebuilding


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        done = [0]
        total = rebuilding.decided_comments().count()
        progress = Progress(lambda: done[0], total, lambda: done[0], self.stderr)

        def tell(number: int) -> None:
            done[0] = number
            progress()

        try:
            classifier = rebuilding.rebuild(tell)
        except KeyboardInterrupt as error:
            raise CommandError(_("Stopped. The classifier is as it was.")) from error
        finally:
            progress.end()
        seen = {"spam": classifier.spam, "good": classifier.good}
        self.stdout.write(_("Learned %(spam)d spam and %(good)d good comments.") % seen)
