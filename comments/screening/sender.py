"""Checks of who sends: the form's facts, the person's record, the name."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import editions
from blog.keeping import Kept
from blog.models import Blog, User
from comments import confusables
from comments.models import Comment, Person
from comments.screening.reasons import Reason
from comments.submission import Submission

A_BREATH = 4.0  # seconds in which nobody opens a page, reads it and writes a sentence


def trap(submission: Submission, blog: Blog) -> Reason | None:
    """The field that people do not see is filled in."""
    if not submission.trap:
        return None
    return Reason("trap", _("Filled in a field that people do not see"), 10, submission.trap[:200])


def haste(submission: Submission, blog: Blog) -> Reason | None:
    """Filled in faster than a person can; only script in the reader's browser can tell."""
    if submission.seconds is None or submission.seconds >= A_BREATH:
        return None
    took = _("%(seconds).1f seconds") % {"seconds": submission.seconds}
    return Reason("haste", _("Sent faster than a person writes"), 1.5, took)


def everybody(submission: Submission, blog: Blog) -> Reason | None:
    if blog.moderation != Blog.Moderation.ALL:
        return None
    return Reason("everybody", _("Every comment is read before it appears"), 0)


def newcomer(submission: Submission, blog: Blog) -> Reason | None:
    """Nothing was published yet of this name and address; one alone is too easily borrowed."""
    if blog.moderation == Blog.Moderation.ALL or submission.is_known:
        return None
    held = blog.moderation == Blog.Moderation.FIRST
    words = _("First comment of this name and address")
    return Reason("newcomer" if held else "first", words, 1.5 if held else 0.5)


def imitation(submission: Submission, blog: Blog) -> Reason | None:
    """A name that looks like that of somebody who runs the blog (Unicode UTS 39, section 4)."""
    if submission.user:
        return None
    staff = STAFF.of(submission.editions.get(editions.BLOG))
    name = staff.get(confusables.skeleton(submission.name))
    if not name:
        return None
    words = _("The name looks like that of %(name)s, who runs this blog") % {"name": name}
    return Reason("imitation", words, 2, name)


def _staff() -> dict[str, str]:
    """The names of those who run the blog, by what they look like."""
    names = User.objects.filter(is_active=True, is_staff=True).values_list("name", flat=True)
    looks = {confusables.skeleton(name): name for name in names}
    return {look: name for look, name in looks.items() if look}


def standing(submission: Submission, blog: Blog) -> Reason | None:
    """What moderators have said of this person, else what became of earlier comments."""
    if not (person := submission.person):
        return None
    if person.standing == Person.Standing.TRUSTED:
        return Reason("trusted", _("A moderator always publishes this person"), -2)
    return _record(person)


def _record(person: Person) -> Reason | None:
    spam, published = Comment.Status.SPAM, Comment.Status.PUBLISHED
    theirs = person.comments.filter(last_decision__by__isnull=False)
    if caught := theirs.filter(status=spam)[:20].count():
        words = ngettext(
            "%(count)d comment of this person was called spam",
            "%(count)d comments of this person were called spam",
            caught,
        )
        return Reason("record", words % {"count": caught}, min(1.0 + caught, 4.0))
    known = person.comments.filter(status=published)[:100].count()
    if known < 3:
        return None
    return Reason("record", _("%(count)d published before") % {"count": known}, -1)


STAFF = Kept(_staff)
