"""Who decided about the comments of a made-up blog: decisions about few and about hundreds."""

from random import Random

from comments.corpus.records import DECIDED, STATUSES
from comments.corpus.shape import PUBLISHED, REMOVED, SPAM, Shape

VERBS = {PUBLISHED: "publish", SPAM: "mark_spam", REMOVED: "remove"}
BEFORE = {PUBLISHED: "pending", SPAM: "pending", REMOVED: "published"}
AFTER = 3_600  # seconds after the last of the comments


class Decisions:
    """Decisions and their changes, made while the comments pass by; `first` as in Records."""

    def __init__(self, shape: Shape, first: dict[str, int], by: int, rng: Random) -> None:
        self.shape, self.by, self.rng = shape, by, rng
        self.next = first["decision"]
        self.first_comment = first["comment"]
        self.open: dict[int, tuple[int, int, list[int]]] = {}  # status → key, size, comments
        self.made: list[tuple[int, int, list[int]]] = []  # key, status, comments

    def about(self, index: int) -> int | None:
        """The key of the decision about a comment; None where nobody decided."""
        status = self.shape.status[index]
        if self.rng.random() >= DECIDED.get(status, 0):
            return None
        if status not in self.open:
            size = min(500, int(self.rng.paretovariate(0.7)))
            self.open[status] = self.next, size, []
            self.next += 1
        key, size, comments = self.open[status]
        comments.append(index)
        if len(comments) >= size:
            self._close(status)
        return key

    def taken(self, moment) -> tuple[list[dict], list[dict]]:
        """The rows of the decisions made so far, those that are open closed, and of the changes."""
        for status in list(self.open):
            self._close(status)
        made, self.made = self.made, []
        decisions = [
            {
                "id": key,
                "verb": VERBS[status],
                "by_id": self.by,
                "at": moment(self.shape.at[comments[-1]] + AFTER),
                "why": "",
                "size": len(comments),
                "undoes_id": None,
                "scope": None,
            }
            for key, status, comments in made
        ]
        changes = [
            {
                "decision_id": key,
                "comment_id": self.first_comment + index,
                "before": BEFORE[status],
                "after": STATUSES[status],
            }
            for key, status, comments in made
            for index in comments
        ]
        return decisions, changes

    def _close(self, status: int) -> None:
        key, _size, comments = self.open.pop(status)
        self.made.append((key, status, comments))
