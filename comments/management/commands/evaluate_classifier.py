"""Measures the spam classifier on labelled comments, without touching what the blog has learned.

The file is CSV with the columns author, text and label (spam, trash, 1, true …; ham, approved,
not spam, 0, false …), in order of time.
A classifier that knows nothing reads it; what it says of each comment is taken before it learns it.
"""

import time
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.progress import Progress
from comments.classifier import evaluation, labelled

MOST_REFUSED = 0.05  # of all rows
SHOWN = 20  # bad rows of which the reason is printed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help=_("Labelled comments (.csv)."))

    def handle(self, *args, file: Path, **options) -> None:
        self.refused = 0
        comments = self.read(file)
        if not comments:
            raise CommandError(_("%(file)s has no labelled comments.") % {"file": file})
        self.doubt(len(comments))
        spam = sum(is_spam for _facts, is_spam in comments)
        kinds = {"all": len(comments), "spam": spam, "good": len(comments) - spam}
        self.stdout.write(_("%(all)d comments: %(spam)d spam, %(good)d good.") % kinds)
        if self.refused:
            words = ngettext("%(n)d row left out.", "%(n)d rows left out.", self.refused)
            self.stdout.write(words % {"n": self.refused})
        self.say(*self.try_out(comments))

    def read(self, file: Path) -> list[evaluation.Labelled]:
        try:
            with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
                return list(labelled.read(stream, self.refuse))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except labelled.Unreadable as error:
            raise CommandError(f"{file}: {error}.") from error

    def doubt(self, used: int) -> None:
        """Raises CommandError where so many rows are left out that the figures would mislead."""
        rows = used + self.refused
        if self.refused > MOST_REFUSED * rows:
            words = _(
                "%(bad)d of %(all)d rows (%(part)s) cannot be used, and figures of the others "
                "would say little about the file: at most %(most)s may be left out. Why they "
                "cannot be used stands above; a label is spam, trash, 1, true or yes, or it is "
                "ham, good, approved, not spam, 0, false or no."
            )
            said = {"bad": self.refused, "all": rows, "most": f"{MOST_REFUSED:.0%}"}
            raise CommandError(words % (said | {"part": f"{self.refused / rows:.1%}"}))

    def refuse(self, line: int, why: str) -> None:
        self.refused += 1
        if self.refused <= SHOWN:
            self.stderr.write(_("Line %(line)d: %(why)s.") % {"line": line, "why": why})
        elif self.refused == SHOWN + 1:
            self.stderr.write(_("More bad rows follow; they are only counted."))

    def try_out(self, comments: list[evaluation.Labelled]) -> tuple[evaluation.Trial, float]:
        """The trial, and the milliseconds that one comment took to be judged and learned."""
        done = [0]
        progress = Progress(lambda: done[0], len(comments), lambda: done[0], self.stderr)

        def tell(number: int) -> None:
            done[0] = number
            progress()

        began = time.perf_counter()
        try:
            trial = evaluation.run(comments, tell)
        finally:
            progress.end()
        return trial, (time.perf_counter() - began) * 1000 / len(comments)

    def say(self, trial: evaluation.Trial, pace: float) -> None:
        self.heading(_("Prequential: each comment judged before it is learned"))
        self.ranking(trial.said, trial.labels)
        self.deciding(trial.said, trial.labels)
        self.heading(_("Learned the first 70 %, judged the rest"))
        self.ranking(trial.rest, trial.rest_labels)
        self.deciding(trial.rest, trial.rest_labels)
        self.stdout.write("")
        self.line(_("Time for each comment"), f"{pace:.2f} ms")

    def ranking(self, said: list[float], labels: list[bool]) -> None:
        figures = (
            (_("ROC AUC"), evaluation.roc_auc(said, labels), False),
            (_("Spam caught at 0.5 % of good blocked"), evaluation.caught_at(said, labels), True),
            (_("Brier score"), evaluation.brier(said, labels), False),
            (_("Expected calibration error"), evaluation.calibration_error(said, labels), False),
        )
        for name, number, is_part in figures:
            self.figure(name, number, is_part=is_part)

    def deciding(self, said: list[float], labels: list[bool]) -> None:
        decisions = evaluation.decisions(said, labels)
        self.figure(_("Accuracy at probability 0.5"), decisions.accuracy)
        self.figure(_("Spam caught"), decisions.caught, is_part=True)
        self.figure(_("Good blocked"), decisions.blocked, is_part=True)

    def heading(self, words: str) -> None:
        self.stdout.write(f"\n{words}")

    def figure(self, name: str, number: float | None, *, is_part: bool = False) -> None:
        shape = f"{number:.1%}" if is_part and number is not None else f"{number or 0:.4f}"
        self.line(name, _("not known") if number is None else shape)

    def line(self, name: str, value: str) -> None:
        self.stdout.write(f"  {name:<40} {value}")
