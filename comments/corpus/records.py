"""The rows of a made-up blog, made one after another from its shape, in order of time."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.utils.html import escape

from comments.corpus import wording
from comments.corpus.people import AGENTS, Crowd, Somebody
from comments.corpus.shape import NONE, PENDING, PUBLISHED, REMOVED, SPAM, Shape
from comments.models import Comment, Report

STATUSES = [Comment.Status.PENDING, Comment.Status.PUBLISHED, Comment.Status.SPAM]
STATUSES = [str(status.value) for status in [*STATUSES, Comment.Status.REMOVED]]
REASONS = {
    "everybody": ("Every comment is read before it appears", 0.0),
    "newcomer": ("The first comment from this address", 0.5),
    "links": ("More links than are allowed", 2.0),
    "same_text": ("The same text was sent before", 2.5),
    "shouting": ("Written in capital letters", 1.0),
    "haste": ("Sent within seconds", 1.5),
    "trap": ("A field that people do not see was filled in", 8.0),
    "classifier": ("The learning filter knows its words", 2.2),
    "record": ("Others of this person were published", -1.0),
}
DRAWN = {  # what is said about comments of a status, and how many reasons at most
    PENDING: ("everybody newcomer links record haste classifier same_text shouting".split(), 3),
    PUBLISHED: ("record classifier".split(), 1),
    SPAM: ("links same_text haste classifier shouting".split(), 4),
    REMOVED: ("record".split(), 1),
}
IN_CAMPAIGNS = {PENDING: 0.4, SPAM: 0.5}
BLATANT = 0.3  # of spam
REPORTED = {PUBLISHED: 0.002, PENDING: 0.02}
DECIDED = {REMOVED: 1.0, SPAM: 0.3, PUBLISHED: 0.15}  # by a person
ANONYMOUS = 0.05
FIELDS = [field.column for field in Comment._meta.concrete_fields]


class Records:
    """Rows as dictionaries, by column, of comments and of what hangs on them.

    `first` maps a table's name to the first key that is free; `began` is the second 0 of the shape.
    """

    def __init__(self, shape: Shape, first: dict[str, int], began: datetime, rng: Random) -> None:
        self.shape, self.first, self.began, self.rng = shape, first, began, rng
        self.wording = wording.Wording(rng)
        self.crowd = Crowd(len(shape.post), self.wording, rng)
        scale = max(3, round((len(shape.post) / 1_000_000) ** 0.5 * 400))
        self.campaigns = {SPAM: self._campaigns(scale), PENDING: self._campaigns(scale // 6 + 2)}
        self.links: list[tuple[int, str]] = []
        self.reports: list[dict] = []

    def people(self) -> Iterator[dict]:
        for one in self.crowd.people:
            key = self.first["person"] + one.key - 1
            yield {"id": key, "email": one.email, "name": one.name, "standing": "", "note": ""}

    def comment(self, index: int) -> dict:
        """The row of one comment; its links and reports are laid beside it."""
        status = self.shape.status[index]
        key = self.first["comment"] + index
        if self.rng.random() < IN_CAMPAIGNS.get(status, 0):
            words = self._campaign(self.campaigns[status].one())
        else:
            words = self._own(index, status)
        domains = words.pop("domains")
        self.links += [(key, domain) for domain in sorted(domains)]
        if self.rng.random() < REPORTED.get(status, 0):
            self._report(key, index)
        return self._place(index, key, status) | words

    def moment(self, seconds: int) -> str:
        """In UTC, as both databases read it."""
        return str(self.began + timedelta(seconds=seconds))

    def _place(self, index: int, key: int, status: int) -> dict:
        shape, parent = self.shape, self.shape.parent[index]
        path, at = shape.path(index), self.moment(shape.at[index])
        is_blatant = status == SPAM and self.rng.random() < BLATANT
        return {
            "id": key,
            "post_id": self.first["post"] + shape.post[index],
            "parent_id": None if parent == NONE else self.first["comment"] + parent,
            "user_id": None,
            "status": STATUSES[status],
            "reasons": self._reasons(status, is_blatant),
            "created_at": at,
            "published_at": at if path else None,
            "user_agent": self.rng.choice(AGENTS),
            "referrer": None,
            "seconds": round(self.rng.expovariate(1 / 90), 1),
            "fingerprint": f"{self.rng.getrandbits(256):064x}",
            "is_blatant": is_blatant or None,
            "last_decision_id": None,
            "path": path,
            "in_window": bool(shape.in_window[index]),
            "last_number": shape.last[index],
            "branch_count": shape.branch[index],
        }

    def _own(self, index: int, status: int) -> dict:
        """What somebody wrote for this place alone."""
        is_rare = index % wording.RARE_EVERY == wording.RARE_FIRST
        body, wave = self.wording.text(wording.RARE if is_rare else "")
        domains = [self.crowd.domains.one()] if self.rng.random() < 0.05 + (status == SPAM) else []
        somebody = self.crowd.somebody()
        sketch = self.rng.getrandbits(63) if wave else None  # the true one takes a millisecond
        sender = self._sender(somebody, self.crowd.host(somebody))
        return sender | self._words(body, domains, sender["url"], wave, sketch)

    def _campaign(self, campaign: wording.Campaign) -> dict:
        sender = self._sender(self.crowd.somebody(), self.crowd.crowded(campaign.network))
        domains = [campaign.domain]
        return sender | self._words(
            campaign.text(), domains, sender["url"], campaign.wave, campaign.sketch
        )

    def _sender(self, somebody: Somebody, where: tuple[str, str, str]) -> dict:
        address, host, network = where
        is_anonymous = self.rng.random() < ANONYMOUS
        return {
            "name": "Anonymous" if is_anonymous else somebody.name,
            "email": "" if is_anonymous else somebody.email,
            "url": "" if is_anonymous else somebody.url,
            "person_id": None if is_anonymous else self.first["person"] + somebody.key - 1,
            "address": address,
            "host": host,
            "network": network,
        }

    def _words(self, body: str, domains: list[str], url: str, wave: int, sketch) -> dict:
        links = [f"https://{domain}/{self.wording.some(1)[0]}" for domain in domains]
        html = "".join(f"<p>{escape(some)}</p>\n" for some in body.split("\n\n"))
        for link in links:
            html += f'<p><a href="{link}" rel="nofollow ugc noopener">{link}</a></p>\n'
        site = {url.removeprefix("https://").rstrip("/")} - {""}
        return {
            "body": "\n\n".join([body, *links]),
            "html": html,
            "sketch": sketch,
            "wave": wave,
            "domains": site.union(domains),
        }

    def _reasons(self, status: int, is_blatant: bool) -> str:
        codes, most = DRAWN[status]
        drawn = self.rng.sample(codes, self.rng.randint(0, most))
        if is_blatant:
            drawn.append("trap")
        return json.dumps(
            [
                {"code": code, "words": words, "weight": weight, "detail": ""}
                for code in drawn
                for words, weight in [REASONS[code]]
            ]
        )

    def _report(self, key: int, index: int) -> None:
        for _ in range(self.rng.choice((1, 1, 1, 2, 5))):
            self.reports.append(
                {
                    "comment_id": key,
                    "reader": f"{self.rng.getrandbits(256):064x}",
                    "reason": self.rng.choice(Report.Reason.values),
                    "words": "",
                    "at": self.moment(self.shape.at[index] + self.rng.randrange(3_600)),
                    "seen": self.rng.random() < 0.7,
                }
            )

    def _campaigns(self, count: int) -> wording.Zipf:
        domains = self.crowd.domains.many(count)
        made = [
            wording.Campaign(self.wording, domain, network)
            for network, domain in enumerate(domains)
        ]
        return wording.Zipf(made, self.rng, 1.2)
