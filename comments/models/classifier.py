from django.db import models

from comments.classifier.calibration import Scale
from comments.classifier.model import Seen
from comments.models.comment import Comment


class Classifier(models.Model):
    """What was learned from this blog's decisions; a second one only while it is being rebuilt.

    Who learns holds this row's lock; who only asks reads it.
    """

    is_current = models.BooleanField(default=False)
    spam = models.PositiveIntegerField(default=0, help_text="spam comments that were learned")
    good = models.PositiveIntegerField(default=0, help_text="good comments that were learned")
    slope = models.FloatField(help_text="see comments.classifier.calibration")
    offset = models.FloatField()
    began_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="classifier_one_is_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.spam} spam, {self.good} good"

    @property
    def seen(self) -> Seen:
        return Seen(self.spam, self.good)

    @seen.setter
    def seen(self, seen: Seen) -> None:
        self.spam, self.good = seen.spam, seen.good

    @property
    def scale(self) -> Scale:
        return Scale(self.slope, self.offset)

    @scale.setter
    def scale(self, scale: Scale) -> None:
        self.slope, self.offset = scale.slope, scale.offset


class Tally(models.Model):
    """In how many spam and how many good comments the features of one bucket stood.

    At most `features.BUCKETS` rows for each classifier, however many comments there are.
    """

    classifier = models.ForeignKey(Classifier, models.CASCADE, db_index=False)
    bucket = models.PositiveIntegerField()
    spam = models.IntegerField(default=0)
    good = models.IntegerField(default=0)

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["classifier", "bucket"], name="tally_bucket")
        ]

    def __str__(self) -> str:
        return f"{self.bucket}: {self.spam} spam, {self.good} good"


class Lesson(models.Model):
    """What was learned from one comment, kept so that exactly this can be taken back."""

    classifier = models.ForeignKey(Classifier, models.CASCADE, db_index=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="lessons")
    is_spam = models.BooleanField()
    score = models.FloatField(help_text="what was thought of it before it was learned")
    buckets = models.BinaryField(help_text="what it added to, see comments.classifier.buckets")

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["classifier", "comment"], name="lesson_once")
        ]
        indexes = [models.Index(fields=["classifier", "-id"], name="lesson_latest")]

    def __str__(self) -> str:
        return "spam" if self.is_spam else "good"
