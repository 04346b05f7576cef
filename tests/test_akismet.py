"""Akismet is asked about what guests say: after the answer, once, and never instead of a person."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Blog, Category, Tag, User
from comments import akismet as ours
from comments import checks, schedule, tasks
from comments.models import Check, Comment, Decision
from tests.conftest import member
from tests.server import Server
from tests.service import FAULTS, KEY, Akismet
from tests.test_server import POST, send

SETTINGS = "/admin/blog/blog/1/change/"


@pytest.fixture
def akismet(blog, settings, monkeypatch) -> Iterator[Akismet]:
    """The service, its key set in a blog that lets everybody in otherwise."""
    service = Akismet()
    settings.AKISMET_URL = service.url
    Blog.objects.update(akismet_key=KEY, moderation=Blog.Moderation.NONE)
    monkeypatch.setattr(ours, "TIMEOUT", 0.3)
    monkeypatch.setattr(ours, "REST", 0)
    monkeypatch.setattr(ours, "_rests_until", 0)
    yield service
    service.stop()


@pytest.fixture
def an_hour_later(work) -> Callable[[], None]:
    """an_hour_later() does what failed as if an hour had gone by."""

    def run() -> None:
        for task in DBTaskResult.objects.failed():
            task.finished_at -= timedelta(hours=1)
            task.save()
        schedule.recover()
        work()

    return run


def the() -> Comment:
    return Comment.objects.select_related("akismet").get()


def findings() -> list[dict]:
    """The reasons, but for that it is the first comment of this person."""
    return [reason for reason in the().reasons if reason["code"] != "first"]


def codes() -> list[str]:
    return [reason["code"] for reason in findings()]


def test_a_comment_waits_for_akismet_and_is_up_when_that_finds_nothing(answer, akismet, work):
    assert answer().url.startswith("/comments/held/")
    assert (the().status, codes()) == ("pending", ["unchecked"])
    work()
    assert (the().status, the().number, codes()) == ("published", "1", ["akismet"])
    assert (the().akismet.answer, the().akismet.attempts) == ("ham", 1)
    assert Decision.objects.get().why == "Akismet found nothing wrong"


def test_what_akismet_calls_spam_is_spam(answer, akismet, work):
    akismet.verdict = "spam"
    answer()
    work()
    assert (the().status, the().is_blatant, codes()) == ("spam", None, ["akismet"])
    assert findings()[0]["words"] == "Akismet calls it spam"


def test_what_akismet_would_throw_away_is_blatant_where_the_owner_wants_it(answer, akismet, work):
    akismet.verdict = "discard"
    answer()
    Blog.objects.update(blatant_discard=False)
    answer(comment="Another.")
    work()
    Blog.objects.update(blatant_discard=True)
    answer(comment="A third.")
    work()
    assert list(Comment.objects.order_by("pk").values_list("status", "is_blatant")) == [
        ("spam", None),
        ("spam", None),
        ("spam", True),
    ]


def test_akismet_does_not_let_in_whom_the_blogs_own_rules_hold(answer, akismet, work):
    Blog.objects.update(moderation=Blog.Moderation.ALL)
    answer()
    work()
    assert (the().status, codes()) == ("pending", ["everybody", "akismet"])


def test_akismet_is_told_all_that_it_asks_for(answer, akismet, work, post, say, settings):
    post.categories.add(Category.objects.create(name="Letters"))
    post.tags.add(Tag.objects.create(name="Pencils"), Tag.objects.create(name="Trains"))
    first = say("First.")
    answer(parent="1", url="https://sam.example", name="Sam & Wren")
    Comment.objects.pending().update(user_agent="Lynx", referrer="http://127.0.0.1:8000/")
    work()
    comment = first.answers.get()
    assert akismet.asked[0].call == "comment-check"
    assert akismet.asked[0].fields == {
        "api_key": [KEY],
        "blog": [f"{settings.SITE_URL}/"],
        "user_ip": ["127.0.0.1"],
        "user_agent": ["Lynx"],
        "referrer": ["http://127.0.0.1:8000/"],
        "permalink": [settings.SITE_URL + post.get_absolute_url()],
        "comment_type": ["reply"],
        "comment_author": ["Sam & Wren"],
        "comment_author_email": ["sam@example.org"],
        "comment_author_url": ["https://sam.example"],
        "comment_content": ["The bus ticket is the detail that got me."],
        "comment_date_gmt": [f"{comment.created_at:%Y-%m-%dT%H:%M:%S+00:00}"],
        "comment_post_modified_gmt": [f"{post.updated_at:%Y-%m-%dT%H:%M:%S+00:00}"],
        "comment_context[]": ["Letters", "Pencils", "Trains"],
        "blog_lang": ["en"],
        "blog_charset": ["UTF-8"],
        "user_role": ["guest"],
        "honeypot_field_name": ["subject"],
        "subject": [""],
    }


def test_what_fell_into_the_trap_is_told_too_and_stays_spam(answer, akismet, work):
    answer(subject="cheap pencils")
    work()
    question = akismet.asked[0]
    assert (question["comment_type"], question["subject"]) == ("comment", "cheap pencils")
    assert (the().status, codes()) == ("spam", ["trap", "akismet"])
    assert len(akismet.asked) == 1  # nobody decided anything that could correct it


def test_a_test_says_that_it_is_one(answer, akismet, work, settings):
    settings.AKISMET_TEST = True
    answer()
    work()
    assert akismet.asked[0]["is_test"] == "1"


def test_what_staff_says_is_not_sent(client, akismet, work, ana, post, sent):
    client.force_login(ana)
    client.post(f"{post.get_absolute_url()}comments/", sent)
    work()
    assert (the().status, akismet.asked) == ("published", [])


def test_of_an_author_under_the_post_of_another_the_role_is_told(client, akismet, work, post, sent):
    client.force_login(member("wren@example.org", "Wren Castellanos", "Author"))
    client.post(f"{post.get_absolute_url()}comments/", sent)
    work()
    assert akismet.asked[0]["user_role"] == "author"


def test_without_a_key_nothing_is_sent_and_nothing_said(answer, client, akismet, work, post):
    Blog.objects.update(akismet_key="")
    answer()
    work()
    assert (the().status, akismet.asked) == ("published", [])
    assert "Akismet" not in client.get(post.get_absolute_url()).text


def test_the_form_says_that_akismet_is_asked_and_asks_nothing_of_it(client, akismet, post):
    page = client.get(post.get_absolute_url()).text
    assert "Comments are checked by Akismet." in page
    link = '<a href="https://akismet.com/privacy/" rel="noopener noreferrer external">'
    assert f"{link}How your comment data is processed</a>" in page
    assert page.count("akismet.com") == 1


def test_without_an_address_a_comment_is_held_and_not_sent(answer, akismet, work, monkeypatch):
    monkeypatch.setattr("comments.views.client_address", lambda request: None)
    answer()
    work()
    assert (the().status, akismet.asked, Check.objects.count()) == ("pending", [], 0)
    assert "address is not known" in findings()[0]["words"]


def test_a_writer_never_waits_for_akismet(answer, akismet):
    akismet.fault = "silence"
    begin = time.monotonic()
    assert answer().status_code == 303
    assert time.monotonic() - begin < 5
    assert akismet.asked == []


@pytest.mark.parametrize("fault", [*FAULTS, "closed port"])
def test_a_fault_holds_the_comment_and_later_it_is_asked_again(
    answer, akismet, work, an_hour_later, fault
):
    akismet.stop() if fault == "closed port" else setattr(akismet, "fault", fault)
    answer()
    begin = time.monotonic()
    work()
    assert time.monotonic() - begin < 3
    assert (the().status, codes()) == ("pending", ["unchecked"])
    assert (the().akismet.answer, the().akismet.attempts) == ("", 1)
    assert the().akismet.error.startswith("Akismet")
    assert "GET" not in [question.call for question in akismet.asked]
    akismet.start() if fault == "closed port" else setattr(akismet, "fault", "")
    work()
    assert the().status == "pending"  # too early
    an_hour_later()
    assert (the().status, the().akismet.error) == ("published", "")
    assert akismet.asked[-1]["recheck_reason"] == "retry"
    assert "recheck_reason" not in akismet.asked[0].fields or fault == "closed port"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("500", "Akismet answered with status 500."),
        ("redirect", "Akismet answered with status 302."),
        ("invalid", "Akismet does not know the key. Your key is gone."),
        ("silence", "Akismet did not answer in time."),
        ("trickle", "Akismet did not answer in time."),
        ("cut", "Akismet cannot be reached."),
        ("html", "Akismet’s answer means nothing: “<!doctype html><title>Down</title><p>true”"),
        ("garbage", "Akismet’s answer means nothing: “[31m false”"),
    ],
)
def test_a_fault_is_told_in_words(answer, akismet, work, fault, words):
    akismet.fault = fault
    answer()
    work()
    assert the().akismet.error == words


def test_a_huge_answer_is_not_read(answer, akismet, work, monkeypatch):
    akismet.fault = "huge"
    read = []
    iter_raw = httpx.Response.iter_raw

    def counted(response, *args):
        for part in iter_raw(response, *args):
            read.append(len(part))
            yield part

    monkeypatch.setattr(httpx.Response, "iter_raw", counted)
    answer()
    work()
    assert ours.MOST < sum(read) < 4 * ours.MOST


def test_the_pauses_between_tries_grow(answer, akismet, work):
    akismet.fault = "500"
    answer()
    work()
    for tries, minutes in enumerate(schedule.PAUSES, start=1):
        assert len(akismet.asked) == tries
        for seconds, is_due in ((-5, False), (5, True)):
            ended = timezone.now() - timedelta(minutes=minutes, seconds=seconds)
            DBTaskResult.objects.failed().update(finished_at=ended)
            schedule.recover()
            work()
            assert len(akismet.asked) == tries + is_due
    assert the().status == "pending"


def test_after_silence_akismet_is_left_alone_so_that_other_work_is_done(
    answer, akismet, work, monkeypatch
):
    monkeypatch.setattr(ours, "REST", 30)
    akismet.fault = "silence"
    for n in range(20):
        answer(comment=f"Remark {n}")
    begin = time.monotonic()
    work()
    assert time.monotonic() - begin < 3
    assert len(akismet.asked) == 1
    assert Check.objects.filter(attempts=1).count() == 1
    assert Check.objects.filter(attempts=0).count() == 19
    assert checks.waiting()["count"] == 20


def test_who_asks_again_while_akismet_is_left_alone_is_told_so_and_loses_no_attempt(
    answer, client, akismet, ana, work, later, monkeypatch
):
    monkeypatch.setattr(ours, "REST", 30)
    akismet.fault = "silence"
    answer()
    work()
    assert checks.ask_again() == 1
    work()
    assert (len(akismet.asked), the().akismet.attempts) == (1, 1)
    client.force_login(ana)
    said = "Akismet was not asked: it was silent a moment ago and is left alone a while."
    assert said in client.get("/admin/comments/check/").text
    akismet.fault = ""
    monkeypatch.setattr(ours, "_rests_until", 0)
    for seconds, attempts in ((25, 1), (6, 2)):
        later(seconds=seconds)
        schedule.recover()
        work()
        assert the().akismet.attempts == attempts
    assert the().status == "published"


def test_being_left_alone_uses_up_none_of_the_tries(answer, akismet, work, later, monkeypatch):
    monkeypatch.setattr(ours, "_rests_until", time.monotonic() + 3600)
    answer()
    work()
    for _again in range(len(schedule.PAUSES) + 2):
        later(seconds=31)
        schedule.recover()
        work()
    assert (akismet.asked, the().akismet.attempts) == ([], 0)
    assert DBTaskResult.objects.failed().get().worker_ids == [schedule.worker_id()]
    assert schedule.next_attempt(DBTaskResult.objects.failed().get())


def test_a_check_that_runs_twice_asks_once(answer, akismet, work):
    answer()
    tasks.check.enqueue(the().pk)
    work()
    checks.check(the().pk)
    assert len(akismet.asked) == 1
    assert Decision.objects.count() == 1


def test_the_same_comment_sent_twice_is_asked_about_once(answer, akismet, work):
    answer(), answer()
    work()
    assert len(akismet.asked) == 1


def test_a_comment_that_was_deleted_meanwhile_is_not_asked_about(answer, akismet, work):
    answer()
    Comment.objects.all().delete()
    work()
    assert akismet.asked == []
    assert not DBTaskResult.objects.failed().exists()


def test_what_nobody_decided_about_is_spam_even_when_it_is_up_already(answer, akismet, work):
    akismet.verdict = "spam"
    answer()
    Comment.objects.all().publish(by=None)
    work()
    assert the().status == "spam"


@pytest.mark.parametrize("verdict", ["ham", "spam", "discard"])
@pytest.mark.parametrize("verb", ["publish", "hold", "mark_spam", "remove"])
def test_what_a_moderator_decided_meanwhile_stands(answer, akismet, work, ana, verb, verdict):
    akismet.verdict = verdict
    answer()
    if verb == "hold":
        Comment.objects.all().publish(by=ana)
    getattr(Comment.objects.all(), verb)(by=ana)
    decided = the().status
    work()
    assert (the().status, the().is_blatant, codes()) == (decided, None, ["akismet"])


def test_a_moderator_who_decides_while_akismet_thinks_is_not_overruled(
    answer, akismet, ana, monkeypatch
):
    def meanwhile(comment, *, again):
        Comment.objects.all().remove(by=ana)
        return Check.Answer.HAM

    monkeypatch.setattr(ours, "ask", meanwhile)
    answer()
    checks.check(the().pk)
    assert (the().status, the().akismet.answer) == ("removed", "ham")


def corrections(akismet: Akismet) -> list[str]:
    return [one.call.removeprefix("submit-") for one in akismet.asked if "submit" in one.call]


def test_a_correction_is_sent_back_once_and_a_change_of_mind_the_other_way(
    answer, akismet, work, ana
):
    answer()
    work()
    decision = Comment.objects.all().mark_spam(by=ana)
    work(), checks.correct([the().pk]), work()
    assert corrections(akismet) == ["spam"]
    decision.undo(by=ana)
    work(), work()
    assert corrections(akismet) == ["spam", "ham"]
    Comment.objects.all().remove(by=ana)
    work()
    assert corrections(akismet) == ["spam", "ham"]
    Comment.objects.all().mark_spam(by=ana)
    work()
    assert corrections(akismet) == ["spam", "ham", "spam"]
    question, correction = akismet.asked[0].fields, akismet.asked[1].fields
    assert question == correction


def test_what_akismet_took_for_spam_is_sent_back_as_ham(answer, akismet, work, ana):
    akismet.verdict = "discard"
    answer()
    work()
    Comment.objects.all().publish(by=ana)
    work()
    assert corrections(akismet) == ["ham"]
    assert the().akismet.corrected == "ham"


def test_who_agrees_with_akismet_tells_it_nothing(answer, akismet, work, ana):
    answer()
    work()
    Comment.objects.all().hold(by=ana)
    Comment.objects.all().publish(by=ana)
    work()
    assert corrections(akismet) == []


def test_akismet_is_corrected_when_it_answers_after_the_moderator(answer, akismet, work, ana):
    akismet.verdict = "spam"
    answer()
    Comment.objects.all().publish(by=ana)
    work()
    assert (the().status, corrections(akismet)) == ("published", ["ham"])


def test_a_correction_is_not_lost_when_akismet_is_down(answer, akismet, work, an_hour_later, ana):
    answer(), answer(comment="Another."), work()
    akismet.fault = "500"
    Comment.objects.all().mark_spam(by=ana)
    work()
    assert Check.objects.filter(corrected="").count() == 2
    akismet.fault = ""
    an_hour_later()
    assert Check.objects.filter(corrected="spam").count() == 2


def test_what_akismet_was_never_asked_about_is_never_sent(say, akismet, work, ana, ilse):
    say("Older than the key.")
    say("Of the owner.", user=ilse)
    Comment.objects.all().mark_spam(by=ana)
    work()
    assert akismet.asked == []


# What the owner and the moderators see.


@pytest.fixture
def save(client, ilse, blog):
    """save(akismet_key="…") saves the blog's settings as Ilse does."""
    client.force_login(ilse)

    def send_form(**changes):
        form = client.get(SETTINGS).context["adminform"].form
        kept = {name: form[name].value() for name in form.fields}
        typed = {name: value for name, value in kept.items() if value not in (None, False)}
        return client.post(SETTINGS, typed | changes, follow=True)

    return send_form


def test_a_good_key_is_saved(save, akismet):
    assert "was changed successfully" in save(akismet_key=f" {KEY} ").text
    assert akismet.asked[0].call == "verify-key"
    assert Blog.current().akismet_key == KEY


def test_a_wrong_key_is_refused(save, akismet):
    assert "Akismet does not know this key." in save(akismet_key="wrong").text
    assert Blog.current().akismet_key == KEY


def test_a_key_that_has_become_bad_lets_other_settings_be_saved(save, akismet):
    Blog.objects.update(akismet_key="expired")
    page = save(title="Slow Letters").text
    assert "Akismet no longer knows the key." in page
    assert Blog.current().title == "Slow Letters"


@pytest.mark.parametrize("fault", ["500", "silence", "html"])
def test_a_key_is_saved_with_a_warning_when_akismet_does_not_answer(save, akismet, fault):
    akismet.fault = fault
    assert "whether the key is good was not checked" in save(akismet_key="another").text
    assert Blog.current().akismet_key == "another"


@pytest.mark.django_db(transaction=True)
def test_no_other_writer_waits_while_akismet_is_asked(
    save, answer, client, akismet, work, monkeypatch
):
    in_transaction = []

    class Line(ours.Line):
        def post(self, url, **kwargs):
            in_transaction.append(connection.in_atomic_block)
            return super().post(url, **kwargs)

    monkeypatch.setattr(ours, "Line", Line)
    save(akismet_key=KEY)
    Blog.objects.update(moderation=Blog.Moderation.NONE)
    client.logout()
    answer()
    work()
    Comment.objects.all().mark_spam(by=User.objects.get())
    work()
    assert [question.call for question in akismet.asked] == [
        "verify-key",
        "comment-check",
        "submit-spam",
    ]
    assert in_transaction == [False] * 3


def test_taking_the_key_away_asks_nobody(save, akismet):
    save(akismet_key="")
    assert (akismet.asked, Blog.current().akismet_key) == ([], "")


@pytest.mark.parametrize("given_up", [False, True])
def test_an_owner_who_takes_the_key_out_leaves_no_comment_waiting_for_akismet(
    save, answer, client, ilse, akismet, work, given_up
):
    client.logout()
    akismet.fault = "500"
    answer()
    Blog.objects.update(moderation=Blog.Moderation.ALL)
    answer(comment="Another.")
    answer(comment="Buy.", subject="caught in the trap")
    work()
    if given_up:
        DBTaskResult.objects.failed().delete()
    akismet.asked.clear()
    client.force_login(ilse)
    save(akismet_key="")
    schedule.tick()
    work()
    assert akismet.asked == []
    found = Comment.objects.order_by("pk")
    assert [one.status for one in found] == ["published", "pending", "spam"]
    words = "Not checked by Akismet: its key was taken out"
    assert all(words in [reason["words"] for reason in one.reasons] for one in found)
    assert Decision.objects.get().why == words
    assert set(Check.objects.values_list("answer", flat=True)) == {"unasked"}
    assert "waits for Akismet" not in client.get("/admin/").text


def test_a_task_that_finds_no_key_asks_and_corrects_nothing(answer, akismet, work, ana):
    answer()
    Blog.objects.update(akismet_key="")
    work()
    assert the().status == "published"
    Blog.objects.update(akismet_key=KEY)
    answer(comment="Checked.")
    work()
    asked = len(akismet.asked)
    Comment.objects.all().mark_spam(by=ana)
    Blog.objects.update(akismet_key="")
    work()
    assert len(akismet.asked) == asked
    assert not DBTaskResult.objects.failed().exists()


def test_who_asks_again_without_a_key_is_told_that_nobody_is_asked(answer, client, akismet, ana):
    answer()
    Blog.objects.update(akismet_key="")
    client.force_login(ana)
    response = client.post("/admin/comments/check/ask-again/", follow=True)
    assert "No key is set: the comments go where the blog’s own rules send them." in response.text


def test_a_moderator_sees_since_when_akismet_is_silent_and_has_it_asked_again(
    answer, client, akismet, work, ana
):
    akismet.fault = "500"
    answer()
    work()
    client.force_login(ana)
    page = client.get("/admin/").text
    assert "1 comment waits for Akismet since" in page
    assert "Akismet answered with status 500." in page
    link = "/admin/comments/check/?answer__exact="
    assert f'href="{link}"' in page
    assert "Sam Whitlow" in client.get(link).text
    assert client.get("/admin/comments/check/ask-again/").status_code == 405
    akismet.fault = ""
    response = client.post("/admin/comments/check/ask-again/", follow=True)
    assert "Akismet is asked about 1 comment again, within a minute." in response.text
    work()
    assert the().status == "published"
    assert "waits for Akismet" not in client.get("/admin/").text
    assert "Sam Whitlow" not in client.get(link).text


def test_asking_again_begins_with_short_pauses_and_asks_once_each(answer, akismet, work):
    akismet.fault = "500"
    answer(), answer(comment="Another.")
    work()
    DBTaskResult.objects.failed().first().delete()
    assert checks.ask_again() == checks.ask_again() == 2
    assert {len(task.worker_ids) for task in DBTaskResult.objects.ready()} == {0}
    akismet.asked.clear()
    work()
    assert len(akismet.asked) == 2


def test_an_author_has_no_business_with_the_checks(client, akismet, piet):
    client.force_login(piet)
    assert client.get("/admin/comments/check/").status_code == 403
    assert client.post("/admin/comments/check/ask-again/").status_code == 403


# In processes of their own.

STATE = (
    "import json; from comments.models import Check, Comment;"
    "one = Comment.objects.latest('pk');"
    "print(json.dumps([one.status, one.akismet.attempts]))"
)
KEY_SET = (
    f"from blog.models import Blog; Blog.objects.update(akismet_key='{KEY}', moderation='none')"
)
TIME_PASSES = (
    "from datetime import timedelta; from comments import schedule;"
    "from django_tasks_db.models import DBTaskResult as T; from django.db.models import F;"
    "T.objects.failed().update(finished_at=F('finished_at') - timedelta(minutes=1));"
    "schedule.recover()"
)


def until(server: Server, state: list) -> None:
    end = time.monotonic() + 20
    while (now := server.ask(STATE)) != state:
        assert time.monotonic() < end, now


@pytest.mark.server
def test_in_real_processes_a_dead_akismet_delays_a_comment_and_loses_none(prepared, tmp_path):
    akismet = Akismet()
    server = Server(tmp_path, AKISMET_URL=akismet.url).start(like=prepared)
    try:
        server.run(KEY_SET)
        assert "held" in send(server, comment="While all is well.")[1]
        until(server, ["published", 1])
        akismet.stop()
        begin = time.monotonic()
        assert "held" in send(server, comment="While it is away.")[1]
        assert time.monotonic() - begin < 5
        until(server, ["pending", 1])
        akismet.start()
        server.run(TIME_PASSES)
        until(server, ["published", 2])
        assert "While it is away." in server.get(POST).text
    finally:
        server.close()
        akismet.stop()
