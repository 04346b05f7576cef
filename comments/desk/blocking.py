"""Blocking a sender, a network or a domain from a comment: what would follow is shown first."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from blog.models import User
from blog.requests import StaffRequest
from comments import facts, moderation, pace, sites
from comments.desk import acting, counts, pages, requests
from comments.desk.listing import Listing
from comments.models import Comment, Decision, Link, Rule
from comments.models.person import canonical

SWEPT = 500  # waiting comments that one block calls spam


@dataclass(frozen=True)
class Target:
    """What can be blocked about a comment, and what is known of it."""

    kind: str
    text: str
    label: str
    comments: QuerySet[Comment]
    is_listed: bool

    @property
    def value(self) -> str:
        return f"{self.kind} {self.text}"

    @property
    def record(self) -> dict[str, str]:
        """How many comments it has, by status, counted as far as anybody reads."""
        rows = self.comments.order_by().values("status").annotate(count=Count("pk"))
        return {row["status"]: counts.words(row["count"]) for row in rows}


def targets(comment: Comment) -> list[Target]:
    """What can be blocked about a comment: its sender's address, host, network, and domains."""
    theirs, kind = Comment.objects.all(), Rule.Kind
    found = []
    if comment.email:
        one = Q(person=comment.person_id) if comment.person_id else Q(pk=comment.pk)
        same = theirs.filter(one)
        found.append((kind.EMAIL, canonical(comment.email), _("This person"), same))
    if comment.host:
        same = theirs.filter(host=comment.host)
        found.append((kind.NETWORK, comment.host, _("This IP address"), same))
        same = theirs.filter(network=comment.network)
        found.append((kind.NETWORK, comment.network, _("The whole network"), same))
    for domain in sorted(facts.linked(comment.html, comment.url)):
        below = Q(domain=domain)
        if sites.of(domain) != domain:  # else each link below it has one for it
            below |= Q(domain__endswith=f".{domain}")
        same = theirs.filter(pk__in=Link.objects.filter(below).values("comment"))
        found.append((kind.DOMAIN, domain, _("Links to this domain"), same))
    listed = set(
        Rule.objects.filter(outcome=Rule.Outcome.SPAM, text__in=[row[1] for row in found])
        .order_by()
        .values_list("kind", "text")
    )
    return [Target(k, t, label, same, (k, t) in listed) for k, t, label, same in found]


@require_http_methods(["GET", "HEAD", "POST"])
def block(request: StaffRequest) -> HttpResponse:
    """Asks what to block; by POST makes the rule and calls spam what waits from there."""
    if not request.user.has_perm("comments.add_rule"):
        raise PermissionDenied
    comment, _seen = requests.asked(request)
    listing, choices = Listing.of(request.GET), targets(comment)
    if request.method == "POST" and "what" in request.POST:
        chosen = {choice.value: choice for choice in choices}.get(request.POST["what"])
        if not chosen:
            raise Http404
        is_swept = "sweep" in request.POST
        if decision := carry_out(chosen, comment, request.user, sweep=is_swept):
            requests.tell(request, acting.Outcome(decision, []))
        else:
            words = _("%(what)s was on the spam list already.") % {"what": chosen.text}
            messages.warning(request, words)
        return requests.back(listing, c=request.POST.get("next", ""))
    context = pages.frame(request, listing) | {
        "title": _("Block"),
        "comment": comment,
        "targets": choices,
        "token": f"{comment.pk}.0",
    }
    return TemplateResponse(request, "admin/comments/desk/block.html", context)


@transaction.atomic
def carry_out(target: Target, comment: Comment, by: User, *, sweep: bool) -> Decision | None:
    """Puts `target` on the spam list; with `sweep` calls spam what waits from there, as one act.

    None where it is on the list: somebody may have been quicker.
    """
    pace.one_at_a_time(f"rule {target.value}")
    found = Rule.objects.filter(kind=target.kind, text=target.text)
    if found.filter(outcome=Rule.Outcome.SPAM).exists():
        return None
    waiting = _waiting(target.comments if sweep else target.comments.filter(pk=comment.pk))
    moderation.lock(waiting.values_list("post_id", flat=True))  # before the rules, as undo does
    decision = Decision.objects.create(verb=Decision.Verb.BLOCK, by=by, why=target.text, size=0)
    former = found.values("outcome", "by", "why").first()
    Rule.objects.update_or_create(
        kind=target.kind,
        text=target.text,
        defaults={
            "outcome": Rule.Outcome.SPAM,
            "by": by,
            "decision": decision,
            "former": former,
        },
    )
    moderation.decide(waiting, "mark_spam", by=by, decision=decision)
    return decision


def _waiting(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """The latest of those that wait."""
    latest = comments.filter(status=Comment.Status.PENDING).order_by("-pk")
    return Comment.objects.filter(pk__in=list(latest.values_list("pk", flat=True)[:SWEPT]))
