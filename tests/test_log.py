"""The log says who decided what, when and why; nobody changes it, and it can be taken away."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments import bulk, differences, editing
from comments.desk import counts
from comments.desk.reading import token
from comments.models import Change, Comment, Decision, Revision
from comments.models.kept import IsKept
from tests.conftest import forge, write
from tests.test_safety import PAYLOADS, kinds

LIST, EXPORT = "/admin/comments/decision/", "/admin/comments/decision/export/"
UNDO = "/admin/comments/moderation/undo/"


def page_of(decision: Decision) -> str:
    return f"{LIST}{decision.pk}/change/"


def exported(client, query: str = "") -> list[dict[str, str]]:
    response = client.get(EXPORT + query)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def form_of(client, comment: Comment) -> dict:
    """What a moderator's browser has in the form of a comment."""
    url = f"/admin/comments/comment/{comment.pk}/change/"
    form = client.get(url).context["adminform"].form
    return {name: form[name].value() or "" for name in (*editing.WORDS, "because", "seen")}


def save(client, comment: Comment, sent: dict, follow: bool = False):
    return client.post(f"/admin/comments/comment/{comment.pk}/change/", sent, follow=follow)


@pytest.fixture
def edited(at_the_desk, ana, say) -> Decision:
    """Ana mended a comment."""
    comment = say("It was teh old uncle.")
    comment.body = "It was the old uncle & I."
    return editing.save(comment, by=ana, why="A typo")


# What stays as it is


def test_no_line_of_the_log_can_be_deleted(ana, say):
    say()
    decision, change = Decision.objects.get(), Change.objects.get()
    for attempt in (
        decision.delete,
        change.delete,
        Decision.objects.all().delete,
        Decision.objects.filter(by=ana).delete,
        Change.objects.all().delete,
        decision.changes.all().delete,
    ):
        with pytest.raises(IsKept):
            attempt()
    assert (Decision.objects.count(), Change.objects.count()) == (1, 1)


@pytest.mark.parametrize("fact", ["verb", "by", "at", "why", "undoes", "size", "scope"])
def test_nobody_rewrites_a_decision_by_any_way(ana, say, now, fact):
    say(), say("Two.")
    other, decision = Decision.objects.all()
    new = {
        "verb": "remove",
        "by": ana,
        "at": now - timedelta(days=9),
        "why": "Because",
        "undoes": other,
        "size": 7,
        "scope": {"after": 3},
    }[fact]
    before = Decision.objects.filter(pk=decision.pk).values().get()
    setattr(decision, fact, new)
    forged = Decision(pk=decision.pk, **{"verb": "publish", fact: new})
    for attempt in (
        decision.save,
        lambda: decision.save(update_fields=[fact]),
        lambda: Decision.objects.update(**{fact: new}),
        lambda: ana.decisions.update(**{fact: new}),
        lambda: Decision.objects.bulk_update([decision], [fact]),
        lambda: Decision.objects.update_or_create(pk=decision.pk, defaults={fact: new}),
        lambda: ana.decisions.add(decision),
        lambda: Decision.objects.bulk_create(
            [forged], update_conflicts=True, update_fields=[fact], unique_fields=["pk"]
        ),
    ):
        with pytest.raises(IsKept), transaction.atomic():
            attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert Decision.objects.filter(pk=decision.pk).values().get() == before


def test_nobody_rewrites_what_a_decision_did(say):
    one, other = say(), say("Two.")
    change = one.changes.get()
    change.before = "spam"
    for attempt in (
        change.save,
        lambda: Change.objects.update(before="spam"),
        lambda: Change.objects.update(comment=None, before="spam"),
        lambda: one.changes.update(comment=other),
        lambda: other.changes.set([change]),
        lambda: Change.objects.bulk_update([change], ["before"]),
    ):
        with pytest.raises(IsKept), transaction.atomic():
            attempt()
    assert one.changes.get().before == "pending"


def test_a_decision_goes_on_while_it_is_carried_out(ana):
    decision = Decision(verb="block", by=ana, size=0, scope={"after": 0, "count": 9})
    for _step in range(2):
        decision.count(3)
        decision.reach(3)
    found = Decision.objects.get()
    assert (found.size, found.scope) == (6, {"after": 3, "count": 9})
    decision.reach(0)
    assert Decision.objects.get().scope is None


def test_the_log_outlives_the_comments_that_it_is_about(client, ilse, say):
    comment = say(status="pending")
    decision = Comment.objects.filter(pk=comment.pk).mark_spam(by=ilse)
    comment.delete()
    assert Change.objects.get().comment is None
    client.force_login(ilse)
    assert "A comment that was deleted since" in client.get(page_of(decision)).text
    assert exported(client)[0]["before"] == "pending"


def test_not_even_a_superuser_changes_the_log(client, ilse, say):
    say()
    decision = Decision.objects.get()
    client.force_login(ilse)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page_of(decision), {"why": "x"}).status_code == 403
    for method in (client.get, client.post):
        assert method(f"{LIST}{decision.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": decision.pk, "post": "yes"}
    client.post(LIST, sent)
    assert Decision.objects.get() == decision
    page = client.get(LIST).text
    assert "delete_selected" not in page
    assert f"{LIST}add/" not in page


# Reading it


def test_the_log_is_filtered_by_what_who_when_and_why(at_the_desk, ana, piet, say, now):
    comment = say("A", status="pending")
    this = Comment.objects.filter(pk=comment.pk)
    this.publish(by=ana, why="Kind words")
    this.remove(by=piet, why="A quarrel")
    old = this.mark_spam(by=None)
    forge(Decision.objects.filter(pk=old.pk), at=now - timedelta(days=40))
    day = f"{timezone.localdate():%Y-%m-%d}"

    def found(query: str) -> set[str]:
        return {one.verb for one in at_the_desk.get(LIST + query).context["cl"].result_list}

    assert found("") == {"publish", "remove", "mark_spam"}
    assert found("?verb__exact=remove") == {"remove"}
    assert found(f"?who={ana.pk}") == {"publish"}
    assert found("?who=rules") == {"mark_spam"}
    assert found("?q=quarrel") == {"remove"}
    assert found(f"?since={day}") == found(f"?since={day}&until={day}") == {"publish", "remove"}
    assert found(f"?since={day}&who={piet.pk}&q=quarrel") == {"remove"}
    assert found("?until=2001-01-01") == set()
    assert found("?since=nonsense&until=9999-99-99&who=x") == {"publish", "remove", "mark_spam"}


def test_the_form_for_dates_carries_the_other_filters_along(at_the_desk, ana, say):
    say()
    page = at_the_desk.get(f'{LIST}?who={ana.pk}&q="><b>&since=2014-01-01').text
    form = page[page.index('class="between"') :]
    assert f'name="who" value="{ana.pk}"' in form
    assert 'name="q" value="&quot;&gt;&lt;b&gt;"' in form
    assert 'name="since" value="2014-01-01"' in form
    assert 'type="hidden" name="since"' not in form


def test_an_edit_shows_what_became_of_the_words(at_the_desk, edited):
    page = at_the_desk.get(page_of(edited)).text
    assert "It was <del>teh</del><ins>the</ins> old uncle<ins> &amp; I</ins>." in page
    assert "It was teh old uncle." in page
    assert "A typo" in page


def test_an_edit_shows_its_own_words_though_others_came_after(at_the_desk, ana, edited):
    comment = Comment.objects.get()
    comment.body = "All new."
    editing.save(comment, by=ana)
    page = at_the_desk.get(page_of(edited)).text
    assert "<del>teh</del><ins>the</ins>" in page
    assert "All new." not in page


def test_differences_are_found_soon_however_long_the_text():
    one, other = "a b " * 16_000, "b c " * 16_000
    assert differences.marked(one, other).startswith("<del>a b")
    assert differences.marked(one + "x", one + "y") == f"{one}<del>x</del><ins>y</ins>"


def test_undo_is_offered_for_thirty_days_and_only_once(at_the_desk, ana, say, now):
    comment = say(status="pending")
    decision = Comment.objects.filter(pk=comment.pk).mark_spam(by=ana)
    assert "It can be taken back until" in at_the_desk.get(page_of(decision)).text
    sent = {"decision": decision.pk, "back": page_of(decision)}
    response = at_the_desk.post(UNDO, sent, follow=True)
    assert response.redirect_chain == [(page_of(decision), 303)]
    assert "Taken back: Called spam: Sam Whitlow" in response.text
    assert "can no longer be taken back" in response.text
    again = Comment.objects.filter(pk=comment.pk).mark_spam(by=ana)
    forge(Decision.objects.filter(pk=again.pk), at=now - timedelta(days=31))
    assert 'value="Undo"' not in at_the_desk.get(page_of(again)).text


def undo_offered(client) -> set[int]:
    """The decisions beside which the log has a button that takes them back."""
    buttons = re.findall(r'form="undo" name="decision" value="(\d+)"', client.get(LIST).text)
    return {int(key) for key in buttons}


def test_the_log_offers_undo_beside_each_line_that_can_be_taken_back(at_the_desk, ana, say, now):
    old, done, fresh, running = (
        Comment.objects.filter(pk=say(f"Remark {n}.", status="pending").pk).mark_spam(by=ana)
        for n in range(4)
    )
    forge(Decision.objects.filter(pk=old.pk), at=now - timedelta(days=31))
    forge(Decision.objects.filter(pk=running.pk), scope={"after": 0})
    undoing = done.undo(by=ana)
    assert undo_offered(at_the_desk) == {fresh.pk, undoing.pk}
    sent = {"decision": fresh.pk, "back": f"{LIST}?verb__exact=mark_spam"}
    response = at_the_desk.post(UNDO, sent, follow=True)
    assert response.redirect_chain == [(f"{LIST}?verb__exact=mark_spam", 303)]
    assert "Taken back: Called spam: Sam Whitlow" in response.text
    assert fresh.pk not in undo_offered(at_the_desk)


def test_the_log_offers_an_author_no_undo_that_would_be_refused(client, ilse, piet, say):
    own = write(piet, "Mine")
    here, there = (say("A", under=own, status="pending"), say("B", under=own, status="pending"))
    kept = Comment.objects.filter(pk=here.pk).publish(by=piet)
    lost = Comment.objects.filter(pk=there.pk).publish(by=piet)
    Comment.objects.filter(pk=there.pk).update(post=write(ilse, "Hers").pk, path="0000009")
    client.force_login(piet)
    assert undo_offered(client) == {kept.pk}
    assert client.post(UNDO, {"decision": lost.pk}).status_code == 403


def test_a_decision_about_very_many_is_taken_back_by_the_worker(
    at_the_desk, ana, say, work, monkeypatch
):
    monkeypatch.setattr("comments.desk.actions.AT_ONCE", 2)
    for n in range(3):
        say(f"Remark {n}.", status="pending")
    decision = Comment.objects.pending().mark_spam(by=ana)
    response = at_the_desk.post(UNDO, {"decision": decision.pk})
    undoing = Decision.objects.get(undoes=decision)
    assert response["Location"] == f"/admin/comments/moderation/progress/{undoing.pk}/"
    assert "still being carried out" in at_the_desk.get(page_of(undoing)).text
    work()
    assert Comment.objects.pending().count() == 3


def test_the_worker_writes_down_how_far_it_is(ana, say, work):
    say(status="pending"), say("Two.", status="pending")
    decision = bulk.start("state=pending", "publish", by=ana, read=(10**9, 10**9), count=2)
    work()
    decision.refresh_from_db()
    assert (decision.size, decision.scope) == (2, None)


# Taking it away


def test_the_log_leaves_as_a_table(at_the_desk, ana, say):
    first, _second = say("A"), say("B", status="pending")
    decision = Comment.objects.all().mark_spam(by=ana, why="A wave, “so to say”;\nof two")
    decision.undo(by=ana)
    response = at_the_desk.get(EXPORT)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="moderation-log-[\d-]+\.csv"',
        response.headers["Content-Disposition"],
    )
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbfwhen,what,who,why,")
    rows = exported(at_the_desk)
    assert [row["what"] for row in rows] == ["undo", "undo", "mark_spam", "mark_spam", "publish"]
    spam = next(row for row in rows[2:] if row["comment"] == str(first.pk))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", spam["when"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", spam["undone"])
    assert (spam["who"], spam["why"]) == ("Ana Prieto", "A wave, “so to say”;\nof two")
    assert (spam["comment"], spam["number"], spam["author"]) == (str(first.pk), "1", "Sam Whitlow")
    assert (spam["post"], spam["before"], spam["after"]) == (
        "Other People’s Pencil",
        "published",
        "spam",
    )
    assert rows[4]["who"] == ""


def test_the_table_holds_what_the_list_was_filtered_to(at_the_desk, ana, say):
    comment = say()
    Comment.objects.filter(pk=comment.pk).remove(by=ana)
    assert [row["what"] for row in exported(at_the_desk, f"?who={ana.pk}")] == ["remove"]
    assert f"{EXPORT}?who={ana.pk}" in at_the_desk.get(f"{LIST}?who={ana.pk}").text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(at_the_desk, ana, say, sign):
    risky = f"{sign}cmd|' /C calc'!A0"
    comment = say(name=risky)
    Comment.objects.filter(pk=comment.pk).remove(by=ana, why=f'{risky}","=1')
    row = exported(at_the_desk)[0]
    assert row["author"] == f"'{risky}"
    assert row["why"] == f'\'{risky}","=1'


def test_an_author_takes_away_own_lines_alone(client, ana, piet, say):
    mine = say("Mine.", under=write(piet, "Mine"), status="pending", name="Reader of Piet")
    Comment.objects.filter(pk=say(status="pending").pk).remove(by=ana)
    own = Comment.objects.filter(pk=mine.pk).publish(by=piet)
    client.force_login(piet)
    assert [row["author"] for row in exported(client)] == ["Reader of Piet"]
    assert exported(client, f"?who={ana.pk}") == exported(client)
    assert list(client.get(LIST).context["cl"].result_list) == [own]
    assert client.get(page_of(own)).status_code == 200
    assert "Ana Prieto" not in client.get(LIST).text


@pytest.mark.parametrize(
    "odd", ["?by__password=x", "?o=x", "?p=999", "?verb__exact=%00", "?q=%00", "?who=%00"]
)
def test_no_odd_address_breaks_the_log(client, ana, say, odd, monkeypatch):
    monkeypatch.setattr("comments.admin.decision.DecisionAdmin.list_per_page", 1)
    say(), say("Two.")
    client.raise_request_exception = False
    client.force_login(ana)
    for path in (LIST, EXPORT):
        assert client.get(path + odd).status_code in (200, 302, 400)


@pytest.mark.parametrize("count", [2, 40])
def test_the_log_costs_the_same_queries_for_few_as_for_many(
    at_the_desk, ana, say, count, django_assert_num_queries, django_assert_max_num_queries
):
    for n in range(count):
        comment = say(f"Remark {n}.", status="pending")
        Comment.objects.filter(pk=comment.pk).publish(by=ana)
    decision = Comment.objects.all().remove(by=ana)
    at_the_desk.get(LIST)
    with django_assert_num_queries(10):
        at_the_desk.get(LIST)
    with django_assert_num_queries(13):
        at_the_desk.get(page_of(decision))
    with django_assert_max_num_queries(10):
        exported(at_the_desk)


# Editing a comment, which is a line of the log


def test_an_edit_says_why_and_leads_back_to_the_desk(at_the_desk, say):
    comment = say("Teh uncle.")
    sent = form_of(at_the_desk, comment) | {"body": "The uncle.", "because": "A typo"}
    response = save(at_the_desk, comment, sent)
    desk = f"/admin/comments/moderation/?state=published&c={comment.pk}"
    assert response["Location"] == desk
    decision = Decision.objects.get(verb="edit")
    assert decision.why == "A typo"
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert len(said) == 1
    assert f'form="undo" name="decision" value="{decision.pk}"' in said[0]
    at_the_desk.post(UNDO, {"decision": decision.pk})
    assert Comment.objects.get().body == "Teh uncle."


def test_saving_what_was_not_changed_writes_nothing(at_the_desk, say):
    comment = say("Two\nlines.")
    response = save(at_the_desk, comment, form_of(at_the_desk, comment), follow=True)
    assert "Nothing was changed." in response.text
    assert not Revision.objects.exists()


def test_readers_see_that_a_moderator_changed_the_words_until_that_is_undone(
    client, ana, say, post
):
    comment = say("Teh uncle.")
    comment.email = "sam.whitlow@example.org"
    editing.save(comment, by=ana)
    assert "edited by a moderator" not in client.get(post.get_absolute_url()).text
    comment.body = "The uncle."
    decision = editing.save(comment, by=ana)
    assert "edited by a moderator" in client.get(post.get_absolute_url()).text
    decision.undo(by=ana)
    page = client.get(post.get_absolute_url()).text
    assert "Teh uncle." in page
    assert "edited by a moderator" not in page


def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(
    at_the_desk, client, ana, ilse, say
):
    comment = say("Teh uncle.")
    of_ana = form_of(at_the_desk, comment) | {"body": "The uncle & <i>aunt</i>."}
    first = Comment.objects.get()
    first.body = "The old uncle."
    editing.save(first, by=ilse)
    response = save(at_the_desk, comment, of_ana)
    assert "Already edited by Ilse Marchetti, 1 second ago: Sam Whitlow." in response.text
    assert "The uncle &amp; &lt;i&gt;aunt&lt;/i&gt;.</textarea>" in response.text
    assert '<div class="words" dir="auto">The old uncle.</div>' in response.text
    assert "The <del>old </del>uncle<ins>" in response.text
    assert Comment.objects.get().body == "The old uncle."
    form = response.context["adminform"].form
    save(at_the_desk, comment, of_ana | {"seen": form["seen"].value()})
    assert Comment.objects.get().body == "The uncle & <i>aunt</i>."


def test_a_verb_below_the_form_keeps_what_was_mended_and_passes_over_nobody(at_the_desk, ilse, say):
    comment = say("Teh uncle.", status="pending")
    sent = form_of(at_the_desk, comment) | {"body": "The uncle.", "_verb": "publish"}
    Comment.objects.filter(pk=comment.pk).mark_spam(by=ilse)
    refused = save(at_the_desk, comment, sent)
    assert "Already called spam by Ilse Marchetti" in refused.text
    assert Comment.objects.get().status == "spam"
    sent["seen"] = Comment.objects.get().last_decision_id
    response = save(at_the_desk, comment, sent)
    assert response["Location"].endswith(f"?state=published&c={comment.pk}")
    found = Comment.objects.get()
    assert (found.status, found.body) == ("published", "The uncle.")


def test_the_form_shows_what_was_decided_and_the_earlier_words(at_the_desk, edited):
    page = at_the_desk.get(f"/admin/comments/comment/{Comment.objects.get().pk}/change/").text
    assert page_of(edited) in page
    assert "It was teh old uncle." in page
    assert "A typo" in page


def test_the_old_list_offers_the_same_undo(at_the_desk, say):
    comment = say(status="pending")
    sent = {"action": "mark_spam", "_selected_action": comment.pk, "c": token(comment)}
    page = at_the_desk.post("/admin/comments/comment/?status=all", sent, follow=True).text
    decision = Decision.objects.get(verb="mark_spam")
    assert f'form="undo" name="decision" value="{decision.pk}"' in page


def test_no_list_counts_further_than_anybody_reads(at_the_desk, say, monkeypatch):
    monkeypatch.setattr(counts, "MOST", 60)
    for n in range(70):
        say(f"Remark {n}.", status="pending")
    found = at_the_desk.get("/admin/comments/comment/?status=all").context["cl"]
    assert (found.result_count, found.paginator.num_pages) == (60, 2)
    assert at_the_desk.get("/admin/comments/comment/?status=all&p=3").status_code == 302


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_are_words_on_every_page_of_the_log(at_the_desk, ana, ilse, say, payload):
    comment = say("Plain.", name=payload)
    comment.body = f"{payload} more"
    decision = editing.save(comment, by=ana, why=payload)
    stale = form_of(at_the_desk, comment) | {"seen": 1, "body": f"Mine {payload}"}
    pages = [
        at_the_desk.get(LIST),
        at_the_desk.get(page_of(decision)),
        at_the_desk.get(f"/admin/comments/comment/{comment.pk}/change/"),
        save(at_the_desk, comment, stale),
    ]
    for page in pages:
        assert not kinds(page.text) & {"onerror", "onload", "javascript:"}
        assert "<script>alert" not in page.text
