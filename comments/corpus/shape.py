"""The skeleton of a made-up conversation: when each comment was written, on which post, what it
answers, what became of it and where it stands. Some 40 bytes a comment, all of it in arrays.
"""

from array import array
from collections import Counter, defaultdict
from random import Random

from comments import numbering, numbers

PENDING, PUBLISHED, SPAM, REMOVED = range(4)
DAY = 86_400
SPAN = 10 * 365 * DAY  # seconds from the first post to now
BIGGEST = 0.1  # of all comments stand under one post
ANSWERS = 0.4  # of all comments answer another
RECENT = 30  # comments of a post among which the answered one is chosen
LEVELS = 6
NONE = -1
# What waits came lately: shares of all comments, in the first nine tenths of the time and the last.
WAITING = (0.002, 0.182)
SPAM_SHARE, REMOVED_SHARE = 0.10, 0.03
POST_BITS = 24


class Shape:
    """Facts of comments by their place in time, of posts by theirs; NONE for no parent."""

    def __init__(self, posts: int, comments: int, rng: Random) -> None:
        self.rng = rng
        self.published = [round(SPAN * 0.98 * post / posts) for post in range(posts)]
        self.biggest = posts // 2
        self.post, self.at = array("l"), array("l")
        self.status = bytearray(comments)
        self.parent, self.host = array("l", [NONE]) * comments, array("l", [NONE]) * comments
        self.position, self.last = array("l", [0]) * comments, array("l", [0]) * comments
        self.branch, self.in_window = array("l", [0]) * comments, bytearray(comments)
        self.post_last, self.post_count = array("l", [0]) * posts, array("l", [0]) * posts
        self._answers: Counter[tuple[int, int]] = Counter()
        self._write(posts, comments)
        self._converse()

    def path(self, comment: int) -> str | None:
        """Where it stands; None where it was never published."""
        if not self.position[comment]:
            return None
        parts = []
        while comment != NONE:
            parts.append(f"{self.position[comment]:0{numbers.DIGITS}}")
            comment = self.host[comment]
        return "".join(reversed(parts))

    def _write(self, posts: int, comments: int) -> None:
        moments = array("Q")
        for post, size in enumerate(self._sizes(posts, comments)):
            mean = (400 if post == self.biggest else 6) * DAY
            room = SPAN - self.published[post]
            for _ in range(size):
                later = round(self.rng.expovariate(1 / mean))
                at = later if later < room else self.rng.randrange(room)
                moments.append((self.published[post] + at) << POST_BITS | post)
        for moment in sorted(moments):
            self.post.append(moment & (1 << POST_BITS) - 1)
            self.at.append(moment >> POST_BITS)

    def _sizes(self, posts: int, comments: int) -> list[int]:
        """How many comments each post has: one very many, a few many, many few."""
        biggest = round(comments * BIGGEST)
        weights = [self.rng.paretovariate(1.1) for _ in range(posts)]
        weights[self.biggest] = 0
        unit = (comments - biggest) / sum(weights)
        sizes = [int(weight * unit) for weight in weights]
        sizes[self.biggest] = biggest
        for _ in range(comments - sum(sizes)):
            sizes[self.rng.randrange(posts)] += 1
        return sizes

    def _converse(self) -> None:
        recent: dict[int, list[int]] = defaultdict(list)
        late = len(self.post) * 9 // 10
        for comment, post in enumerate(self.post):
            here = recent[post]
            if here and self.rng.random() < ANSWERS:
                self.parent[comment] = self.rng.choice(here)
            self.status[comment] = status = self._status(comment >= late)
            if status in (PUBLISHED, REMOVED):
                self._place(comment, post, status)
                here.append(comment)
                if len(here) > RECENT:
                    del here[0]

    def _status(self, is_late: bool) -> int:
        drawn = self.rng.random() - WAITING[is_late]
        if drawn < 0:
            return PENDING
        if drawn < SPAM_SHARE:
            return SPAM
        return REMOVED if drawn < SPAM_SHARE + REMOVED_SHARE else PUBLISHED

    def _place(self, comment: int, post: int, status: int) -> None:
        """As `comments.numbering` does it."""
        trail = self._trail(self.parent[comment])[-(LEVELS - 1) :]
        self.post_count[post] += status == PUBLISHED
        if not trail:
            self.post_last[post] += 1
            self.position[comment], self.in_window[comment] = self.post_last[post], True
            return
        root, host = trail[0], trail[-1]
        self.host[comment] = host
        self.last[host] += 1
        self.position[comment] = self.last[host]
        self.branch[root] += status == PUBLISHED
        if self.in_window[host]:
            window = post, (self.position[root] - 1) // numbers.WINDOW
            self._answers[window] += 1
            self.in_window[comment] = self._answers[window] <= numbering.WINDOW_ANSWERS

    def _trail(self, comment: int) -> list[int]:
        """From the top-level comment down to the one under which an answer to `comment` stands."""
        trail = []
        while comment != NONE:
            trail.append(comment)
            comment = self.host[comment]
        return trail[::-1][: LEVELS - 1]
