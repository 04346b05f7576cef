"""Readers, while moderators publish: two web processes, each with pages of its own."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server import Server
from tests.test_races import MAKE, Moderator

pytestmark = pytest.mark.server

POSTS, EACH, READERS = 8, 12, 8
WAITING = f"""
import json
from blog.models import Post, User
from comments.models import Comment
author = User.objects.first()
made = []
for n in range({POSTS}):
    post = Post.objects.create(author=author, title=f"Fresh {{n}}", status="published")
    for m in range({EACH}):
        words = f"Remark {{n}} {{m}}."
        facts = dict(post=post, name="Sam", body=words, html=f"<p>{{words}}</p>")
        comment = Comment.objects.create(**facts)
        made.append([comment.pk, post.get_absolute_url(), words])
print(json.dumps(made))
"""


@pytest.fixture
def waiting(running) -> list[tuple[int, str, str]]:
    """Comments that wait: key, address of the post, words."""
    return [tuple(row) for row in running.ask(WAITING)]


class Reader:
    """Reads posts and the feed, and knows which decisions had returned before each request."""

    def __init__(self, server: Server, waiting: list[tuple[int, str, str]]) -> None:
        self.server, self.paths = server, sorted({path for _key, path, _words in waiting})
        self.decided: list[tuple[str, str]] = []
        self.done = threading.Event()
        self.stale: list[str] = []
        self.asked = 0

    def read(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self.done.is_set():
            path = chance.choice(self.paths)
            due = [words for where, words in list(self.decided) if where == path]
            answer = self.server.get(path)
            assert answer.status == 200
            self.stale += [words for words in due if words not in answer.text]
            self.asked += 1


def test_no_reader_gets_a_page_older_than_a_decision_that_had_returned(running, waiting):
    moderators = [Moderator(running, key) for key in running.ask(MAKE)]
    reader = Reader(running, waiting)
    random.Random(3).shuffle(waiting)

    def publish(who: Moderator, some: list[tuple[int, str, str]]) -> None:
        for key, path, words in some:
            assert who.decide("publish", f"{key}.0") == 303
            reader.decided.append((path, words))

    with ThreadPoolExecutor(READERS + len(moderators)) as pool:
        readings = [pool.submit(reader.read, seed) for seed in range(READERS)]
        halves = (waiting[::2], waiting[1::2])
        acts = [pool.submit(publish, *pair) for pair in zip(moderators, halves, strict=True)]
        for act in acts:
            act.result()
        time.sleep(0.2)
        reader.done.set()
        for reading in readings:
            reading.result()
    assert reader.stale == []
    assert reader.asked > len(waiting)
    for path in reader.paths:
        page = running.get(path).text
        assert all(words in page for _key, where, words in waiting if where == path)
