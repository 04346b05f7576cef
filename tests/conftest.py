"""The cast: Ilse owns the blog and writes, Ana moderates, Piet is an author, Sam is a guest."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from blog.models import Blog, Post, User
from comments import markup, roles, schedule, submission, tasks
from comments.models import Comment
from tests.post_office import PostOffice
from tests.server import Server, free_port

PASSWORD = "three old pencils"


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture
def blog(db) -> Blog:
    return Blog.current()


@pytest.fixture
def ilse(db) -> User:
    return User.objects.create_superuser("ilse@example.org", PASSWORD, name="Ilse Marchetti")


@pytest.fixture
def ana(db) -> User:
    return member("ana@example.org", "Ana Prieto", "Moderator")


@pytest.fixture
def piet(db) -> User:
    return member("piet@example.org", "Piet Vandersloot", "Author")


def member(email: str, name: str, role: str) -> User:
    if not Group.objects.filter(name=role).exists():  # a flushed database has lost them
        roles.create(apps)
    user = User.objects.create_user(email, PASSWORD, name=name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def post(blog, ilse) -> Post:
    return write(ilse, "Other People’s Pencil")


def write(author: User, title: str, **fields) -> Post:
    fields = {"status": Post.Status.PUBLISHED, "body": "<p>Three lines, ten words.</p>"} | fields
    return Post.objects.create(author=author, title=title, **fields)


def forge(lines: models.QuerySet, **facts) -> None:
    """Rewrites lines of the log, by a way that the program does not have."""
    models.QuerySet.update(lines, **facts)


@pytest.fixture
def say(post) -> Callable[..., Comment]:
    """say("words", answers="3", status="pending") puts a guest's comment under the post."""

    def speak(
        body: str = "A fair point.",
        *,
        answers: str = "",
        status: str = "published",
        name: str = "Sam Whitlow",
        under: Post | None = None,
        **fields,
    ) -> Comment:
        under = under or post
        parent = under.comments.numbered(answers).get() if answers else None
        cited = submission.cited_in(body, under)
        fields = {"email": "sam@example.org", "address": "192.0.2.7"} | fields
        comment = Comment.objects.create(
            post=under,
            parent=parent,
            name=name,
            body=body,
            html=markup.render(body, {one.number for one in cited}),
            **fields,
        )
        submission.cite(comment, cited)
        this = Comment.objects.filter(pk=comment.pk)
        if status in ("published", "removed"):
            this.publish(by=None)
        if status == "removed":
            this.remove(by=None)
        if status == "spam":
            this.mark_spam(by=None)
        return this.get()

    return speak


@pytest.fixture
def sent() -> dict[str, str]:
    """What Sam's browser sends with the form."""
    return {
        "comment": "The bus ticket is the detail that got me.",
        "name": "Sam Whitlow",
        "email": "sam@example.org",
        "url": "",
        "parent": "",
        "subject": "",
        "do": "post",
    }


@pytest.fixture
def answer(client: Client, post: Post, sent: dict) -> Callable:
    """answer(comment="…") posts the form under the post with these fields changed."""

    def send(at: Post | None = None, **changes):
        return client.post(f"{(at or post).get_absolute_url()}comments/", sent | changes)

    return send


@pytest.fixture
def at_the_desk(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Iterator[Server]:
    """A new blog, prepared and not started, from which the servers under test are copied."""
    server = Server(tmp_path_factory.mktemp("prepared"))
    server.create()
    server.manage("prepare")
    yield server
    server.close()


@pytest.fixture
def server(prepared, tmp_path) -> Iterator[Server]:
    server = Server(tmp_path).start(like=prepared)
    yield server
    server.close()


@pytest.fixture(scope="module")
def running(prepared, tmp_path_factory) -> Iterator[Server]:
    """One server for the tests of a file that neither end it nor mind what the others wrote."""
    server = Server(tmp_path_factory.mktemp("running")).start(like=prepared)
    yield server
    server.close()


@pytest.fixture
def work(db, monkeypatch) -> Callable[[], None]:
    """work() does every task that is ready, as a worker does, once."""
    # The test's own transaction is on the connection, which looks left over to a worker.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def run() -> None:
        db_worker.Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=schedule.worker_id(),
        ).run()

    return run


@pytest.fixture
def office(settings) -> Iterator[PostOffice]:
    """A mail server, and a blog that sends by it."""
    office = PostOffice(free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.EMAIL_TIMEOUT = 0.3
    office.open()
    yield office
    office.close()


@pytest.fixture
def hold(say, ana) -> Callable[..., Comment]:
    """hold("words") is a comment that waits and of which Ana is about to be told."""

    def waiting(*args, **fields) -> Comment:
        comment = say(*args, status="pending", **fields)
        tasks.announce.enqueue(comment.pk)
        return comment

    return waiting


@pytest.fixture
def to_ana(office, work) -> Callable[[], list]:
    """to_ana() does the work that is ready and gives what Ana has got by now."""

    def mails() -> list:
        work()
        return [mail for mail in office.mails if mail["To"] == "ana@example.org"]

    return mails


@pytest.fixture
def later(monkeypatch) -> Callable[..., None]:
    """later(hours=2) moves the clock, for the rest of the test."""
    real, moved = timezone.now, timedelta()

    def move(**much) -> None:
        nonlocal moved
        moved += timedelta(**much)
        monkeypatch.setattr(timezone, "now", lambda: real() + moved)
        monkeypatch.setattr(time, "time", lambda: timezone.now().timestamp())

    return move
