from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.models import User
from comments import permissions
from comments.models.comment import Comment
from comments.models.kept import Kept, KeptQuerySet

MINUTE = 60  # seconds


class DecisionQuerySet(KeptQuerySet):
    def undoable(self) -> "DecisionQuerySet":
        """Those that are finished and young enough to be taken back, and were not yet."""
        from comments import moderation  # it needs the models

        did_something = (
            models.Q(size__gt=0)
            | models.Q(rule__isnull=False)
            | models.Q(person_revision__isnull=False)
        )
        since = timezone.now() - moderation.UNDO_FOR
        found = self.filter(did_something, at__gt=since, scope__isnull=True, undone_by__isnull=True)
        return found.exclude(verb=Decision.Verb.EMPTY)  # what was deleted does not come back

    def within_reach_of(self, user: User | AnonymousUser) -> "DecisionQuerySet":
        """Those about comments of theirs alone; who may not make rules unmakes none."""
        found = self if user.has_perm("comments.delete_rule") else self.filter(rule=None)
        if user.has_perm(permissions.ALL):
            return found
        theirs = Comment.objects.for_moderator(user).filter(pk=models.OuterRef("comment"))
        changes = Change.objects.filter(decision=models.OuterRef("pk")).exclude(comment=None)
        of_others = changes.filter(~models.Exists(theirs))
        return found.filter(models.Exists(changes), ~models.Exists(of_others))


class Decision(Kept):
    """One line of the moderation log: who did what, when and why, to one comment or to many.

    While it is carried out, its `size` grows and its `scope` shrinks, by `count` and `reach`;
    nothing else ever changes.
    """

    class Verb(models.TextChoices):
        PUBLISH = "publish", _("Published")
        HOLD = "hold", _("Held")
        MARK_SPAM = "mark_spam", _("Called spam")
        REMOVE = "remove", _("Removed")
        RESTORE = "restore", _("Restored")
        EDIT = "edit", _("Edited")
        BLOCK = "block", _("Blocked")
        TRUST = "trust", _("Always published")
        DISTRUST = "distrust", _("No longer always published")
        NOTE = "note", _("Noted")
        SETTLE = "settle", _("Reports read")
        UNDO = "undo", _("Undone")
        EMPTY = "empty", _("Emptied")

    verb = models.CharField(_("what"), max_length=16, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decisions",
        verbose_name=_("who"),
        null=True,
        help_text=_("Nobody: the blog’s own rules."),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    why = models.TextField(_("why"), blank=True)
    undoes = models.OneToOneField(
        "self", models.CASCADE, related_name="undone_by", verbose_name=_("undoes"), null=True
    )
    size = models.PositiveIntegerField(_("comments"), null=True)
    scope = models.JSONField(
        null=True, help_text="the desk's view that a worker still has to go through; see `bulk`"
    )
    comments = models.ManyToManyField(Comment, through="Change", related_name="decisions")

    objects = DecisionQuerySet.as_manager()

    class Meta(Kept.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]
        indexes = [models.Index(fields=["-at", "-id"], name="decision_log")]

    def __str__(self) -> str:
        return self.get_verb_display()

    @property
    def ago(self) -> str:
        """How long ago it was taken: "10 seconds ago", "2 hours ago"."""
        seconds = max(1, round((timezone.now() - self.at).total_seconds()))
        if seconds < MINUTE:  # of which `timesince` knows nothing
            words = ngettext("%(n)d second ago", "%(n)d seconds ago", seconds)
            return words % {"n": seconds}
        return gettext("%(time)s ago") % {"time": timesince(self.at, depth=1)}

    def count(self, more: int) -> None:
        """Writes down that so many more comments are done, and the decision itself if it is new."""
        self.size = (self.size or 0) + more
        if self._state.adding:
            self.save()
        else:
            self._progress(size=self.size)

    def reach(self, key: int) -> None:
        """Writes down how far the worker came: the key of the last row, 0 for the end."""
        self.scope = self.scope | {"after": key} if key else None
        self._progress(scope=self.scope)

    def _progress(self, **reached: int | dict | None) -> None:
        """The one way in which a line that is written already changes."""
        models.QuerySet(type(self)).filter(pk=self.pk).update(**reached)

    def undo(self, *, by) -> "Decision | None":
        """Takes back exactly this decision, where nobody has decided otherwise since."""
        from comments import moderation

        return moderation.undo(self, by=by)


class Change(Kept):
    """What a decision did to one comment."""

    MAY_GO = ("comment",)

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="changes")
    comment = models.ForeignKey(
        Comment, models.SET_NULL, related_name="changes", null=True, help_text="null: deleted since"
    )
    before = models.CharField(_("before"), max_length=16, choices=Comment.Status)
    after = models.CharField(_("after"), max_length=16, choices=Comment.Status)
    was_blatant = models.BooleanField(null=True)

    class Meta(Kept.Meta):
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["decision", "comment"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
