"""The link in a notice: looking changes nothing, one press decides, and it ends."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.core import signing
from django.test import Client
from django.utils import timezone

from blog.models import User
from comments import editing, moderation, warrants
from comments.models import Comment, Decision
from tests.conftest import forge, write
from tests.post_office import decision_link, links
from tests.test_moderation import status


@pytest.fixture
def waiting(say) -> Comment:
    reasons = [{"words": "First comment", "weight": 1.5}]
    return say("Let me *in*.", status="pending", reasons=reasons)


@pytest.fixture
def link(waiting, ana) -> str:
    """Ana's link to the comment that waits."""
    return warrants.issue(waiting, ana)


def test_following_every_link_of_a_mail_changes_nothing(hold, to_ana, client, settings):
    comment = hold()
    (mail,) = to_ana()
    before = Comment.objects.filter(pk=comment.pk).values().get()
    for url in links(mail) * 2:
        path = url.removeprefix(settings.SITE_URL)
        for ask in (client.get, client.head, client.options):
            assert ask(path).status_code in (200, 302, 404, 405)
            assert not client.cookies
    assert Comment.objects.filter(pk=comment.pk).values().get() == before
    assert not Decision.objects.exists()


def test_the_link_in_a_mail_shows_the_comment_and_decides(hold, to_ana, client, ana, settings):
    comment = hold("Let me *in*.")
    path = decision_link(to_ana()[0]).removeprefix(settings.SITE_URL)
    page = client.get(path)
    assert "Let me <em>in</em>." in page.text
    assert all(f'value="{verb}"' in page.text for verb in ("publish", "mark_spam", "remove"))
    response = client.post(path, {"do": "publish"})
    assert (response.status_code, response.url) == (303, path)
    assert status(comment) == "published"
    assert Decision.objects.get().by == ana


def test_the_page_says_what_a_moderator_needs(client, say, ana):
    say("Pencil is honest.", name="Joan Okafor")
    reasons = [{"words": "First comment", "weight": 1.5}]
    comment = say("As @1 says.", answers="1", status="pending", reasons=reasons)
    page = client.get(warrants.issue(comment, ana)).text
    assert "Joan Okafor wrote:" in page
    assert "Pencil is honest." in page
    assert "First comment (+1.5)" in page
    assert "You decide as Ana Prieto." in page
    assert "Other People’s Pencil" in page
    assert 'href="/2' in page.split('class="at"')[1][:60]
    assert f"/admin/comments/moderation/?c={comment.pk}" in page


def test_the_page_is_kept_by_nobody_and_gives_its_address_to_nobody(client, link):
    forged = client.get(f"{link[:-2]}/")
    for response in (client.get(link), client.post(link, {"do": "remove"}), forged):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"
        assert not response.cookies


@pytest.mark.parametrize(
    ("verb", "after", "words"),
    [
        ("publish", "published", "Published."),
        ("mark_spam", "spam", "Called spam."),
        ("remove", "removed", "Removed."),
    ],
)
def test_each_button_does_what_it_says_and_is_undone(client, waiting, link, verb, after, words):
    page = client.post(link, {"do": verb}, follow=True).text
    assert status(waiting) == after
    assert words in page
    assert 'value="undo"' in page
    page = client.post(link, {"do": "undo"}, follow=True).text
    assert status(waiting) == "pending"
    assert "Taken back. The comment waits again." in page
    client.post(link, {"do": "mark_spam"})  # it was the wrong button
    assert status(waiting) == "spam"
    client.post(link, {"do": "undo"})
    assert client.post(link, {"do": "undo"}).status_code == 409
    assert status(waiting) == "pending"


def test_a_link_made_after_an_undo_works_as_any_other(client, waiting, ana):
    Comment.objects.filter(pk=waiting.pk).publish(by=ana).undo(by=ana)
    link = warrants.issue(Comment.objects.get(), ana)
    assert client.post(link, {"do": "remove"}).status_code == 303
    client.post(link, {"do": "undo"})
    assert client.post(link, {"do": "publish"}).status_code == 303
    assert status(waiting) == "published"


def refused(response) -> bool:
    """Whether a link is refused without a word of what it leads to."""
    told = ["Let me", "Sam", "Ana", "Pencil"]
    page = response.text.partition("<main")[2]
    return response.status_code == 403 and not any(word in page for word in told)


def assert_refused(client, link: str) -> None:
    before = list(Comment.objects.values("status", "last_decision"))
    for answer in (client.get(link), client.post(link, {"do": "publish"})):
        assert refused(answer)
    assert client.head(link).status_code == 403
    assert client.post(link, {"do": "undo"}).status_code == 403
    assert list(Comment.objects.values("status", "last_decision")) == before


def test_a_link_that_was_used_does_nothing_more(client, waiting, link):
    client.post(link, {"do": "publish"})
    for verb in ("publish", "remove", "mark_spam"):
        assert client.post(link, {"do": verb}).status_code == 409
    assert status(waiting) == "published"
    assert Decision.objects.count() == 1


def test_a_link_does_nothing_after_an_edit(client, waiting, link, ilse):
    waiting.body = "Buy pencils."
    editing.save(waiting, by=ilse)
    page = client.get(link).text
    assert "Changed by Ilse Marchetti, 1 second ago." in page
    assert "<form" not in page
    assert client.post(link, {"do": "publish"}).status_code == 409
    assert status(waiting) == "pending"


def test_a_link_made_before_others_decided_back_and_forth_does_nothing(client, waiting, link, ilse):
    this = Comment.objects.filter(pk=waiting.pk)
    this.publish(by=ilse), this.hold(by=ilse)
    assert status(waiting) == "pending"
    assert client.post(link, {"do": "publish"}).status_code == 409
    this.remove(by=ilse).undo(by=ilse)
    assert client.post(link, {"do": "publish"}).status_code == 409
    assert status(waiting) == "pending"


def test_every_byte_of_a_link_counts(client, waiting, link):
    start = len("/comments/decide/")
    for place in range(start, len(link) - 1):
        other = "A" if link[place] != "A" else "B"
        forged = f"{link[:place]}{other}{link[place + 1 :]}"
        assert refused(client.post(forged, {"do": "publish"}))
    assert_refused(client, f"{link[:-2]}/")
    assert_refused(client, f"{link[:-1]}A/")
    assert status(waiting) == "pending"


def test_a_link_is_for_one_comment_and_one_moderator(client, say, waiting, link, ana, ilse):
    facts = signing.loads(link.split("/")[3], salt=warrants.SALT)
    other = say("Another.", status="pending")
    theirs = warrants.issue(other, ana).split("/")[3].split(":")
    token = link.split("/")[3].split(":")
    assert_refused(client, f"/comments/decide/{theirs[0]}:{token[1]}:{token[2]}/")
    elsewhere = signing.dumps(facts, salt="comments.held")  # signed by us, for something else
    assert_refused(client, f"/comments/decide/{elsewhere}/")
    seal = [ilse.pk, *facts[1:]]  # the seal of one with the name of another
    assert_refused(client, f"/comments/decide/{signing.dumps(seal, salt=warrants.SALT)}/")


@pytest.mark.parametrize(
    "token", ["x", "a:b:c", "é:é:é", "%0d%0aX:1", "..%2f", ":" * 50, "e" * 9999]
)
def test_what_is_no_link_at_all_is_refused(client, blog, token):
    assert client.get(f"/comments/decide/{token}/").status_code in (403, 404)


def test_a_link_ends_after_fourteen_days(client, waiting, link, later):
    later(days=14, seconds=-60)
    assert client.get(link).status_code == 200
    later(minutes=2)
    assert_refused(client, link)


def test_undo_ends_with_the_link(client, waiting, link, later):
    client.post(link, {"do": "publish"})
    later(days=13)
    assert 'value="undo"' in client.get(link).text
    later(days=2)
    assert client.post(link, {"do": "undo"}).status_code == 403
    assert status(waiting) == "published"


@pytest.mark.parametrize(
    "lose",
    [
        lambda ana: User.objects.filter(pk=ana.pk).update(is_active=False),
        lambda ana: ana.groups.clear(),
        lambda ana: (ana.set_password("another pencil"), ana.save()),
        lambda ana: ana.groups.set([Group.objects.get(name="Author")]),
    ],
    ids=["shut out", "no moderator any more", "a new password", "an author of other posts"],
)
def test_a_link_ends_with_the_right_to_decide(client, link, ana, lose):
    lose(User.objects.get(pk=ana.pk))
    assert_refused(client, link)


def test_a_link_outlives_a_change_of_the_secret_key(client, waiting, link, settings):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert client.get(link).status_code == 403
    settings.SECRET_KEY_FALLBACKS = [former]
    assert client.get(link).status_code == 200


def test_a_link_to_a_comment_that_is_deleted_is_refused(client, waiting, link):
    waiting.delete()
    assert_refused(client, link)


def test_an_author_decides_by_mail_about_own_posts_alone(client, piet, ilse, say):
    own, other = write(piet, "Mine"), write(ilse, "Hers")
    mine, hers = say("A", under=own, status="pending"), say("B", under=other, status="pending")
    assert client.post(warrants.issue(mine, piet), {"do": "publish"}).status_code == 303
    assert_refused(client, warrants.issue(hers, piet))
    assert (status(mine), status(hers)) == ("published", "pending")


def test_who_comes_second_is_told_who_was_first(client, waiting, link, ilse):
    Comment.objects.filter(pk=waiting.pk).publish(by=ilse)
    forge(Decision.objects.all(), at=timezone.now() - timedelta(seconds=10))
    for answer in (client.get(link), client.post(link, {"do": "mark_spam"})):
        assert "Already published by Ilse Marchetti, 10 seconds ago." in answer.text
        assert 'value="undo"' not in answer.text
    assert client.post(link, {"do": "undo"}).status_code == 409
    assert status(waiting) == "published"
    forge(Decision.objects.all(), at=timezone.now() - timedelta(hours=2))
    assert "2\xa0hours ago" in client.get(link).text


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("undo", "Ilse Marchetti took a decision back, 1 second ago; it is waiting now."),
        ("block", "Already called spam by Ilse Marchetti, 1 second ago."),
    ],
)
def test_who_comes_after_an_undo_or_a_block_is_told_how_it_stands(
    client, waiting, link, ilse, verb, said
):
    this = Comment.objects.filter(pk=waiting.pk)
    if verb == "undo":
        this.publish(by=ilse).undo(by=ilse)
    else:
        moderation.decide(this, "mark_spam", by=ilse, decision=Decision(verb="block", by=ilse))
    for answer in (client.get(link), client.post(link, {"do": "publish"})):
        assert said in answer.text


def test_who_comes_second_by_a_moment_is_told_so_too(client, waiting, link, ilse, monkeypatch):
    decide = warrants.moderation.lock

    def first(posts):  # between our look and our lock
        monkeypatch.undo()
        Comment.objects.filter(pk=waiting.pk).remove(by=ilse)
        return decide(posts)

    monkeypatch.setattr(warrants.moderation, "lock", first)
    answer = client.post(link, {"do": "publish"})
    assert answer.status_code == 409
    assert "Already removed by Ilse Marchetti" in answer.text
    assert status(waiting) == "removed"


def test_what_the_rules_decided_is_said_to_be_theirs(client, waiting, link):
    Comment.objects.filter(pk=waiting.pk).mark_spam(by=None)
    assert "Already called spam by the blog’s own rules" in client.get(link).text


def test_undo_by_mail_reaches_nothing_but_its_comment(client, say, waiting, link, ana):
    say("Another.", status="pending")
    Comment.objects.pending().mark_spam(by=ana)  # both, at the desk
    page = client.post(link, {"do": "undo"})
    assert page.status_code == 409
    assert {one.status for one in Comment.objects.all()} == {"spam"}


@pytest.mark.parametrize("do", ["", "hold", "restore", "delete", "undo\0"])
def test_a_link_does_nothing_but_what_it_offers(client, waiting, link, do):
    assert client.post(link, {"do": do}).status_code == 400
    assert status(waiting) == "pending"


def test_no_other_site_presses_the_button(client, waiting, link):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(link, {"do": "publish"}, headers=headers).status_code == 403
    assert status(waiting) == "pending"


def test_a_link_needs_no_cookie_and_no_token(waiting, link):
    assert Client(enforce_csrf_checks=True).post(link, {"do": "publish"}).status_code == 303
    assert status(waiting) == "published"


def test_whoever_is_logged_in_the_link_is_its_moderators(client, waiting, link, ilse):
    client.force_login(ilse)
    client.post(link, {"do": "publish"})
    assert Decision.objects.get().by.name == "Ana Prieto"


def test_who_has_left_the_staff_decides_by_no_link(client, ana, hold, to_ana):
    hold()
    path = urlsplit(decision_link(to_ana()[0])).path
    assert client.get(path).status_code == 200
    User.objects.filter(pk=ana.pk).update(is_staff=False)
    assert client.get(path).status_code == 403
    assert client.post(path, {"do": "publish"}).status_code == 403
    hold("Another remark.")
    assert len(to_ana()) == 1
