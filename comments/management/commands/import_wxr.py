"""Brings over a WordPress blog, posts and comments, from the file that Tools → Export writes.

Run again, with the same file or a newer one, it adds what is new and changes nothing that is here.
"""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from blog.progress import Progress
from comments.transfer import importing, wxr
from comments.transfer.report import Report


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="The export (WXR, .xml).")

    def handle(self, *args, file: Path, **options) -> None:
        report = Report()
        try:
            self.bring(file, report)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except wxr.Refused as error:
            self.say(report)
            raise CommandError(f"{file} cannot be read to its end: {error}.") from error
        except KeyboardInterrupt as error:
            self.say(report)
            raise CommandError("Stopped. Run it again to go on from here.") from error
        self.say(report)

    def bring(self, file: Path, report: Report) -> None:
        with file.open("rb") as stream:
            size = file.stat().st_size
            progress = Progress(stream.tell, size, lambda: report.seen, self.stderr)
            try:
                importing.bring(wxr.read(stream, report), report, progress)
            finally:
                progress.end()

    def say(self, report: Report) -> None:
        for line in report.lines():
            self.stdout.write(line)
