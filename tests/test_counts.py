"""The counts that readers see are those of what is there."""

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from comments.models import Comment
from tests.conftest import write


@pytest.fixture
def thread(post, say) -> Post:
    say(), say(answers="1"), say(answers="1.1"), say(), say(status="pending")
    return post


def test_after_all_kinds_of_decisions_no_count_is_wrong(thread, say, ana, capsys):
    these = thread.comments.published()
    for verb in ("hold", "publish", "mark_spam", "restore", "remove"):
        getattr(these.filter(path__isnull=False), verb)(by=ana)
    call_command("check_counts")
    assert "all counts are right" in capsys.readouterr().out


def test_an_owner_learns_which_counts_are_wrong(thread, capsys):
    Post.objects.update(comment_count=7)
    thread.comments.numbered("1").update(branch_count=9)
    with pytest.raises(CommandError, match="2 counts are wrong"):
        call_command("check_counts")
    said = capsys.readouterr().out
    assert f"Post {thread.pk}: 7 comments are stored, 4 are there." in said
    assert f"Post {thread.pk}: 9 answers to 1 are stored, 2 are there." in said
    thread.refresh_from_db()
    assert thread.comment_count == 7


def test_an_owner_has_wrong_counts_put_right(thread, ilse, client, capsys):
    write(ilse, "Without comments")
    Post.objects.update(comment_count=7)
    thread.comments.numbered("1").update(branch_count=9)
    call_command("check_counts", repair=True)
    assert "2 posts: 3 counts were put right." in capsys.readouterr().out
    thread.refresh_from_db()
    assert thread.comment_count == 4
    assert thread.comments.numbered("1").get().branch_count == 2
    call_command("check_counts")


def test_repairing_counts_shows_at_once(thread):
    before = Post.objects.get().thread_edition
    Post.objects.update(comment_count=7)
    call_command("check_counts", repair=True)
    assert Post.objects.get().thread_edition > before
    assert Comment.objects.published().count() == 4
