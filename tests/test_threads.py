"""The conversation as it is read."""

import re

import pytest

from blog.models import Blog, Post
from comments import threads
from comments.models import Comment
from tests.conftest import write


def numbers_of(page: str) -> list[str]:
    return re.findall(r'<li id="c([\d.]+)">', page)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "No thoughts yet"),
        (1, "One thought on “Other People’s Pencil”"),
        (2, "2 thoughts on “Other People’s Pencil”"),
    ],
)
def test_the_heading_counts_in_words(client, post, say, count, words):
    for n in range(count):
        say(f"Remark {n}.")
    say("Held.", status="pending")
    assert words in client.get(post.get_absolute_url()).text


def test_answers_stand_below_what_they_answer_in_order(client, post, say):
    say(), say(), say(answers="1"), say(answers="1.1"), say(answers="1"), say()
    page = client.get(post.get_absolute_url()).text
    assert numbers_of(page) == ["1", "1.1", "1.1.1", "1.2", "2", "3"]
    assert "3 replies" in page


def test_a_removed_comment_with_answers_leaves_a_stub(client, post, say):
    gone = say("Something rude.", name="Rude Person", email="rude@example.org")
    say(answers="1")
    Comment.objects.filter(pk=gone.pk).remove(by=None)
    page = client.get(post.get_absolute_url()).text
    assert "Removed by a moderator." in page
    assert "a removed comment" in page
    assert "Something rude" not in page
    assert "Rude Person" not in page
    assert "One thought on" in page


def test_a_removed_comment_without_answers_is_not_shown(client, post, say):
    say(), say(status="removed")
    assert numbers_of(client.get(post.get_absolute_url()).text) == ["1"]


def test_a_stub_goes_when_its_last_answer_goes(client, post, say):
    say(status="published")
    say(answers="1")
    Comment.objects.all().remove(by=None)
    assert numbers_of(client.get(post.get_absolute_url()).text) == []


def test_a_citation_is_a_link_both_ways(client, post, say):
    say(), say("As @1 says, and @9 would."), say(answers="1")
    page = client.get(post.get_absolute_url()).text
    assert '<a class="at" href="#c1">@1</a>' in page
    assert "@9 would" in page
    assert 'answered by <a href="#c2">2</a>' in re.sub(r"\s+", " ", page)


def test_a_removed_comment_no_longer_answers(client, post, say):
    say(), say("As @1 says.")
    Comment.objects.numbered("2").remove(by=None)
    assert "answered by" not in client.get(post.get_absolute_url()).text


def test_a_deep_answer_says_in_reply_to_which(client, blog, post, say):
    Blog.objects.update(nesting=2)
    say(), say(answers="1"), say(answers="1.1")
    page = client.get(post.get_absolute_url()).text
    assert numbers_of(page) == ["1", "1.1", "1.2"]
    assert 'in reply to <a href="#c1.1">1.1</a>' in page


@pytest.fixture
def long_thread(post) -> Post:
    """120 top-level comments."""
    written = [Comment(post=post, name="Sam", body="x", html=f"<p>{n}</p>") for n in range(120)]
    Comment.objects.bulk_create(written)
    Comment.objects.all().publish(by=None)
    return post


def test_a_long_thread_is_shown_in_windows_of_fifty(client, long_thread):
    page = client.get(long_thread.get_absolute_url()).text
    assert numbers_of(page) == [str(n) for n in range(1, 51)]
    assert "1–50" in page
    assert f'href="{long_thread.get_absolute_url()}comments/101-150/#comments">101–120</a>' in page
    second = client.get(f"{long_thread.get_absolute_url()}comments/51-100/").text
    assert numbers_of(second) == [str(n) for n in range(51, 101)]


def test_a_permalink_leads_to_the_window_of_its_number(long_thread):
    comment = long_thread.comments.numbered("77").get()
    assert comment.get_absolute_url() == f"{long_thread.get_absolute_url()}comments/51-100/#c77"


def test_a_citation_of_another_window_leads_there(client, long_thread, say):
    say("As @3 and @77 say.", answers="60")
    place = long_thread.get_absolute_url()
    page = client.get(f"{place}comments/51-100/").text
    assert f'<a class="at" href="{place}#c3">@3</a>' in page
    assert '<a class="at" href="#c77">@77</a>' in page
    assert f'href="{place}comments/51-100/#c60.1">60.1</a>' in client.get(place).text


@pytest.mark.parametrize("window", ["51-99", "52-101", "151-200", "1-50", "0-49"])
def test_there_are_no_other_windows(client, long_thread, window):
    response = client.get(f"{long_thread.get_absolute_url()}comments/{window}/")
    assert response.status_code == (301 if window == "1-50" else 404)


def test_a_branch_with_very_many_answers_has_a_page_of_its_own(client, post, say, monkeypatch):
    monkeypatch.setattr("comments.numbering.WINDOW_ANSWERS", 3)
    monkeypatch.setattr(threads, "PAGE", 4)
    say(), say()
    answers = [say(f"Answer {n}.", answers="1") for n in range(6)]
    page = client.get(post.get_absolute_url()).text
    assert numbers_of(page) == ["1", "1.1", "1.2", "1.3", "2"]
    place = f"{post.get_absolute_url()}comments/1/"
    assert f'<a href="{place}">3 more answers to 1 →</a>' in page
    assert answers[5].get_absolute_url() == f"{post.get_absolute_url()}comments/1.6/#c1.6"
    first = client.get(place).text
    assert numbers_of(first) == ["1", "1.1", "1.2", "1.3"]
    assert "?after=1.3#comments" in first
    assert numbers_of(client.get(f"{place}?after=1.3").text) == ["1.4", "1.5", "1.6"]
    assert numbers_of(client.get(f"{post.get_absolute_url()}comments/1.6/").text) == ["1.6"]


def test_the_branch_of_nothing_is_not_found(client, post, say):
    say(status="removed")
    for number in ("1", "2", "1.1"):
        assert client.get(f"{post.get_absolute_url()}comments/{number}/").status_code == 404


def test_no_page_shows_more_than_about_three_hundred_comments(client, post):
    roots = [Comment(post=post, name="Sam", body="x", html="<p>x</p>") for _ in range(50)]
    Comment.objects.bulk_create(roots)
    Comment.objects.all().publish(by=None)
    Comment.objects.bulk_create(
        Comment(post=post, name="Ana", body="x", html="<p>x</p>", parent=roots[n % 50])
        for n in range(400)
    )
    Comment.objects.pending().publish(by=None)
    assert len(numbers_of(client.get(post.get_absolute_url()).text)) == 300


def test_the_page_costs_the_same_queries_for_twelve_comments_as_for_a_thousand(
    client, ilse, django_assert_num_queries
):
    other = write(ilse, "Another")
    for count in (12, 1000):
        post = write(ilse, f"With {count}")
        rows = [Comment(post=post, name="Sam", body="x", html="<p>x</p>") for _ in range(count)]
        Comment.objects.bulk_create(rows)
        Comment.objects.filter(post=post).publish(by=None)
        client.get(other.get_absolute_url())  # what is around every page is known from now on
        with django_assert_num_queries(6):
            client.get(post.get_absolute_url())
        with django_assert_num_queries(4):  # what is around this one as well
            client.get(post.get_absolute_url())


def test_comments_on_a_page_work_as_on_a_post(client, ilse, say):
    about = write(ilse, "About", kind=Post.Kind.PAGE)
    comment = say(under=about)
    assert comment.get_absolute_url() == "/about/#c1"
    assert numbers_of(client.get("/about/").text) == ["1"]


def test_the_badge_of_a_moderator_is_for_moderators_alone(client, post, say, ana, piet):
    say("From Ana.", user=ana, name=ana.name), say("From Piet.", user=piet, name=piet.name)
    page = client.get(post.get_absolute_url()).text
    assert page.count(">Moderator<") == 1
    ana.groups.clear()
    ana.save()  # as the admin site does
    assert ">Moderator<" not in client.get(post.get_absolute_url()).text
