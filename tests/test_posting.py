"""A guest answers: what is taken, what is refused, and that no word is lost."""

import pytest
from django.core import signing
from django.utils import timezone

from blog.models import Blog, Post
from comments import facts, views
from comments.models import Comment
from tests.conftest import write


def test_a_guests_comment_waits_and_its_writer_is_told(answer, client):
    response = answer()
    assert response.status_code == 303
    page = client.get(response.url)
    assert "held for review" in page.text
    assert "The bus ticket is the detail" in page.text
    assert page["Cache-Control"].find("no-store") >= 0
    comment = Comment.objects.get()
    assert (comment.status, comment.number) == ("pending", "")
    assert comment.reasons[0]["code"] == "everybody"


def test_a_held_comment_is_not_shown_to_other_readers(answer, client, post):
    answer()
    assert "bus ticket" not in client.get(post.get_absolute_url()).text
    assert "bus ticket" not in client.get("/comments/feed/").text


def test_a_known_guest_is_up_at_once_where_the_owner_wants_it(answer, client, post, say):
    Blog.objects.update(moderation=Blog.Moderation.FIRST)
    facts.complete([say("An earlier remark.")])
    response = answer(comment="Again I.")
    assert response.url == f"{post.get_absolute_url()}?posted=2#c2"
    assert "Thank you. Your comment is up." in client.get(response.url).text


def test_a_newcomer_waits_where_only_newcomers_wait(answer, blog, post):
    Blog.objects.update(moderation=Blog.Moderation.FIRST)
    answer()
    assert Comment.objects.get().reasons[0]["code"] == "newcomer"


def test_many_links_are_held_even_where_all_is_published(answer, blog, post):
    Blog.objects.update(moderation=Blog.Moderation.NONE)
    answer(comment="https://a.example https://b.example https://c.example")
    assert Comment.objects.get().status == "pending"
    assert Comment.objects.get().reasons[0]["words"] == "3 links"


def test_the_trap_catches_a_machine_and_tells_it_nothing(answer, client):
    response = answer(subject="cheap pencils")
    assert "held for review" in client.get(response.url).text
    assert Comment.objects.get().status == "spam"


def test_the_writer_of_the_post_is_up_at_once_with_a_badge(client, ilse, post, sent):
    client.force_login(ilse)
    response = client.post(f"{post.get_absolute_url()}comments/", {"comment": "Accepted."})
    assert response.url.endswith("?posted=1#c1")
    comment = Comment.objects.get()
    assert (comment.name, comment.user) == ("Ilse Marchetti", ilse)
    assert '<span class="badge">Author</span>' in client.get(post.get_absolute_url()).text


def test_an_answer_says_whom_it_answers(answer, client, post, say):
    say(name="Ana Prieto")
    answer(parent="1")
    waiting = Comment.objects.pending().get()
    assert waiting.parent.number == "1"
    Comment.objects.pending().publish(by=None)
    page = client.get(post.get_absolute_url()).text
    assert 'id="c1.1"' in page
    assert '<a href="#c1" dir="auto">Ana Prieto</a>' in page


def test_the_reply_link_leads_to_a_form_that_names_whom_it_answers(client, post, say):
    say("Pace is everything.", name="Tomás Lindqvist")
    page = client.get(f"{post.get_absolute_url()}?reply=1").text
    assert "Leave a Reply to Tomás Lindqvist" in page
    assert '<input type="hidden" name="parent" value="1">' in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("comment", "", "Write a comment"),
        ("comment", " \n\u200b\u3164 ", "Write a comment"),
        ("comment", "<b> </b>", "Write a comment"),
        ("comment", "> \n> ", "Write a comment"),
        ("comment", "a" * 10_001, "at most 10000 fit"),
        ("name", "", "Write your name"),
        ("name", "\u202e\u200d", "Write your name"),
        ("name", "n" * 246, "at most 245 fit"),
        ("email", "", "Write an email address like name@example.org"),
        ("email", "sam.whitlow@", "Write an email address like name@example.org"),
        ("email", "s" * 90 + "@example.org", "at most 100 fit"),
        ("url", "javascript:alert(1)", "Write a web address like https://example.org"),
        ("url", "ftp://example.org/", "Write a web address like https://example.org"),
        ("url", "https://example.org/" + "u" * 181, "at most 200 fit"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_every_word(answer, sent, field, typed, words):
    response = answer(**{field: typed})
    assert response.status_code == 422
    page = response.text
    assert "<title>Error:" in page
    assert page.count(words) == 2  # in the summary and at the field
    assert f'href="#id_{field}"' in page
    assert 'aria-invalid="true"' in page
    for kept in {**sent, field: ""}.values():
        assert kept in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("comment", "漢" * 10_000),
        ("comment", "𝒜" * 10_000),
        ("name", "王" * 245),
        ("email", "s" * 88 + "@example.org"),
        ("url", "https://example.org/" + "u" * 180),
    ],
)
def test_what_just_fits_is_kept_whole(answer, field, typed):
    assert answer(**{field: typed}).status_code == 303
    kept = Comment.objects.values_list("body" if field == "comment" else field, flat=True).get()
    assert kept == typed


def test_what_shows_as_typed_is_a_comment(answer):
    assert [answer(comment=typed).status_code for typed in ("<T>", "👍", "???")] == [303] * 3


def test_the_owner_may_allow_very_long_comments(answer, blog, post):
    Blog.objects.update(comment_max_length=65_525)
    assert answer(comment="a" * 65_525).status_code == 303
    assert answer(comment="a" * 65_526).status_code == 422


def test_a_preview_shows_the_comment_as_it_will_look_and_sends_nothing(answer):
    response = answer(comment="So *pace* it is.", do="preview")
    assert response.status_code == 200
    assert "So <em>pace</em> it is." in response.text
    assert "So *pace* it is." in response.text
    assert "Nothing has been sent yet." in response.text
    assert not Comment.objects.exists()


def test_the_same_comment_sent_twice_is_one_and_both_answers_lead_to_it(answer):
    first, second = answer(), answer()
    assert Comment.objects.count() == 1
    assert signing.loads(first.url.split("/")[-2], salt=views.SALT) == Comment.objects.get().pk
    assert signing.loads(second.url.split("/")[-2], salt=views.SALT) == Comment.objects.get().pk


def test_the_same_words_of_two_people_are_two_comments(answer):
    answer(), answer(name="Wren Castellanos")
    assert Comment.objects.count() == 2


def test_a_writer_keeps_her_words_when_the_post_closed_meanwhile(answer, post):
    Post.objects.update(comments_open=False)
    response = answer(comment="Late to this.")
    assert response.status_code == 403
    assert "Late to this." in response.text
    assert "Comments are closed" in response.text
    assert not Comment.objects.exists()


def test_comments_close_a_number_of_days_after_the_post(answer, client, blog, post):
    Blog.objects.update(comments_close_after=90)
    assert answer().status_code == 303
    Post.objects.update(published_at=timezone.now() - timezone.timedelta(days=91))
    post.refresh_from_db()
    assert answer(comment="Too late?").status_code == 403
    page = client.get(post.get_absolute_url()).text
    assert "They close 90 days after a post." in page
    assert "<form" not in page


def test_an_owner_closes_the_whole_blog_to_comments(answer, blog, post):
    Blog.objects.update(comments_open=False)
    assert answer().status_code == 403


def test_who_writes_too_fast_is_asked_to_wait_and_keeps_the_words(answer, settings):
    settings.TRUSTED_PROXIES = 1
    for n in range(5):
        assert answer(comment=f"Remark {n}").status_code == 303
    # The address of this machine is a proxy's; a reader's is limited.
    answers = [
        answer_from("192.0.2.44", answer, comment=f"Another {n}").status_code for n in range(6)
    ]
    assert answers == [303] * 5 + [429]
    response = answer_from("192.0.2.44", answer, comment="The sixth.")
    assert 0 < int(response["Retry-After"]) <= 60
    assert "The sixth." in response.text
    assert "5 comments in a minute is our limit." in response.text


def answer_from(address, answer, **fields):
    client = answer.__closure__[0].cell_contents
    client.defaults["HTTP_X_FORWARDED_FOR"] = address
    try:
        return answer(**fields)
    finally:
        del client.defaults["HTTP_X_FORWARDED_FOR"]


def test_a_form_from_another_site_is_not_taken_and_its_words_are_kept(client, post, sent):
    at = f"{post.get_absolute_url()}comments/"
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        response = client.post(at, sent, headers=header)
        assert response.status_code == 403
        assert sent["comment"] in response.text
    assert not Comment.objects.exists()
    assert client.post(at, sent, headers={"Origin": "http://testserver"}).status_code == 303


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_only_what_stands_can_be_answered(answer, say, status):
    say(status="published"), say("Second.", status=status)
    response = answer(parent="2")
    assert response.status_code == 422
    assert "no longer there" in response.text
    assert 'name="parent" value=""' in response.text
    assert Comment.objects.count() == 2


def test_a_comment_of_another_post_cannot_be_answered(answer, ilse, say):
    elsewhere = write(ilse, "Elsewhere")
    say(under=elsewhere)
    assert answer(parent="1").status_code == 422


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"published_at": "2999-01-01T00:00Z"}])
def test_what_is_not_published_takes_no_comment(answer, client, ilse, changes):
    hidden = write(ilse, "Not yet", **changes)
    hidden = Post.objects.get(pk=hidden.pk)
    response = answer(at=hidden)
    assert response.status_code == 404
    assert "The bus ticket is the detail" in response.text
    assert "Not yet" not in response.text
    assert not Comment.objects.exists()


def test_a_writer_keeps_her_words_when_the_date_of_the_post_was_put_right(answer, client, post):
    form = f"{post.get_absolute_url()}comments/"
    Post.objects.update(published_at=post.published_at - timezone.timedelta(days=40))
    sent = {"comment": "Still here.", "name": "Sam", "email": "sam@example.org"}
    assert client.post(form, sent).status_code == 303


def test_a_guest_sets_neither_status_nor_number_nor_date_nor_user(answer, ilse):
    answer(status="published", number="7", path="0000007", user=ilse.pk, created_at="2001-01-01")
    comment = Comment.objects.get()
    assert (comment.status, comment.path, comment.user) == ("pending", None, None)
    assert comment.created_at.year > 2001


def test_a_link_to_a_held_comment_cannot_be_guessed_and_expires(answer, client, monkeypatch):
    url = answer().url
    assert client.get(url[:-2] + "x/").status_code == 404
    monkeypatch.setattr(views, "LINK_AGE", -1)
    response = client.get(url)
    assert response.status_code == 403
    assert "This link has expired" in response.text


def test_the_private_page_leads_to_the_comment_once_it_is_up(answer, client, post):
    url = answer().url
    Comment.objects.pending().publish(by=None)
    assert client.get(url).url == f"{post.get_absolute_url()}#c1"


def test_a_writer_whose_comment_was_removed_still_finds_the_words(answer, client):
    url = answer().url
    Comment.objects.all().remove(by=None)
    assert "A moderator has removed this comment." in client.get(url).text


def test_reading_the_address_of_the_form_leads_to_the_conversation(client, post):
    response = client.get(f"{post.get_absolute_url()}comments/")
    assert (response.status_code, response.url) == (302, f"{post.get_absolute_url()}#comments")


def test_two_strangers_without_a_name_may_say_the_same(client, post, sent):
    Blog.objects.update(name_and_email_required=False)
    words = {"comment": "Thank you!", "name": "", "email": ""}
    url = f"{post.get_absolute_url()}comments/"
    for browser in ("One", "Other", "One"):
        client.post(url, sent | words, headers={"user-agent": browser})
    assert Comment.objects.filter(body="Thank you!").count() == 2


def test_the_same_words_are_new_on_another_day(client, post, sent, later):
    url = f"{post.get_absolute_url()}comments/"
    for _day in range(2):
        client.post(url, sent | {"comment": "Again I say it."})
        later(days=2)
    assert Comment.objects.filter(body="Again I say it.").count() == 2
