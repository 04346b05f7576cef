"""Two moderators, and impatient writers, on a real server with several processes."""

import http.client
import random
import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server import Server
from tests.test_server import POST, send

pytestmark = pytest.mark.server

DESK = "/admin/comments/moderation/"
SECRET = "a" * 32
MAKE = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from blog.models import User
import json
keys = []
for name in ("Ana", "Ben"):
    email = f"{name}@example.org".lower()
    known = User.objects.filter(email=email).first()
    user = known or User.objects.create_superuser(email, name=name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    keys.append(session.session_key)
print(json.dumps(keys))
"""


class Moderator:
    """Somebody logged in, who sends the desk's forms."""

    def __init__(self, server: Server, session: str) -> None:
        self.server = server
        self.cookie = f"sessionid={session}; csrftoken={SECRET}"

    def send(self, path: str, **fields: str) -> int:
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": SECRET})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def decide(self, verb: str, token: str) -> int:
        return self.send(f"{DESK}decide/", do=verb, c=token)

    def edit(self, key: str, words: str) -> int:
        path = f"/admin/comments/comment/{key}/change/"
        return self.send(path, name="Sam", email="sam@example.org", url="", body=words)


@pytest.fixture
def moderators(running) -> list[Moderator]:
    return [Moderator(running, key) for key in running.ask(MAKE)]


STATE = """
import json
from blog.models import Post
from comments.models import Change, Comment
rows = Comment.objects.filter(name="Sam")
print(json.dumps({
    "status": dict(rows.values_list("pk", "status")),
    "after": {row.pk: list(row.changes.order_by("decision_id").values_list("before", "after"))
              for row in rows},
    "numbers": sorted(row.number for row in rows if row.path),
    "published": Comment.objects.published().filter(post__slug="other-peoples-pencil").count(),
    "counted": Post.objects.get(slug="other-peoples-pencil").comment_count,
}))
"""


def test_two_moderators_on_the_same_comment_leave_one_outcome_and_the_whole_history(
    running, moderators
):
    rounds = 40
    for number in range(rounds):
        assert send(running, comment=f"Round {number} of the two moderators.")[0] == 303
    keys = [int(pk) for pk in running.ask(STATE)["status"]]
    chance = random.Random(7)

    def both(key: int) -> list[int]:
        verbs = chance.sample(["publish", "mark_spam", "remove", "edit"], 2)
        with ThreadPoolExecutor(2) as pair:
            acts = [
                pair.submit(who.edit, str(key), f"Edited {key}.")
                if verb == "edit"
                else pair.submit(who.decide, verb, f"{key}.0")
                for who, verb in zip(moderators, verbs, strict=True)
            ]
            return [act.result() for act in acts]

    answers = {status for key in keys for status in both(key)}
    assert answers <= {302, 303, 200, 409}
    state = running.ask(STATE)
    for key, changes in state["after"].items():
        assert changes, key
        statuses = [changes[0][0], *(after for _before, after in changes)]
        assert [before for before, _after in changes] == statuses[:-1]
        assert state["status"][key] == statuses[-1]
        moved = [change for change in changes if change[0] != change[1]]
        assert len(moved) <= 1, "the second verdict was about a comment already decided"
    assert state["published"] == state["counted"]


def together(moderators: list[Moderator], path: str, **fields: str) -> set[int]:
    """Each sends the same form twice, all at once."""
    with ThreadPoolExecutor(4) as hands:
        acts = [hands.submit(who.send, path, **fields) for who in [*moderators, *moderators]]
        return {act.result() for act in acts}


BLOCKED = """
import json
from comments.models import Decision, Rule
print(json.dumps({
    "rules": Rule.objects.filter(text="uwe@example.org").count(),
    "blocks": list(Decision.objects.filter(verb="block", why="uwe@example.org", undone_by=None)
                   .values_list("pk", flat=True)),
    "undos": Decision.objects.filter(undoes__verb="block").count(),
}))
"""


def test_moderators_who_block_the_same_at_once_make_one_rule_and_one_undo(running, moderators):
    send(running, name="Uwe", email="uwe@example.org", comment="To be blocked.")
    code = (
        "from comments.models import Comment as C; print(C.objects.get(body='To be blocked.').pk)"
    )
    key = running.ask(code)
    for number in range(1, 6):
        sent = {"c": f"{key}.0", "what": "email uwe@example.org"}
        assert together(moderators, f"{DESK}block/", **sent) == {303}
        state = running.ask(BLOCKED)
        assert (state["rules"], len(state["blocks"])) == (1, 1)
        undone = {"decision": str(state["blocks"][0])}
        assert together(moderators, f"{DESK}undo/", **undone) == {303}
        assert running.ask(BLOCKED) == {"rules": 0, "blocks": [], "undos": number}


def test_a_comment_sent_ten_times_at_once_is_one_and_every_answer_leads_to_it(running):
    with ThreadPoolExecutor(10) as impatient:
        sent = [
            impatient.submit(send, running, name="Una", comment="Pressed again.") for _ in range(10)
        ]
        answers = {answer.result() for answer in sent}
    assert {status for status, _url in answers} == {303}
    links = {re.sub(r":[^:]*:[^:]*/$", "", url) for _status, url in answers}
    assert len(links) == 1
    count = "from comments.models import Comment as C; print(C.objects.filter(name='Una').count())"
    assert running.ask(count) == 1
    assert send(running, name="Una", comment="Pressed again.")[0] == 303
    assert running.ask(count) == 1


def test_sending_many_at_once_does_not_pass_the_limit(prepared, tmp_path):
    server = Server(tmp_path, TRUSTED_PROXIES="1")
    server.create(prepared)
    server.restart()
    try:
        with ThreadPoolExecutor(16) as flood:
            codes = list(flood.map(lambda n: _flood(server, n), range(40)))
        assert sorted(set(codes)) == [303, 429]
        assert codes.count(303) == 5
    finally:
        server.close()


def _flood(server: Server, number: int) -> int:
    fields = {"name": "Sam", "email": "sam@example.org", "comment": f"Flood {number}."}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": "198.51.100.4",
    }
    connection.request("POST", f"{POST}comments/", urllib.parse.urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
