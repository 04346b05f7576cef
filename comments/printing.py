"""A thread as HTML: what `threads` gives, printed comment by comment.

This is no template because it is done for up to 300 comments whenever one of them is published, and
a template takes some 300 µs for each; this takes ten. What comes from outside passes `escape`, all
but the text of a comment, which `markup` has made safe, and the addresses that we make ourselves.
"""

from collections.abc import Container, Iterable

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from blog.models import Post
from comments import permalinks
from comments.models import Comment
from comments.threads import Entry, Link


def thread(
    entries: list[Entry], post: Post, moderators: Container[int], *, is_open: bool, is_window: bool
) -> SafeString:
    """The list of the entries under a post.

    Args:
        moderators: the keys of the users who moderate the blog.
        is_open: whether readers may answer.
        is_window: whether the list leads to answers that only the page of a branch shows.
    """
    if not entries:
        return mark_safe("")
    printer = Printer(post, moderators, is_open=is_open, is_window=is_window)
    items = "".join(map(printer.item, entries))
    return mark_safe(f'<ul class="thread">\n{items}</ul>')  # noqa: S308  see above


class Printer:
    """Prints the entries of one page; its words are looked up once."""

    def __init__(
        self, post: Post, moderators: Container[int], *, is_open: bool, is_window: bool
    ) -> None:
        self.here, self.is_open, self.is_window = post.get_absolute_url(), is_open, is_window
        self.author, self.moderators = post.author_id, moderators
        self.link = escape(_("%(number)s, link to this comment"))
        self.place = escape(_("%(number)s, link to this place"))
        self.reply = escape(_("Reply"))
        self.reply_to = escape(_("Reply to %(name)s, comment %(number)s"))
        self.report = escape(_("Report"))
        self.report_of = escape(_("Report %(name)s, comment %(number)s"))
        self.to = escape(pgettext("before the name of whom a comment answers", "to"))
        self.in_reply_to = escape(_("in reply to"))
        self.answered_by = escape(_("answered by"))
        self.removed = escape(_("a removed comment"))
        self.is_author = f' <span class="badge">{escape(_("Author"))}</span>'
        self.is_moderator = f' <span class="badge">{escape(_("Moderator"))}</span>'

    def item(self, entry: Entry) -> str:
        """An entry in its place: with the lists that begin before it, and end behind it."""
        said = self._stub(entry) if entry.is_stub else self._comment(entry)
        return f'{self._starts(entry)}<li id="c{entry.number}">\n{said}\n{self._ends(entry)}'

    def _starts(self, entry: Entry) -> str:
        if entry.starts != "replies":
            return '<ul class="nest">' if entry.starts else ""
        count = entry.top.shown
        replies = ngettext("%(count)s reply", "%(count)s replies", count) % {"count": count}
        return (
            f'<details class="replies" open><summary>{escape(replies)}</summary><ul class="nest">'
        )

    def _ends(self, entry: Entry) -> str:
        if entry.has_answers:
            return ""
        ends = [self._more(entry) if not entry.level else "", "</li>\n"]
        for kind in entry.ends:
            details = f"{self._more(entry.top)}</details>" if kind == "replies" else ""
            ends.append(f"</ul>{details}</li>\n")
        return "".join(ends)

    def _more(self, top: Entry) -> str:
        """Leads to the answers that stand on the page of the branch alone."""
        if not self.is_window or not top.more:
            return ""
        words = ngettext(
            "%(count)s more answer to %(number)s →",
            "%(count)s more answers to %(number)s →",
            top.more,
        ) % {"count": top.more, "number": top.number}
        return f'<p class="more"><a href="{top.branch}">{escape(words)}</a></p>'

    def _stub(self, entry: Entry) -> str:
        is_held = entry.comment.status == Comment.Status.PENDING
        gone = _("Being looked at by a moderator.") if is_held else _("Removed by a moderator.")
        number = entry.number
        return (
            f'<article class="comment"><header><h3><a class="no" href="#c{number}" '
            f'aria-label="{self.place % {"number": number}}">{number}</a> '
            f'<span class="gone">{escape(gone)}</span></h3></header></article>'
        )

    def _comment(self, entry: Entry) -> str:
        comment, number = entry.comment, entry.number
        facts = {"name": escape(comment.name), "number": number}
        return (
            f'<article class="comment u-comment h-cite"><header>\n<h3><a class="no u-url" '
            f'href="#c{number}" aria-label="{self.link % facts}">{number}</a>\n'
            f'<span class="who p-author h-card" dir="auto">{_signed(comment, facts["name"])}</span>'
            f"{self._badge(comment.user_id)}</h3>\n{self._answers(entry.to)}"
            f'<time class="dt-published" datetime="{entry.datetime}">{entry.when}</time>\n'
            f"{_edited(comment)}</header>\n"
            f'<div class="said p-content" dir="auto">{entry.html}</div>\n'
            f"<footer>\n{self._foot(entry, facts)}</footer></article>"
        )

    def _badge(self, user: int | None) -> str:
        if user == self.author:
            return self.is_author
        return self.is_moderator if user in self.moderators else ""

    def _foot(self, entry: Entry, facts: dict[str, str]) -> str:
        number = entry.number
        report = (
            f'<a href="{permalinks.below(self.here, number)}report/" rel="nofollow" '
            f'aria-label="{self.report_of % facts}">{self.report}</a>\n'
        )
        reply = (
            f'<a href="?reply={number}#respond" rel="nofollow" '
            f'aria-label="{self.reply_to % facts}">{self.reply}</a>\n'
        )
        return (reply if self.is_open else "") + report + self._back(entry.answered_by)

    def _back(self, links: Iterable[Link]) -> str:
        listed = ", ".join(f'<a href="{link.href}">{link.number}</a>' for link in links)
        return f'<span class="back">{self.answered_by} {listed}</span>\n' if listed else ""

    def _answers(self, to: Link | None) -> str:
        """Whom a comment answers."""
        if not to:
            return ""
        if to.beside:
            said = f'{self.in_reply_to} <a href="{to.href}">{to.number}</a>'
        elif to.name:
            said = f'{self.to} <a href="{to.href}" dir="auto">{escape(to.name)}</a>'
        else:
            said = f'{self.to} <a href="{to.href}">{self.removed}</a>'
        return f'<span class="to">{said}</span>\n'


def _signed(comment: Comment, name: str) -> str:
    if not comment.url:
        return name
    return f'<a class="u-url" href="{escape(comment.url)}" rel="nofollow ugc noopener">{name}</a>'


def _edited(comment: Comment) -> str:
    if not comment.edited_at:
        return ""
    when = {"when": date_format(localtime(comment.edited_at), "DATE_FORMAT")}
    return f'<span class="edited">{escape(_("edited by a moderator, %(when)s") % when)}</span>\n'
