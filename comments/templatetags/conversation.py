"""Where the blog's pages meet the conversation."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from blog.frame import Frame
from blog.models import Post
from comments import checks, permissions, printing, reports, sample, schedule, threads
from comments.desk import counts
from comments.forms import CommentForm
from comments.models import Comment, Notice

register = template.Library()
NOWHERE = Post(kind=Post.Kind.PAGE, slug="form-of-no-post")


@register.inclusion_tag("comments/conversation.html", takes_context=True)
def conversation(context: dict, post: Post, first: int = 1) -> dict:
    """The comments `first` to `first` + 49 of a post, with their answers, and the form."""
    facts = respond(context, post)
    moderators = permissions.known_moderators(context["request"].frame)
    entries, is_open = threads.window(post, first), not facts["closed"]
    return facts | {
        "respond": printed_form(facts, context["request"].frame),
        "thread": printing.thread(entries, post, moderators, is_open=is_open, is_window=True),
        "windows": threads.windows(post, first),
        "first": first,
    }


@register.simple_tag(takes_context=True)
def respond_form(context: dict, post: Post) -> str:
    """The form alone."""
    return printed_form(respond(context, post), context["request"].frame)


@register.inclusion_tag("comments/posted.html", takes_context=True)
def posted_notice(context: dict, post: Post) -> dict:
    """Thanks above the thread, for whoever has just sent a comment."""
    return {"posted": posted(context["request"], post)}


@register.simple_tag(takes_context=True)
def waiting_count(context: dict) -> dict:
    """How many comments wait for a decision of who is logged in, as a number and in words."""
    count = counts.waiting(context["request"])
    return {"count": count, "words": counts.words(count)}


@register.simple_tag
def worker_state() -> dict:
    """Whether the worker is at work, and how many tasks have failed."""
    return {"is_idle": schedule.is_idle(), "failed": schedule.failed()}


@register.simple_tag
def waiting_checks() -> dict | None:
    """How many checks Akismet has left unanswered, since when, and the last error."""
    return checks.waiting()


@register.simple_tag
def stuck_notices() -> dict:
    """How many notices the mail server has not taken, and what it said to the last one."""
    stuck = Notice.objects.filter(sent_at=None, attempts__gt=0)
    return {"count": stuck.count(), "error": stuck.values_list("error", flat=True).last()}


@register.simple_tag
def open_reports() -> int:
    """How many reports of readers nobody has settled."""
    return reports.unsettled()


@register.simple_tag
def sample_extent() -> dict[str, int]:
    """How much of the sample content is left."""
    return sample.extent()


def respond(context: dict, post: Post) -> dict:
    """What the form prints, as the address of the page asks for it (`?reply=3.1`)."""
    request, blog = context["request"], context["blog"]
    form = context.get("form") or empty_form(request, post)
    return {
        "request": request,
        "blog": blog,
        "post": post,
        "user": form.user,
        "form": form,
        "closed": post.comments_closed_because(blog, form.user),
    }


def printed_form(facts: dict, frame: Frame) -> SafeString:
    """The form as HTML. That of a guest who has typed nothing is the same under every post, but
    for where it is sent, and made once in each edition of the blog."""
    form, post = facts["form"], facts["post"]
    if facts["user"] or facts["closed"] or form.is_bound or form.answered:
        return render_to_string("comments/respond.html", facts)
    blank = facts | {"post": NOWHERE}
    html = frame.once("form", lambda: render_to_string("comments/respond.html", blank))
    return mark_safe(html.replace(NOWHERE.get_absolute_url(), post.get_absolute_url()))  # noqa: S308


def empty_form(request, post: Post) -> CommentForm:
    user = request.user if request.user.is_authenticated else None
    form = CommentForm(post=post, blog=request.blog, user=user)
    if number := request.GET.get("reply"):
        form.answered = post.comments.published().numbered(number).first()
    return form


def posted(request, post: Post) -> Comment | None:
    """The comment that the writer has just sent and that stands already (`?posted=3.1`)."""
    number = request.GET.get("posted", "")
    comments = post.comments.published().select_related("parent")
    return comments.numbered(number).first() if number else None
