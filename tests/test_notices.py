"""Moderators are told by mail what waits: each once, whatever becomes of the mail server."""

import logging
import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Blog, User
from comments import notices, retention, schedule, tasks
from comments.models import Comment, Notice, NoticeItem, Preference
from tests.conftest import member, write
from tests.post_office import PostOffice, decision_link, links, words
from tests.server import Server, free_port


def prefer(user: User, wish: str) -> None:
    Preference.objects.create(user=user, notices=wish)


# Who is told


def test_each_moderator_is_told_once_of_a_comment_that_waits(answer, office, work, ana, ilse):
    answer()
    work(), work()
    assert sorted(mail["To"] for mail in office.mails) == ["ana@example.org", "ilse@example.org"]
    assert "The bus ticket is the detail that got me." in words(office.mails[0])


def test_nobody_is_told_of_what_is_published_or_spam(answer, office, work, ana):
    answer(subject="cheap pencils")
    Blog.objects.update(moderation=Blog.Moderation.NONE)
    answer(comment="Free.")
    work()
    assert office.mails == []
    assert not DBTaskResult.objects.exists()


def test_an_author_is_told_of_own_posts_alone(answer, office, work, piet, ilse):
    own, other = write(piet, "Mine"), write(ilse, "Hers")
    answer(at=own), answer(at=other)
    work()
    subjects = [mail["Subject"] for mail in office.mails if mail["To"] == "piet@example.org"]
    assert subjects == ["Held: Sam Whitlow on Mine"]


def test_who_wrote_it_or_is_gone_or_cannot_log_in_is_not_told(answer, office, work, ana, client):
    for name in ("gone", "nameless"):
        member(f"{name}@example.org", name, "Moderator")
    User.objects.filter(name="gone").update(is_active=False)
    User.objects.create_superuser("sample@example.org", None, name="Sample")
    User.objects.filter(name="nameless").update(email="")
    answer()
    Comment.objects.update(user=ana)
    work()
    assert [mail["To"] for mail in office.mails] == ["ilse@example.org"]


def test_who_wants_no_mail_gets_none(answer, office, work, ana, ilse):
    prefer(ana, "never")
    answer()
    prefer(ilse, "never")  # between the notice and its mail is time as well
    work()
    assert office.mails == []


def test_a_moderator_who_was_shut_out_meanwhile_is_not_told(hold, ana, office, to_ana):
    office.close()
    hold()
    assert to_ana() == []
    User.objects.filter(pk=ana.pk).update(is_active=False)
    office.open()
    retry()
    assert to_ana() == []
    assert Notice.objects.get(recipient=ana).sent_at


def test_announcing_twice_tells_once(hold, to_ana):
    comment = hold()
    tasks.announce.enqueue(comment.pk)
    assert len(to_ana()) == 1
    tasks.announce.enqueue(comment.pk)
    assert len(to_ana()) == 1


def test_what_was_decided_before_the_mail_went_out_is_left_out(hold, ana, ilse, to_ana):
    prefer(ana, "hourly")
    first, _ = hold("One."), hold("Two.")
    assert to_ana() == []
    Comment.objects.filter(pk=first.pk).publish(by=ilse)
    due_now()
    (mail,) = to_ana()
    assert "Two." in words(mail)
    assert "One." not in words(mail)


def test_a_notice_of_which_nothing_is_left_is_never_sent(hold, ilse, ana, office, to_ana):
    office.close()
    comment = hold()
    to_ana()
    Comment.objects.filter(pk=comment.pk).publish(by=ilse)
    office.open()
    retry()
    assert to_ana() == []
    notice = Notice.objects.get(recipient=ana)
    assert notice.sent_at
    assert "no mail was sent" in notice.error


# When


def due_now() -> None:
    """The hour of every digest has come."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def test_digests_gather_what_comes_within_an_hour(hold, ana, to_ana, later):
    prefer(ana, "hourly")
    hold("One."), hold("Two."), hold("Three.")
    assert to_ana() == []
    later(hours=1)
    (mail,) = to_ana()
    assert mail["Subject"] == "3 comments wait: Colloquy"
    assert len({link for link in links(mail) if "/decide/" in link}) == 3
    hold("Four.")
    to_ana(), later(hours=1)
    assert len(to_ana()) == 2


def test_an_hour_ends_when_it_ends_in_utc():
    assert notices.next_hour(datetime(2026, 1, 1, 9, 59, 59, 5, UTC)).isoformat() == (
        "2026-01-01T10:00:00+00:00"
    )
    assert notices.next_hour(datetime(2026, 1, 1, 23, 0, tzinfo=UTC)).isoformat() == (
        "2026-01-02T00:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-01-10T20:00", "2026-01-11T07:00"),
        ("2026-01-10T06:59", "2026-01-10T07:00"),
        ("2026-01-10T07:00", "2026-01-11T07:00"),
        ("2026-03-28T20:00", "2026-03-29T06:00"),  # the night in which summer time begins
    ],
)
def test_the_digest_of_a_day_comes_at_eight_where_the_blog_is(blog, now, due):
    Blog.objects.update(time_zone="Europe/Amsterdam")
    when = notices.next_morning(datetime.fromisoformat(f"{now}+00:00"))
    assert when.isoformat() == f"{due}:00+00:00"


def test_a_flood_is_braked_into_one_digest(hold, ana, to_ana, later):
    for number in range(26):
        hold(f"Flood {number}.")
    assert len(to_ana()) == 20
    later(hours=1)
    digest = to_ana()[20:]
    assert [mail["Subject"] for mail in digest] == ["6 comments wait: Colloquy"]
    assert "Many comments came within an hour" in words(digest[0])


def test_a_digest_of_very_many_quotes_some_and_counts_the_rest(hold, ana, to_ana):
    prefer(ana, "daily")
    for number in range(30):
        hold(f"Remark {number}.")
    to_ana()
    due_now()
    (mail,) = to_ana()
    assert mail["Subject"] == "30 comments wait: Colloquy"
    assert "5 more wait at the desk" in words(mail)


# Whatever becomes of the mail server: once, later (F6)


def retry() -> None:
    """The pause of every failed task is over."""
    DBTaskResult.objects.failed().update(finished_at=timezone.now() - timedelta(hours=25))
    schedule.recover()


@pytest.mark.parametrize(
    ("says", "error"),
    [
        ({"RCPT": "450 4.2.0 <ana@example.org> Greylisted"}, "450 4.2.0 … Greylisted"),
        ({"RCPT": "550 5.1.1 No such user"}, "550 5.1.1 No such user"),
        ({"DATA": "451 4.3.0 Try again"}, "451 4.3.0 Try again"),
        ({"DATA": "554 5.7.1 Spam"}, "554 5.7.1 Spam"),
        ({"RCPT": None}, "timed out"),
        ({"DATA": None}, "timed out"),
    ],
)
def test_a_mail_server_that_fails_delays_a_notice_and_no_more(
    hold, ana, office, to_ana, says, error
):
    office.says = says
    hold()
    for attempt in (1, 2):
        assert to_ana() == []
        notice = Notice.objects.get(recipient=ana)
        assert (notice.attempts, notice.claimed_at, notice.sent_at) == (attempt, None, None)
        assert error in notice.error
        retry()
    office.says = {}
    assert len(to_ana()) == 1
    retry()
    assert len(to_ana()) == 1
    assert Notice.objects.get(recipient=ana).error == ""


def test_a_mail_server_that_is_not_there_delays_a_notice_and_no_more(hold, ana, office, to_ana):
    office.close()
    hold()
    assert to_ana() == []
    assert "refused" in Notice.objects.get(recipient=ana).error
    office.open()
    assert to_ana() == []  # the pause is not over
    retry()
    assert len(to_ana()) == 1


def test_a_mail_server_that_does_not_say_goodbye_has_the_mail_all_the_same(hold, office, to_ana):
    office.says = {"QUIT": None}
    hold()
    assert len(to_ana()) == 1
    retry()
    assert len(to_ana()) == 1


def test_a_mail_whose_fate_is_unknown_comes_again_under_the_same_id(hold, office, to_ana):
    office.says = {"after DATA": None}
    hold()
    assert len(to_ana()) == 1
    office.says = {}
    retry()
    first, second = to_ana()
    assert first["Message-ID"] == second["Message-ID"]


def test_a_notice_is_tried_again_with_growing_pauses(hold, ana, office, to_ana, later):
    office.close()
    hold()
    for pause in (0.25, 1, 5, 15):
        to_ana()
        notice = Notice.objects.get(recipient=ana)
        due = notices.next_attempt(notice) - timezone.now()
        assert timedelta(minutes=pause) - due < timedelta(seconds=9)
        later(minutes=pause * 0.8)
        schedule.recover()
        to_ana()
        assert Notice.objects.get(recipient=ana).attempts == notice.attempts
        later(minutes=pause * 0.2)
        schedule.recover()
    to_ana()
    assert Notice.objects.get(recipient=ana).attempts == 5


def test_a_notice_is_forgotten_a_month_after_it_was_sent_and_not_told_again(hold, to_ana, later):
    hold()
    to_ana()
    retention.forget_notices()
    assert Notice.objects.exists()
    later(days=31)
    retention.forget_notices()
    assert not Notice.objects.exists()
    assert len(to_ana()) == 1


def test_no_address_and_no_word_of_a_comment_reaches_the_log(hold, office, to_ana, caplog):
    caplog.set_level(logging.DEBUG, "comments")
    office.says = {"RCPT": "550 5.1.1 <ana@example.org> unknown"}
    hold("A secret remark.")
    to_ana()
    assert "550 5.1.1 … unknown" in caplog.text
    ours = [caplog.handler.format(one) for one in caplog.records if one.name != "mail.log"]
    assert "Undelivered" in "".join(ours)
    assert not re.search("@example|secret", "".join(ours))
    failed = DBTaskResult.objects.failed().first()
    assert "@example" not in failed.traceback


def test_mail_that_goes_to_files_is_named_in_the_log(hold, ana, settings, tmp_path, work, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    caplog.set_level(logging.INFO)
    hold()
    work()
    assert f"A notice to Ana Prieto was written to {tmp_path}/mail" in caplog.text
    assert "ana@" not in caplog.text
    assert any(b"To: ana@example.org" in path.read_bytes() for path in tmp_path.glob("mail/*"))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_a_notice_once(say, ana, office):
    office.pause = 0.1
    comment = say(status="pending")
    notices.announce(comment.pk)
    notice = Notice.objects.get(recipient=ana)

    def deliver(_) -> None:
        notices.deliver(notice.pk)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(deliver, range(4)))
    assert [mail["To"] for mail in office.mails] == ["ana@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_digest(say, ana, office):
    prefer(ana, "daily")
    comments = [say(f"Words {n}.", status="pending") for n in range(4)]

    def announce(comment: Comment) -> None:
        notices.announce(comment.pk)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(announce, comments * 2))
    assert Notice.objects.filter(recipient=ana).count() == 1
    assert NoticeItem.objects.filter(recipient=ana).count() == 4


def test_a_notice_whose_worker_was_killed_is_sent_as_soon_as_that_is_seen(hold, ana, to_ana, later):
    hold()
    tasks.announce.call(Comment.objects.get().pk)
    notice = Notice.objects.get(recipient=ana)
    gone = subprocess.Popen(["true"])
    gone.wait()
    worker = f"{schedule.MACHINE}:{gone.pid}:abcd1234"
    Notice.objects.filter(pk=notice.pk).update(claimed_at=timezone.now(), claimed_by=worker)
    notices.task_of(notice).claim(worker)  # and then: SIGKILL
    schedule.recover()
    assert len(to_ana()) == 1
    schedule.recover()
    later(minutes=11)
    assert len(to_ana()) == 1  # once, not twice
    assert set(Notice.objects.values_list("claimed_at", "claimed_by")) == {(None, None)}


@pytest.mark.parametrize(
    "worker",
    [schedule.worker_id(), "elsewhere:1:abcd1234", None],
    ids=["of this machine", "of another", "unknown"],
)
def test_the_claim_of_a_worker_that_may_live_is_left_to_it(hold, ana, to_ana, worker, later):
    hold()
    tasks.announce.call(Comment.objects.get().pk)
    Notice.objects.update(claimed_at=timezone.now(), claimed_by=worker)
    schedule.recover()
    assert to_ana() == []
    later(minutes=11)
    assert len(to_ana()) == 1


def test_a_notice_whose_worker_was_killed_is_sent_when_its_claim_is_over(hold, ana, to_ana, later):
    hold()
    comment = Comment.objects.pending().get()
    notices.announce(comment.pk)
    Notice.objects.filter(recipient=ana).update(claimed_at=timezone.now())  # and then: SIGKILL
    assert to_ana() == []
    later(minutes=11)
    assert len(to_ana()) == 1


# The admin site


def test_the_front_of_the_admin_site_says_what_is_stuck(hold, office, to_ana, at_the_desk):
    assert "could not be sent" not in at_the_desk.get("/admin/").text
    office.says = {"RCPT": "450 <b>Later</b>"}
    hold()
    to_ana()
    page = at_the_desk.get("/admin/").text
    assert "2 notices could not be sent: 450 &lt;b&gt;Later&lt;/b&gt;" in page
    assert "/admin/comments/notice/?state=stuck" in page


def test_the_owner_is_led_to_the_tasks_that_failed(hold, ilse, office, to_ana, client):
    office.says = {"RCPT": "450 Later"}
    hold()
    to_ana()
    client.force_login(ilse)
    page = client.get("/admin/")
    assert "2 tasks have failed" in page.text
    link = re.search(r'href="([^"]+dbtaskresult[^"]+)"', page.text)[1]
    assert "deliver" in client.get(link).text


def test_a_stuck_notice_is_seen_and_sent_again_by_hand(hold, ana, office, to_ana, at_the_desk):
    office.close()
    hold()
    to_ana()
    office.open()
    notice = Notice.objects.get(recipient=ana)
    page = at_the_desk.get("/admin/comments/notice/").text
    assert "Connection refused" in page
    data = {"action": "send_again", "_selected_action": [notice.pk]}
    for _ in range(3):
        at_the_desk.post("/admin/comments/notice/?state=stuck", data)
    assert len(to_ana()) == 1
    retry()
    assert len(to_ana()) == 1
    assert "Connection refused" not in at_the_desk.get("/admin/comments/notice/?state=sent").text
    assert at_the_desk.get(f"/admin/comments/notice/{notice.pk}/change/").status_code == 200
    assert at_the_desk.post(f"/admin/comments/notice/{notice.pk}/delete/").status_code == 403


def test_an_author_sees_no_notices_of_others(client, piet):
    client.force_login(piet)
    assert client.get("/admin/comments/notice/").status_code == 403


def test_a_notice_that_was_given_up_can_be_sent_again(hold, ana, office, to_ana):
    office.close()
    hold()
    to_ana()
    DBTaskResult.objects.failed().delete()
    notice = Notice.objects.get(recipient=ana)
    assert notices.next_attempt(notice) is None
    office.open()
    notices.send_again(notice)
    assert len(to_ana()) == 1


def test_everybody_says_for_themselves_how_they_are_told(at_the_desk, ana, ilse):
    page = at_the_desk.get("/admin/").text
    assert "Notices and keys" in page
    url = re.search(r'href="(/admin/comments/preference/)"', page)[1]
    assert 'value="at_once" ' in at_the_desk.get(url).text
    at_the_desk.post(url, {"notices": "daily", "keys": "on", "user": ilse.pk})
    preference = Preference.objects.get()
    assert (preference.user, preference.notices, preference.keys) == (ana, "daily", True)
    assert at_the_desk.post(url, {"notices": "hourly"}).status_code == 302
    assert Preference.objects.get().notices == "hourly"
    assert at_the_desk.post(url, {"notices": "weekly"}).status_code == 200
    assert at_the_desk.get(f"{url}{preference.pk}/change/").status_code == 404


def test_the_preferences_are_for_staff(client, blog):
    assert client.get("/admin/comments/preference/").status_code == 302


# Real processes

POST = "/2014/01/other-peoples-pencil/"
GUEST = {"name": "Sam", "email": "sam@example.org", "comment": "By mail, please."}
HIRE = (
    "from blog.models import User;"
    "User.objects.create_superuser('ilse@example.org', 'three old pencils', name='Ilse M')"
)


@pytest.fixture
def blog_by_mail(prepared, tmp_path):
    office = PostOffice(free_port())
    url = f"smtp://127.0.0.1:{office.port}"
    server = Server(tmp_path, EMAIL_URL=url).start(like=prepared)
    server.run(HIRE)
    yield server, office
    office.close()
    server.close()


def until(true, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.server
def test_a_guest_writes_a_mail_comes_and_its_link_publishes(blog_by_mail):
    server, office = blog_by_mail
    started = time.monotonic()
    assert server.post(f"{POST}comments/", **GUEST).status == 303  # and nobody takes mail
    assert time.monotonic() - started < 5
    time.sleep(2)
    office.open()
    until(lambda: office.mails)
    path = decision_link(office.mails[0]).removeprefix(server.url)
    assert "By mail, please." in server.get(path).text
    assert server.post(path, do="publish").status == 303
    assert "By mail, please." in server.get(POST).text
    assert len(office.mails) == 1


@pytest.mark.server
def test_a_worker_killed_before_a_silent_mail_server_delays_its_mail_by_seconds(blog_by_mail):
    server, office = blog_by_mail
    claimed = "from comments.models import Notice; import json; print(json.dumps(list("
    claimed += "Notice.objects.filter(sent_at=None).values_list('claimed_by', flat=True))))"
    office.says = {"RCPT": None}
    office.open()
    assert server.post(f"{POST}comments/", **GUEST).status == 303
    until(lambda: any(server.ask(claimed)))
    worker = next(filter(None, server.ask(claimed)))
    os.kill(int(worker.split(":")[1]), signal.SIGKILL)
    office.says = {}
    until(lambda: office.mails)
    assert len(office.mails) == 1


@pytest.mark.server
def test_a_silent_mail_server_holds_no_writer_up(blog_by_mail):
    server, office = blog_by_mail
    office.says = {"RCPT": None}
    office.open()
    for number in range(5):
        started = time.monotonic()
        words = GUEST | {"comment": f"Words {number}."}
        assert server.post(f"{POST}comments/", **words).status == 303
        assert time.monotonic() - started < 5
        time.sleep(0.3)
