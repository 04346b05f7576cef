"""Moderators decide in the admin site; every decision is written down and can be taken back."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from comments.desk.reading import token
from comments.models import Comment, Decision
from tests.conftest import write

LIST = "/admin/comments/comment/"


def decide(client, verb: str, *comments: Comment, follow: bool = True):
    """What the admin's list sends when a moderator ticks comments and chooses an action."""
    rows = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    data = {"action": verb, "_selected_action": [comment.pk for comment in comments]}
    data["c"] = [token(row) for row in rows]
    return client.post(f"{LIST}?status=all", data, follow=follow)


def status(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


def test_the_front_of_the_admin_site_says_how_many_wait(at_the_desk, say):
    say(status="pending"), say("Another.", status="pending"), say("Read.")
    assert "2 comments wait to be read." in at_the_desk.get("/admin/").text


def test_what_moderators_open_daily_stands_first_in_the_sidebar(at_the_desk, ilse):
    def names() -> list[tuple[str, list[str]]]:
        apps = at_the_desk.get("/admin/").context["available_apps"]
        return [(app["app_label"], [one["object_name"] for one in app["models"]]) for app in apps]

    daily = ["Moderation", "Comment", "Decision", "Person", "Rule"]
    assert names() == [("comments", [*daily, "Check", "Notice"])]
    at_the_desk.force_login(ilse)
    of_comments, of_the_blog, *_rest = names()
    assert of_comments == ("comments", [*daily, "Check", "Notice"])
    assert of_the_blog[0] == "blog"


def test_the_list_opens_on_what_is_waiting(at_the_desk, say):
    say("Let me in.", status="pending", reasons=[{"words": "3 links", "weight": 2.0}])
    say("I am in.")
    page = at_the_desk.get(LIST).text
    assert "Let me in." in page
    assert "3 links (+2)" in page
    assert "I am in." not in page
    assert "I am in." in at_the_desk.get(f"{LIST}?status=published").text
    assert "I am in." in at_the_desk.get(f"{LIST}?status=all").text


def test_a_moderator_lets_a_comment_in_and_readers_see_it(at_the_desk, client, post, say):
    comment = say("Let me in.", status="pending")
    page = decide(at_the_desk, "publish", comment).text
    assert "Published: Sam Whitlow on “Other People’s Pencil”." in page
    assert status(comment) == "published"
    assert "Let me in." in client.get(post.get_absolute_url()).text


def test_many_are_decided_at_once_in_one_line_of_the_log(at_the_desk, ana, say):
    comments = [say(f"Buy {n}.", status="pending") for n in range(5)]
    decide(at_the_desk, "mark_spam", *comments)
    assert {status(comment) for comment in comments} == {"spam"}
    decision = Decision.objects.get(verb="mark_spam")
    assert (decision.by, decision.changes.count()) == (ana, 5)
    assert LogEntry.objects.filter(user=ana).count() == 5


def test_what_was_removed_is_restored_to_where_it_stood(at_the_desk, say):
    published, pending = say(), say("Held.", status="pending")
    decide(at_the_desk, "remove", published, pending)
    decide(at_the_desk, "restore", published, pending)
    assert (status(published), status(pending)) == ("published", "pending")


def test_a_decision_is_taken_back_from_the_log(at_the_desk, ana, say):
    kept, spam = say(), say("Buy.", status="pending")
    decide(at_the_desk, "mark_spam", kept, spam)
    decision = Decision.objects.get(verb="mark_spam")
    url, sent = reverse("admin:moderation_undo"), {"decision": decision.pk}
    assert at_the_desk.get(url).status_code == 303
    at_the_desk.post(url, sent)
    assert (status(kept), status(spam)) == ("published", "pending")
    assert Decision.objects.get(undoes=decision).by == ana
    again = at_the_desk.post(url, sent, follow=True).text
    assert "That was taken back already, by Ana Prieto, 1 second ago." in again
    assert "somebody has decided otherwise" not in again


def test_undo_leaves_alone_what_was_decided_otherwise_since(ana, say):
    one, two = say(status="pending"), say("Two.", status="pending")
    decision = Comment.objects.pending().mark_spam(by=ana)
    Comment.objects.filter(pk=one.pk).publish(by=ana)
    decision.undo(by=ana)
    assert (status(one), status(two)) == ("published", "pending")


def test_undo_does_not_reach_over_a_later_decision(ana, say):
    comment = say(status="pending")
    this = Comment.objects.filter(pk=comment.pk)
    first = this.publish(by=ana)
    this.remove(by=ana), this.publish(by=ana)
    assert first.undo(by=ana) is None
    assert status(comment) == "published"


def test_restoring_brings_nothing_into_the_open_that_was_not(ana, say):
    comment = say()
    this = Comment.objects.filter(pk=comment.pk)
    this.hold(by=ana), this.mark_spam(by=ana), this.restore(by=ana)
    assert status(comment) == "pending"


def test_deciding_what_is_decided_writes_nothing(at_the_desk, say):
    comment = say()
    before = Decision.objects.count()
    assert "Already published by the blog’s rules" in decide(at_the_desk, "publish", comment).text
    assert Decision.objects.count() == before


def test_a_moderator_mends_a_comment_and_nothing_else_of_it(at_the_desk, ana, post, say):
    say(), say("As @1 says, teh uncle.")
    comment = Comment.objects.numbered("2").get()
    url = reverse("admin:comments_comment_change", args=[comment.pk])
    words = {"name": "Sam Whitlow", "email": "sam@example.org", "url": ""}
    words["seen"] = comment.last_decision_id
    at_the_desk.post(url, {**words, "body": "As @1 says, the uncle.", "status": "spam"})
    comment.refresh_from_db()
    assert comment.body == "As @1 says, the uncle."
    assert "the uncle" in comment.html
    assert [one.number for one in comment.cites.all()] == ["1"]
    assert (comment.status, comment.number) == ("published", "2")
    assert Decision.objects.get(verb="edit").by == ana


def test_the_verbs_stand_below_the_comment_as_well(at_the_desk, say):
    comment = say("Let me in.", status="pending")
    url = reverse("admin:comments_comment_change", args=[comment.pk])
    words = {"name": comment.name, "email": comment.email, "url": "", "body": comment.body}
    at_the_desk.post(url, {**words, "_verb": "publish"})
    assert status(comment) == "published"
    assert not Decision.objects.filter(verb="edit").exists()


def test_a_waiting_comment_offers_no_way_to_a_place_that_it_has_not(at_the_desk, say):
    comment = say(status="pending")
    page = at_the_desk.get(f"{LIST}{comment.pk}/change/").text
    assert "/admin/r/" not in page


def test_the_thread_around_a_comment_is_one_click_away(at_the_desk, say):
    say("The top."), say("An answer.", answers="1")
    waiting = say("Waiting.", answers="1.1", status="pending")
    assert f"{LIST}{waiting.pk}/thread/" in at_the_desk.get(LIST).text
    page = at_the_desk.get(f"{LIST}{waiting.pk}/thread/").text
    assert page.index("The top.") < page.index("An answer.") < page.index("Waiting.")


def test_a_comment_is_never_deleted(at_the_desk, client, ilse, say):
    comment = say()
    client.force_login(ilse)
    assert client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 403
    decide(client, "delete_selected", comment)
    assert Comment.objects.filter(pk=comment.pk).exists()


def test_an_author_decides_under_own_posts_and_nowhere_else(client, piet, ilse, say):
    own, other = write(piet, "Mine"), write(ilse, "Hers")
    mine, hers = say("A", under=own, status="pending"), say("B", under=other, status="pending")
    client.force_login(piet)
    page = client.get(LIST).text
    assert f"{LIST}{mine.pk}/" in page
    assert f"{LIST}{hers.pk}/" not in page
    decide(client, "publish", mine, hers)
    assert (status(mine), status(hers)) == ("published", "pending")
    assert "1 comment waits" not in client.get("/admin/").text


def test_an_author_edits_own_posts_alone(client, piet, ilse):
    own, other = write(piet, "Mine"), write(ilse, "Hers")
    client.force_login(piet)
    assert client.get(f"/admin/blog/post/{own.pk}/change/").status_code == 200
    assert client.get(f"/admin/blog/post/{other.pk}/change/").status_code == 302
    assert "Hers" not in client.get("/admin/blog/post/").text


def test_a_moderator_has_no_hand_in_posts_people_or_settings(at_the_desk, post):
    for noun in ("post", "user", "blog", "category"):
        assert at_the_desk.get(f"/admin/blog/{noun}/").status_code == 403


def test_the_log_is_changed_by_nobody(client, ilse, say):
    say()
    decision = Decision.objects.get()
    client.force_login(ilse)
    url = reverse("admin:comments_decision_change", args=[decision.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"why": "because"}).status_code == 403
    assert client.post(f"/admin/comments/decision/{decision.pk}/delete/").status_code == 403


@pytest.mark.parametrize("count", [5, 50])
def test_the_queue_costs_the_same_queries_for_few_as_for_many(
    at_the_desk, say, count, django_assert_num_queries
):
    for n in range(count):
        say(f"Remark {n}.", status="pending")
    at_the_desk.get(LIST)
    with django_assert_num_queries(10):
        at_the_desk.get(LIST)


def as_read(client, query: str = "") -> dict:
    """What the form of the admin's list holds when a moderator has read it, nothing ticked."""
    page = client.get(LIST + query).text
    fields = re.findall(r'<input type="hidden" name="(c|upto|decided)" value="([\d.]*)">', page)
    return {name: [value for key, value in fields if key == name] for name in dict(fields)}


@pytest.mark.parametrize("query", ["", "?status=all"])
def test_in_the_old_list_the_second_moderator_is_told_what_the_first_has_decided(
    at_the_desk, say, ilse, query
):
    first, second = say("One.", status="pending"), say("Two.", status="pending")
    read = as_read(at_the_desk, query)
    decided = Comment.objects.filter(pk=first.pk).publish(by=ilse)
    ticked = {"action": "mark_spam", "_selected_action": [first.pk, second.pk]}
    page = at_the_desk.post(LIST + query, read | ticked, follow=True).text
    assert "Already published by Ilse Marchetti, 1 second ago: Sam Whitlow." in page
    assert (status(first), status(second)) == ("published", "spam")
    assert Comment.objects.get(pk=first.pk).last_decision == decided
    assert LogEntry.objects.filter(object_id=first.pk).count() == 0


def test_in_the_old_list_the_same_verdict_is_not_given_twice(at_the_desk, say, ilse):
    comment = say(status="pending")
    read = as_read(at_the_desk)
    Comment.objects.filter(pk=comment.pk).publish(by=ilse)
    ticked = {"action": "publish", "_selected_action": [comment.pk]}
    page = at_the_desk.post(LIST, read | ticked, follow=True).text
    assert "Already published by Ilse Marchetti" in page
    assert Decision.objects.filter(verb="publish").count() == 1


def test_a_form_that_does_not_say_what_was_seen_decides_nothing(at_the_desk, say):
    comment = say(status="pending")
    at_the_desk.post(LIST, {"action": "publish", "_selected_action": [comment.pk]})
    assert status(comment) == "pending"


def test_all_of_the_old_list_are_those_that_stood_so_when_it_was_read(at_the_desk, say, ilse):
    first, second = say("One.", status="pending"), say("Two.", status="pending")
    read = as_read(at_the_desk, "?status=all")
    Comment.objects.filter(pk=first.pk).publish(by=ilse)
    later = say("Three.", status="pending")
    sent = {"action": "mark_spam", "select_across": "1", "_selected_action": [first.pk]}
    at_the_desk.post(f"{LIST}?status=all", read | sent)
    assert [status(one) for one in (first, second, later)] == ["published", "spam", "pending"]


def test_below_one_comment_the_second_moderator_is_told_as_well(at_the_desk, say, ilse):
    comment = say(status="pending")
    url = f"{LIST}{comment.pk}/change/"
    form = at_the_desk.get(url).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    Comment.objects.filter(pk=comment.pk).publish(by=ilse)
    page = at_the_desk.post(url, sent | {"_verb": "mark_spam"}).text
    assert "Already published by Ilse Marchetti, 1 second ago: Sam Whitlow." in page
    assert status(comment) == "published"


def test_very_many_are_left_to_the_desk(at_the_desk, say, monkeypatch):
    monkeypatch.setattr("comments.admin.verbs.AT_ONCE", 2)
    three = [say(f"Remark {number}.", status="pending") for number in range(3)]
    page = decide(at_the_desk, "mark_spam", *three).text
    assert "too many for one step" in page
    assert {status(comment) for comment in three} == {"pending"}
    decide(at_the_desk, "mark_spam", *three[:2])
    assert [status(comment) for comment in three] == ["spam", "spam", "pending"]


def test_the_history_of_a_comment_is_below_its_form(at_the_desk, say):
    comment = say("A remark.")
    page = at_the_desk.get(f"{LIST}{comment.pk}/history/", follow=True)
    assert page.redirect_chain[0][0].endswith("/change/#past")
    assert 'id="past"' in page.text
