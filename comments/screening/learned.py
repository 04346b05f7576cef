"""What the learning filter makes of a comment."""

from django.utils.translation import gettext as _

from blog.models import Blog
from comments.classifier import learning, tokens
from comments.classifier.features import Facts
from comments.screening.reasons import Reason
from comments.submission import Submission


def classifier(submission: Submission, blog: Blog) -> Reason | None:
    """Its points, and the words and facts that weighed most; only said where it is not to count."""
    if blog.classifier == Blog.Classifier.OFF:
        return None
    opinion = learning.opinion(_facts(submission))
    if not any(opinion.seen):
        return None
    weighed = ", ".join(f"{words} {weight:+.1f}" for words, weight in opinion.weights)
    if opinion.is_ready and blog.classifier == Blog.Classifier.ON:
        return Reason("classifier", _("The learning filter"), round(opinion.points, 1), weighed)
    said = _("The learning filter would say %(points)+.1f") % {"points": opinion.points}
    return Reason("classifier_log", said, 0, weighed)


def _facts(submission: Submission) -> Facts:
    return Facts(
        author=submission.name,
        email=submission.email,
        url=submission.url,
        body=submission.body,
        links=tokens.count_links(submission.body),
        is_first=not submission.is_known if submission.email else None,
        seconds=submission.seconds,
        is_answer=submission.parent is not None,
    )
