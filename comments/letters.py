"""The mail that tells a moderator what waits. What strangers wrote stands in it as plain text that
cannot be clicked, and never in a header but for a name in the subject, on one line.
"""

import re
import textwrap
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Blog, Post, User
from comments import text as plain
from comments import warrants
from comments.models import Comment, Notice

MOST = 25  # comments that a digest quotes; it counts the others
LONGEST, LONGEST_OF_MANY = 20_000, 1_000  # characters of a comment
WIDTH = 74
# What mail programs make links of by themselves: what has "://" or a scheme that needs no "//", the
# dot after "www", a dot with letters behind it as in "example.com" and "a@b.org", "\\server".
CLICKABLE = re.compile(
    r"://|\b(?:mailto|tel|sms|callto|xmpp|geo|data|file|javascript|magnet):"
    r"|(?<=\bwww)[.\uff0e\u3002\uff61]|(?<=\w)[.\uff0e\u3002\uff61](?=[^\W\d_]{2})|\\\\(?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One comment as a letter shows it, every word of it safe to print as plain text."""

    comment: Comment
    name: str
    email: str
    website: str
    said: str
    answers: str
    title: str
    post_url: str
    decide_url: str
    desk_url: str
    reasons: list[tuple[str, str]]
    record: str

    @property
    def quoted(self) -> str:
        """What was said, as mail quotes it."""
        return "\n".join(_quoted(line) for line in self.said.splitlines())


def compose(
    notice: Notice, comments: list[Comment], *, is_braked: bool = False
) -> EmailMultiAlternatives:
    """The mail about these comments to the notice's recipient.

    `is_braked`: they come together although the recipient wants each at once.
    """
    blog, user = Blog.current(), notice.recipient
    longest = LONGEST if len(comments) == 1 else LONGEST_OF_MANY
    with timezone.override(ZoneInfo(blog.time_zone)):
        context = {
            "blog": blog,
            "entries": [_entry(one, user, longest) for one in comments[:MOST]],
            "count": len(comments),
            "left_out": max(0, len(comments) - MOST),
            "is_braked": is_braked,
            "days": warrants.LIFE.days,
            "desk_url": absolute(desk()),
            "preference_url": absolute(reverse("admin:comments_preference_changelist")),
        }
        words = render_to_string("email/held.txt", context)
        page = render_to_string("email/held.html", context)
    letter = EmailMultiAlternatives(
        subject=_subject(notice, comments, blog),
        body=re.sub(r"\n{3,}", "\n\n", words).strip() + "\n",
        from_email=_sender(blog),
        to=[user.email],
        headers=_headers(notice, comments),
    )
    letter.attach_alternative(page, "text/html")
    return letter


def unclickable(text: str) -> str:
    """`text` with each address in it written so that no mail program makes it a link.

    "https://example.com" becomes "https[:]//example[.]com", as people write it who warn of one:
    nothing is hidden, nothing invisible is put in, and who wants it can undo it by hand.
    """
    return CLICKABLE.sub(lambda found: _broken(found[0]), text)


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def desk(comment: Comment | None = None) -> str:
    """The path of the moderation desk, opened at a comment."""
    path = reverse("admin:moderation")
    return f"{path}?c={comment.pk}" if comment else path


def record(comment: Comment) -> dict[str, int]:
    """How many comments of the same person are published, and how many spam."""
    same = Comment.objects.filter(email=comment.email) if comment.email else Comment.objects.none()
    if comment.person_id:
        same = Comment.objects.filter(person=comment.person_id)
    spam = same.filter(status=Comment.Status.SPAM)
    return {"published": same.published().count(), "spam": spam.count()}


def weighed(comment: Comment) -> list[tuple[str, str]]:
    """Why a comment waits: words, and points with their sign."""
    return [(reason["words"], f"{reason['weight']:+g}") for reason in comment.reasons]


def _broken(found: str) -> str:
    if found == "\\\\":
        return "[\\\\]"
    return found.replace(":", "[:]") if ":" in found else "[.]"


def _entry(comment: Comment, user: User, longest: int) -> Entry:
    parent, safe = comment.parent, unclickable
    answers = f"{parent.number} {parent.name}: “{parent.quotation}”".strip() if parent else ""
    return Entry(
        comment=comment,
        name=safe(plain.line(comment.name)),
        email=safe(plain.line(comment.email)),
        website=safe(plain.line(comment.url)),
        said=safe(Truncator(plain.prose(comment.body).strip("\n")).chars(longest)),
        answers=safe(plain.line(answers)),
        title=plain.line(comment.post.title),
        post_url=absolute(comment.post.get_absolute_url()),
        decide_url=absolute(warrants.issue(comment, user)),
        desk_url=absolute(desk(comment)),
        reasons=[(safe(plain.line(words)), points) for words, points in weighed(comment)],
        record=_("published %(published)d, spam %(spam)d") % record(comment),
    )


def _quoted(line: str) -> str:
    wrapped = textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"> {part}" for part in wrapped) or ">"


def _subject(notice: Notice, comments: list[Comment], blog: Blog) -> str:
    if notice.is_digest:
        count = len(comments)
        words = ngettext(
            "%(count)d comment waits: %(blog)s", "%(count)d comments wait: %(blog)s", count
        )
        return words % {"count": count, "blog": _short(blog.title, 80)}
    name, title = unclickable(comments[0].name), comments[0].post.title
    return _("Held: %(name)s on %(title)s") % {"name": _short(name, 45), "title": _short(title, 65)}


def _short(text: str, most: int) -> str:
    """`text` as part of a header: one line that nothing decodes (RFC 2047) once more."""
    return Truncator(plain.line(text).replace("=?", "= ?")).chars(most)


def _sender(blog: Blog) -> str:
    return formataddr((_short(blog.title, 60), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _headers(notice: Notice, comments: list[Comment]) -> dict[str, str]:
    secret = salted_hmac("comments.notice", str(notice.pk)).hexdigest()[:16]
    headers = {
        "Message-ID": f"<notice-{notice.pk}.{secret}@{_host()}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's absence is answered to us
    }
    if len({comment.post_id for comment in comments}) == 1:
        thread = _thread(comments[0].post)
        headers |= {"In-Reply-To": thread, "References": thread}
    return headers


def _thread(post: Post) -> str:
    """What all mails about a post answer to, so that mail programs show them together."""
    return f"<post-{post.pk}@{_host()}>"


def _host() -> str:
    host = settings.SITE.hostname
    return f"[{host}]" if ":" in host else punycode(host)
