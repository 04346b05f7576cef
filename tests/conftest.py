"""The cast: Ilse owns the blog and writes, Ana moderates, Piet is an author, Sam is a guest."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from blog.models import Blog, Post, User
from comments import markup, roles, schedule, submission
from comments.models import Comment
from tests.server import Server

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
def work(db, monkeypatch) -> Callable[[], None]:
    """work() does all tasks that are ready, as a worker does them."""
    # A test's transaction ends with its connection.
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
