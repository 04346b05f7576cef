"""The desk: a moderator with five minutes clears two hundred comments without fear of a mistake."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Blog
from comments import bulk, facts, moderation, people, retention, schedule
from comments.desk import acting
from comments.desk.reading import token
from comments.models import Change, Comment, Decision, Job, Person, Preference, Revision, Rule
from tests.conftest import forge, write

DESK = "/admin/comments/moderation/"
FLOORS = "Best oak floors of the whole county, number {}, at https://oak.example/ for everybody."


@pytest.fixture
def wait(say):
    """wait("words", name="…") is a waiting comment with all that follows from it."""

    def held(body: str = "May I come in?", **fields) -> Comment:
        comment = say(body, status=fields.pop("status", "pending"), **fields)
        facts.complete([comment])
        return Comment.objects.get(pk=comment.pk)

    return held


def act(client, verb: str, *comments: Comment, query: str = "", **more):
    data = {"do": verb, "c": [token(comment) for comment in comments]} | more
    return client.post(f"{DESK}decide/{query}", data, follow=True)


def status(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


def undo(client, decision: Decision | None = None):
    decision = decision or Decision.objects.latest("pk")
    return client.post(f"{DESK}undo/", {"decision": decision.pk, "back": DESK}, follow=True)


# Reading


def test_the_desk_opens_on_what_waits_with_all_that_is_needed_to_decide(at_the_desk, wait, say):
    say("I am not persuaded.", name="Tomás Lindqvist")
    wait(
        "Look at https://lessons.example/ first.",
        answers="1",
        name="Priya Nair",
        reasons=[{"code": "links", "words": "3 links", "weight": 2.0, "detail": ""}],
    )
    page = at_the_desk.get(DESK).text
    for part in ["Priya Nair", "I am not persuaded.", "3 links", "2.0", "new here", "192.0.2.7"]:
        assert part in page, part
    assert "Other People’s Pencil" in page


def test_the_state_of_the_list_lives_in_the_address(at_the_desk, wait, post, ilse):
    here, there = wait("Here I am."), wait("Gone wrong.", status="spam")
    elsewhere = wait("Elsewhere.", under=write(ilse, "Another post"))
    assert "Gone wrong." not in at_the_desk.get(DESK).text
    assert "Gone wrong." in at_the_desk.get(f"{DESK}?state=spam").text
    on_post = at_the_desk.get(f"{DESK}?post={post.pk}").text
    assert "Here I am." in on_post
    assert "Elsewhere." not in on_post
    opened = at_the_desk.get(f"{DESK}?c={elsewhere.pk}")
    assert opened.context["reading"].comment == elsewhere
    assert (here.status, there.status) == ("pending", "spam")


@pytest.mark.parametrize(
    "query",
    [
        "q=pencil",
        "q=Priya",
        "q=priya@example.org",
        "q=198.51.100.9",
        "q=198.51.100.0/24",
        "q=lessons.example",
        "network=198.51.100.9",
        "network=198.51.100.0%2F24",
        "domain=lessons.example",
        "reason=links",
        "since=2020-01-01&until=2099-01-01",
    ],
)
def test_a_moderator_finds_a_comment_by_what_she_knows(at_the_desk, wait, query):
    wait("Something else entirely.", name="Sam", email="sam@example.org", address="203.0.113.4")
    wait(
        "A pencil, and https://lessons.example/ with it.",
        name="Priya Nair",
        email="priya@example.org",
        address="198.51.100.9",
        reasons=[{"code": "links", "words": "3 links", "weight": 2.0, "detail": ""}],
    )
    names = [slip.comment.name for slip in at_the_desk.get(f"{DESK}?{query}").context["slips"]]
    assert names == (["Priya Nair", "Sam"] if "since" in query else ["Priya Nair"])


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "post=x",
        "post=9" * 30,
        f"post={10**400}",
        "c=x",
        f"c={10**400}",
        "person=-1",
        "wave=x",
        "since=2020-99-99",
        "until=0000",
        "reason=%27%20OR%201",
        "after=x",
        "order=sideways",
        "q=%00",
        "network=foo/1",
        "network=::/x",
        "q=__",
        "q=%25",
        "network=%27",
        "domain=%27",
        "_connector=OR",
        "c[]=1",
    ],
)
def test_nonsense_in_the_address_is_no_error(at_the_desk, wait, query):
    wait()
    assert at_the_desk.get(f"{DESK}?{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "query", ["wave=x", "post=abc", f"person={10**30}", "since=1", "state=all", "reason=%22"]
)
def test_a_filter_that_makes_no_sense_never_means_everything(at_the_desk, wait, query):
    comment = wait()
    data = {"do": "mark_spam", "all": "on", "sure": "on", "upto": comment.pk}
    at_the_desk.post(f"{DESK}decide/?{query}", data)
    assert status(comment) == "pending"


def test_an_empty_queue_says_when_the_last_one_was_published(at_the_desk, say):
    say()
    page = at_the_desk.get(DESK).text
    assert "Nothing is waiting." in page
    assert "was published" in page
    assert "There is nothing here." in at_the_desk.get(f"{DESK}?state=spam").text
    assert "Nothing here fits" in at_the_desk.get(f"{DESK}?q=nothing").text


@pytest.mark.parametrize(
    ("weights", "sum_of_it"), [((1.5, -1.5), "0.0"), ((-0.5,), "−0.5"), ((2.0, 0.3), "+2.3")]
)
def test_a_slip_has_the_same_sum_as_the_open_comment(at_the_desk, wait, weights, sum_of_it):
    wait(reasons=[{"code": "x", "words": "A sign", "weight": w, "detail": ""} for w in weights])
    page = at_the_desk.get(DESK).text
    assert f"A sign · {sum_of_it}</p>" in page
    assert f"Why it is here: {sum_of_it} points" in page


def test_a_page_of_slips_costs_as_many_queries_as_five(
    blog, at_the_desk, wait, django_assert_max_num_queries
):
    at_the_desk.get(DESK)  # what is around every page is known from now on
    for number in range(5):
        wait(f"Remark number {number} about the margin of a book.")
    with django_assert_max_num_queries(60) as few:
        at_the_desk.get(DESK)
    for number in range(55):
        wait(f"{number} words of mine are {number * 7} on quite another matter, {'x' * number}.")
    with django_assert_max_num_queries(60) as many:
        at_the_desk.get(DESK)
    assert len(many) == len(few)
    assert len(few) <= 30


@pytest.mark.parametrize("page", [DESK, f"{DESK}waves/", "/admin/"])
def test_how_many_wait_is_asked_once_however_often_a_page_says_it(
    at_the_desk, wait, page, django_assert_max_num_queries
):
    wait(), wait("May I, too?")
    with django_assert_max_num_queries(60) as asked:
        said = at_the_desk.get(page).text
    counted = [one["sql"] for one in asked if "COUNT(" in one["sql"] and "'pending'" in one["sql"]]
    of_other_things = re.compile("person_id|comment_id|wave")
    assert len([sql for sql in counted if not of_other_things.search(sql)]) == 1
    assert "Moderation (2)" in said


def test_older_ones_follow_on_the_next_page_and_none_twice(at_the_desk, wait):
    for number in range(40):
        wait(f"Number {number} of these.")
    first = at_the_desk.get(DESK)
    second = at_the_desk.get(DESK + first.context["more"])
    pages = [[slip.comment.pk for slip in page.context["slips"]] for page in (first, second)]
    assert [len(page) for page in pages] == [30, 10]
    assert not set(pages[0]) & set(pages[1])
    assert not second.context["more"]


def test_an_author_sees_what_waits_under_own_posts_and_nothing_else(client, piet, wait):
    own = wait("Under Piet’s.", under=write(piet, "Piet’s post"))
    other = wait("Under Ilse’s.")
    client.force_login(piet)
    page = client.get(DESK).text
    assert "Under Piet’s." in page
    assert "Under Ilse’s." not in page
    act(client, "publish", own, other)
    assert (status(own), status(other)) == ("published", "pending")


# Deciding


def test_a_verdict_leads_to_the_next_and_offers_undo(at_the_desk, wait):
    older, newer = wait("First."), wait("Second.")
    page = act(at_the_desk, "publish", newer, next=str(older.pk))
    assert page.redirect_chain[-1] == (f"{DESK}?state=pending&c={older.pk}", 303)
    assert "Published: Sam Whitlow on “Other People’s Pencil”." in page.text
    assert 'name="decision"' in page.text
    undo(at_the_desk)
    assert status(newer) == "pending"
    assert Comment.objects.get(pk=newer.pk).number == "1"


def test_all_that_match_are_decided_after_one_question(at_the_desk, wait):
    kept = wait("A word about pencils.")
    floors = [wait(FLOORS.format(number), name="Oak") for number in range(60)]
    latest = floors[-1].pk
    asked = at_the_desk.post(
        f"{DESK}decide/?q=oak", {"do": "mark_spam", "all": "on", "upto": latest}
    )
    assert "60" in asked.text
    assert status(floors[0]) == "pending"
    late = wait(FLOORS.format("late"), name="Oak")
    at_the_desk.post(
        f"{DESK}decide/?q=oak", {"do": "mark_spam", "all": "on", "upto": latest, "sure": "on"}
    )
    assert {status(comment) for comment in floors} == {"spam"}
    assert (status(kept), status(late)) == ("pending", "pending")
    assert Decision.objects.get().size == 60
    assert "Taken back" in undo(at_the_desk).text
    assert {status(comment) for comment in floors} == {"pending"}


def test_a_wave_is_one_group_with_one_decision(at_the_desk, wait):
    wait("I have a question about page nine of the atlas.")
    floors = [wait(FLOORS.format(number), name=f"Oak {number}") for number in range(7)]
    page = at_the_desk.get(f"{DESK}waves/")
    (wave, domain) = sorted(page.context["groups"], key=lambda group: group.title, reverse=True)
    assert (wave.count, domain.count, domain.title) == (7, 7, "7 comments link to oak.example")
    assert "7 like this" in at_the_desk.get(DESK).text
    data = {"do": "mark_spam", "all": "on", "sure": "on", "upto": floors[-1].pk}
    at_the_desk.post(f"{DESK}decide/{wave.query}", data)
    assert {status(comment) for comment in floors} == {"spam"}
    assert Decision.objects.get().size == 7
    assert "Nothing that waits says the same" in at_the_desk.get(f"{DESK}waves/").text


def test_a_wave_from_many_hosts_of_one_domain_is_one_group_and_one_block(at_the_desk, wait):
    said = ["Look at", "My new page is", "Everything about birds stands on"]
    pills = [
        wait(f"{words} https://s{number}.pillshop.example/ for {number}")
        for number, words in enumerate(said)
    ]
    (group,) = at_the_desk.get(f"{DESK}waves/").context["groups"]
    assert group.title == "3 comments link to pillshop.example"
    what = {"c": token(pills[0]), "what": "domain pillshop.example", "sweep": "on"}
    at_the_desk.post(f"{DESK}block/", what)
    assert {status(comment) for comment in pills} == {"spam"}


def test_the_second_moderator_is_told_what_the_first_has_decided(at_the_desk, wait, ilse):
    comment = wait()
    Comment.objects.filter(pk=comment.pk).publish(by=ilse)
    page = act(at_the_desk, "mark_spam", comment).text
    assert "Already published by Ilse Marchetti" in page
    assert "Nothing was changed." in page
    assert status(comment) == "published"
    assert Decision.objects.count() == 1


def test_what_was_edited_meanwhile_is_looked_at_again_before_it_is_decided(
    at_the_desk, client, wait, ilse
):
    comment = wait()
    at_the_desk.post(
        f"/admin/comments/comment/{comment.pk}/change/",
        {"name": "Sam", "email": "sam@example.org", "url": "", "body": "Other words."},
    )
    assert "Already edited by Ana Prieto" in act(at_the_desk, "publish", comment).text
    assert status(comment) == "pending"


def test_nothing_ticked_is_said(at_the_desk, wait):
    wait()
    assert "Tick the comments first." in act(at_the_desk, "publish").text


def test_a_form_that_was_tampered_with_changes_nothing(at_the_desk, wait):
    comment = wait()
    assert act(at_the_desk, "delete", comment).status_code == 404
    for box in ["x", "1.x", f"{10**400}.0", f"{comment.pk}.99999", "-1.0", "1"]:
        at_the_desk.post(f"{DESK}decide/", {"do": "publish", "c": box})
    assert status(comment) == "pending"


def test_a_page_of_another_site_cannot_decide(ana, wait):
    from django.test import Client

    browser, comment = Client(enforce_csrf_checks=True), wait()
    browser.force_login(ana)
    for name in ["decide", "undo", "reply", "person", "keys", "block"]:
        answer = browser.post(f"{DESK}{name}/", {"do": "publish", "c": token(comment)})
        assert answer.status_code == 403, name
    assert status(comment) == "pending"


def test_undo_is_for_thirty_days(at_the_desk, wait):
    comment = wait()
    act(at_the_desk, "mark_spam", comment)
    decision = Decision.objects.get()
    forge(Decision.objects.all(), at=timezone.now() - timedelta(days=29))
    undo(at_the_desk, decision)
    assert status(comment) == "pending"
    act(at_the_desk, "mark_spam", Comment.objects.get(pk=comment.pk))
    forge(Decision.objects.all(), at=timezone.now() - timedelta(days=31))
    assert "more than 30 days" in undo(at_the_desk).text
    assert status(comment) == "spam"


def test_who_comes_after_an_undo_is_told_what_state_it_is_in_now(at_the_desk, wait, ilse):
    comment = wait()
    Comment.objects.filter(pk=comment.pk).publish(by=ilse).undo(by=ilse)
    page = act(at_the_desk, "mark_spam", comment).text
    assert (
        "Ilse Marchetti took a decision back, 1 second ago; it is waiting now: Sam Whitlow. "
        "Nothing was changed."
    ) in page
    assert "undone" not in page


def test_undo_says_what_it_left_alone(at_the_desk, wait, ilse):
    one, two = wait("One."), wait("Two.")
    act(at_the_desk, "mark_spam", one, two)
    decision = Decision.objects.get()
    Comment.objects.filter(pk=one.pk).publish(by=ilse)
    assert "1 comment was left alone" in undo(at_the_desk, decision).text
    assert (status(one), status(two)) == ("published", "pending")


def test_very_many_are_the_workers_who_goes_on_where_it_was_killed(
    at_the_desk, wait, work, monkeypatch
):
    for number in range(12):
        wait(f"Comment number {number} of the flood.")
    monkeypatch.setattr("comments.desk.actions.AT_ONCE", 5)
    monkeypatch.setattr("comments.desk.actions.PAGE", 5)
    monkeypatch.setattr(bulk, "BATCH", 5)
    upto = Comment.objects.latest("pk").pk
    page = at_the_desk.post(
        f"{DESK}decide/", {"do": "remove", "all": "on", "sure": "on", "upto": upto}, follow=True
    )
    assert "0 of 12" in page.text
    decide, calls = moderation.decide, []

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return decide(*args, **kwargs)

    monkeypatch.setattr(moderation, "decide", killed)
    with pytest.raises(KeyboardInterrupt):
        bulk.go_on(Decision.objects.get().pk)
    assert Comment.objects.filter(status="removed").count() == 5
    work()
    assert Comment.objects.filter(status="removed").count() == 12
    decision = Decision.objects.get()
    assert (decision.size, decision.scope) == (12, None)
    undo(at_the_desk, decision)
    work()
    assert Comment.objects.pending().count() == 12


def test_a_moderator_who_presses_twice_decides_about_very_many_once(
    at_the_desk, client, ilse, wait, work, monkeypatch
):
    for number in range(12):
        wait(f"Comment number {number} of the flood.")
    monkeypatch.setattr("comments.desk.actions.AT_ONCE", 5)
    monkeypatch.setattr("comments.desk.actions.PAGE", 5)
    monkeypatch.setattr(bulk, "BATCH", 2)
    upto, path = Comment.objects.latest("pk").pk, f"{DESK}decide/?state=pending"
    form = {"do": "remove", "all": "on", "sure": "on", "upto": upto}
    first = at_the_desk.post(path, form)
    second = at_the_desk.post(path, form)
    assert second["Location"] == first["Location"]
    assert at_the_desk.post(path, form | {"do": "mark_spam"})["Location"] != first["Location"]
    client.force_login(ilse)
    assert client.post(path, form)["Location"] != first["Location"]
    work()
    sizes = Decision.objects.filter(verb="remove").values_list("by__name", "size")
    assert dict(sizes) == {"Ana Prieto": 12, "Ilse Marchetti": 0}
    assert Comment.objects.filter(status="removed").count() == 12


# Answering, editing, people, blocking


def test_a_reply_from_the_desk_publishes_both_in_one_step(at_the_desk, wait, ana):
    comment = wait("How old is it?")
    page = at_the_desk.post(
        f"{DESK}reply/", {"c": token(comment), "comment": "About ninety years."}, follow=True
    )
    answer = Comment.objects.get(user=ana)
    assert (Comment.objects.get(pk=comment.pk).number, answer.number) == ("1", "1.1")
    assert "2 comments" in page.text
    undo(at_the_desk)
    assert (status(comment), status(answer)) == ("pending", "removed")
    assert "About ninety years." not in at_the_desk.get(DESK).text
    undo(at_the_desk)
    assert (status(comment), status(answer)) == ("published", "published")


def test_a_moderator_keeps_her_reply_when_it_cannot_be_posted(at_the_desk, wait, ilse):
    comment = wait()
    seen = token(comment)
    empty = at_the_desk.post(f"{DESK}reply/", {"c": seen, "comment": "  "})
    assert empty.status_code == 422
    Comment.objects.filter(pk=comment.pk).mark_spam(by=ilse)
    late = at_the_desk.post(f"{DESK}reply/", {"c": seen, "comment": "My long answer."})
    assert late.status_code == 409
    assert "My long answer." in late.text
    assert "Already called spam by Ilse" in late.text


def test_an_edit_keeps_the_earlier_words_and_can_be_taken_back(at_the_desk, wait, ana):
    comment = wait("Their were three.")
    at_the_desk.post(
        f"/admin/comments/comment/{comment.pk}/change/",
        {"name": "Sam", "email": "sam@example.org", "url": "", "body": "There were three."},
    )
    assert Revision.objects.get().body == "Their were three."
    assert "Their were three." in at_the_desk.get(f"{DESK}?c={comment.pk}").text
    undo(at_the_desk)
    comment.refresh_from_db()
    assert (comment.body, comment.name) == ("Their were three.", "Sam Whitlow")
    assert comment.html == "<p>Their were three.</p>"
    assert Revision.objects.count() == 2


def test_blocking_shows_its_consequence_first_and_is_undone_as_a_whole(at_the_desk, wait):
    floors = [wait(FLOORS.format(number), email="oak@oak.example") for number in range(3)]
    page = at_the_desk.get(f"{DESK}block/?c={floors[0].pk}").text
    assert "So far: 0 published, 3 waiting, 0 spam." in page
    assert not Rule.objects.exists()
    at_the_desk.post(
        f"{DESK}block/",
        {"c": token(floors[0]), "what": "domain oak.example", "sweep": "on"},
    )
    assert Rule.objects.get().outcome == "spam"
    assert {status(comment) for comment in floors} == {"spam"}
    undo(at_the_desk)
    assert not Rule.objects.exists()
    assert {status(comment) for comment in floors} == {"pending"}


def test_what_can_be_blocked_is_what_the_comment_has(at_the_desk, wait):
    comment = wait()
    for what in ["domain other.example", "word casino", "", "network 0.0.0.0/0"]:
        at_the_desk.post(f"{DESK}block/", {"c": token(comment), "what": what})
    assert not Rule.objects.exists()


def test_moderators_keep_a_note_on_a_person_and_may_trust_them(at_the_desk, wait):
    comment = wait()
    note = {"c": token(comment), "note": "Writes long letters, means well. <b>x</b>"}
    at_the_desk.post(f"{DESK}person/", note)
    at_the_desk.post(f"{DESK}person/", {"c": token(comment), "trust": "yes"})
    person = Person.objects.get()
    assert person.standing == "trusted"
    page = at_the_desk.get(f"{DESK}?c={comment.pk}").text
    assert "Writes long letters, means well. &lt;b&gt;x&lt;/b&gt;" in page
    at_the_desk.post(f"{DESK}person/", {"c": token(comment), "trust": "no"})
    assert Person.objects.get().standing == ""


def test_what_was_decided_about_a_person_stands_in_the_log_and_is_taken_back(
    at_the_desk, wait, ana
):
    comment = wait()
    person = Comment.objects.get(pk=comment.pk).person
    first = people.keep_note(person, "The first.", read="", by=ana)
    trusted = people.trust(person, by=ana)
    second = people.keep_note(person, "The second.", read="The first.", by=ana)
    assert f"Always published: {person.name}." == acting.summary(trusted)
    assert not first.undo(by=ana)  # there is a later one
    for decision, left in ((trusted, ("", "The second.")), (second, ("", "The first."))):
        page = at_the_desk.post(f"{DESK}undo/", {"decision": decision.pk}, follow=True).text
        assert "Taken back: " in page
        person.refresh_from_db()
        assert (person.standing, person.note) == left
    assert first.undo(by=ana)
    person.refresh_from_db()
    assert person.note == ""
    log = at_the_desk.get("/admin/comments/decision/").text
    assert log.count("Noted") >= 2
    assert people.distrust(person, by=ana) is None


def test_an_author_takes_back_no_word_about_a_person(client, piet, say, ana):
    comment = say()
    facts.complete([comment])
    decision = people.trust(Comment.objects.get(pk=comment.pk).person, by=ana)
    client.force_login(piet)
    assert client.post(f"{DESK}undo/", {"decision": decision.pk}).status_code == 403


def test_keys_are_off_until_a_moderator_switches_them_on(at_the_desk, wait, ana):
    wait()
    assert "data-keys" not in at_the_desk.get(DESK).text.replace("data-keys-switch", "")
    at_the_desk.post(f"{DESK}keys/", {"on": "on", "back": DESK})
    assert Preference.objects.get(user=ana).keys
    assert at_the_desk.post(f"{DESK}keys/", {"back": "//evil.example/"}).url == DESK


@pytest.mark.parametrize("back", ["//evil", "/\\evil", "https:evil", "/admin/\r\nX: y", "\t//e"])
def test_undo_leads_nowhere_else(at_the_desk, wait, back):
    act(at_the_desk, "publish", wait())
    data = {"decision": Decision.objects.get().pk, "back": back}
    assert at_the_desk.post(f"{DESK}undo/", data).url.startswith("/admin/")


def test_a_stranger_writes_no_markup_into_the_desk(at_the_desk, wait, payloads):
    for payload in payloads:
        comment = wait(payload, name=payload[:200] or "x", user_agent=payload[:200])
        page = at_the_desk.get(f"{DESK}?c={comment.pk}").text
        assert "<script>alert" not in page
        assert "onerror=" not in page.replace("&quot;", "").lower() or "&lt;" in page


@pytest.fixture
def payloads() -> list[str]:
    return [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</textarea><script>alert(1)</script>",
        "{{ 7|add:7 }}{% debug %}",
    ]


# Spam that gets old


def at_age(comment: Comment, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    Comment.objects.filter(pk=comment.pk).update(created_at=then)


def test_the_log_says_of_old_spam_with_answers_that_its_words_are_gone(at_the_desk, ana, say, wait):
    old = [say("Buy pencils."), say("Buy rulers.")]
    say("Why pencils?", answers="1"), say("Why rulers?", answers="2")
    these = Comment.objects.filter(pk__in=[one.pk for one in old])
    called = these.mark_spam(by=ana)
    forge(Decision.objects.filter(pk=called.pk), at=timezone.now() - timedelta(days=31))
    assert (retention.delete_spam(), retention.delete_spam()) == (2, 0)
    line = Decision.objects.get(verb="empty")
    assert (line.by, line.size) == (None, 2)
    changes = set(line.changes.values_list("comment", "before", "after"))
    assert changes == {(one.pk, "spam", "removed") for one in old}
    assert set(these.values_list("status", "last_decision")) == {("removed", line.pk)}
    page = at_the_desk.get(f"/admin/comments/decision/{line.pk}/change/").text
    assert "Old spam is deleted. Others have answered this" in page
    assert "This cannot be taken back: the words, the name and the addresses are deleted." in page
    assert 'value="Undo"' not in page
    for decision in (line, called):
        assert "words were deleted, as old spam is" in undo(at_the_desk, decision).text
    assert set(these.values_list("status", "body")) == {("removed", "")}


def test_spam_is_deleted_after_a_fortnight(wait):
    old, young, waiting = wait("Old."), wait("Young."), wait("Waiting.")
    Comment.objects.filter(pk__in=[old.pk, young.pk]).update(status="spam")
    at_age(old, 15), at_age(young, 13), at_age(waiting, 99)
    assert retention.delete_spam() == 1
    assert set(Comment.objects.values_list("pk", flat=True)) == {young.pk, waiting.pk}
    Blog.objects.update(delete_spam_after=None)
    assert retention.delete_spam() == 0


def test_what_a_moderator_called_spam_stays_as_long_as_it_can_be_taken_back(wait, ana):
    comment = wait()
    decision = Comment.objects.filter(pk=comment.pk).mark_spam(by=ana)
    at_age(comment, 99)
    for days, count in [(29, 1), (31, 0)]:
        forge(Decision.objects.all(), at=timezone.now() - timedelta(days=days))
        retention.delete_spam()
        assert Comment.objects.count() == count
    assert Change.objects.get(decision=decision).comment is None
    assert Decision.objects.get().size == 1


def test_answers_to_deleted_spam_keep_their_place_and_nobody_finds_its_words(
    client, post, say, ana
):
    say("Buy oak floors.", name="Oak"), say("Please do not.", answers="1")
    Comment.objects.numbered("1").mark_spam(by=ana)
    forge(Decision.objects.all(), at=timezone.now() - timedelta(days=40))
    retention.delete_spam()
    left = Comment.objects.numbered("1").get()
    assert (left.body, left.name, left.email, left.address) == ("", "", "", None)
    assert "Please do not." in client.get(post.get_absolute_url()).text
    assert retention.delete_spam() == 0


def test_a_comment_that_is_published_while_old_spam_is_deleted_stays(wait, ana, monkeypatch):
    comment = wait()
    Comment.objects.filter(pk=comment.pk).update(status="spam")
    at_age(comment, 15)
    lock = moderation.lock

    def slowly(posts):
        monkeypatch.setattr(moderation, "lock", lock)
        Comment.objects.filter(pk=comment.pk).publish(by=ana)
        return lock(posts)

    monkeypatch.setattr(moderation, "lock", slowly)
    retention.delete_spam()
    assert status(comment) == "published"


# The worker's rounds


def test_of_two_workers_one_does_each_job(db):
    assert Job.claim("x", timedelta(minutes=5))
    assert not Job.claim("x", timedelta(minutes=5))
    Job.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert Job.claim("x", timedelta(minutes=5))
    Job.objects.update(due_at=timezone.now() + timedelta(days=400))
    assert Job.claim("x", timedelta(minutes=5)), "the clock was set back"


def test_what_an_import_left_open_is_completed_by_the_worker(say):
    say("A remark of some length about the margins of old books.", url="https://rosa.example/")
    schedule.tick()
    comment = Comment.objects.get()
    assert comment.person.email == "sam@example.org"
    assert (comment.host, comment.network) == ("192.0.2.7", "192.0.2.0/24")
    assert comment.wave
    assert [link.domain for link in comment.links.all()] == ["rosa.example"]


def test_the_owner_is_told_when_no_worker_is_running(client, ilse, wait, at_the_desk):
    act(at_the_desk, "publish", wait())
    client.force_login(ilse)
    assert "No worker is running" in client.get("/admin/").text
    schedule.tick()
    assert "No worker is running" not in client.get("/admin/").text


# Undo is the whole of it


def test_what_was_blatant_is_so_again(at_the_desk, ana, wait):
    comment = wait(status="spam", is_blatant=True)
    decision = Comment.objects.all().publish(by=ana)
    assert not Comment.objects.get().is_blatant
    decision.undo(by=ana)
    assert Comment.objects.filter(pk=comment.pk, status="spam", is_blatant=True).exists()


def test_a_decision_can_be_taken_back_when_a_later_one_was(ana, wait):
    wait()
    first = Comment.objects.all().publish(by=ana)
    Comment.objects.all().mark_spam(by=ana).undo(by=ana)
    assert first.undo(by=ana).size == 1
    assert Comment.objects.get().status == "pending"


def test_a_decision_is_not_taken_back_while_it_is_carried_out(ana, wait):
    wait()
    decision = Comment.objects.all().publish(by=ana)
    forge(Decision.objects.filter(pk=decision.pk), scope={"after": 0})
    assert Decision.objects.get().undo(by=ana) is None


def test_unblocking_gives_the_lists_back_as_they_were(at_the_desk, wait, ilse):
    comment = wait(email="g@example.net")
    careful = Rule.objects.create(kind="email", text="g@example.net", why="careful", by=ilse)
    block = {"c": token(comment), "what": "email g@example.net"}
    at_the_desk.post(f"{DESK}block/", block)
    assert Rule.objects.get(pk=careful.pk).outcome == "spam"
    assert "already" in at_the_desk.post(f"{DESK}block/", block, follow=True).text
    at_the_desk.post(f"{DESK}undo/", {"decision": Decision.objects.latest("pk").pk})
    rule = Rule.objects.get(pk=careful.pk)
    assert (rule.outcome, rule.why, rule.by, rule.decision) == ("hold", "careful", ilse, None)


def test_an_author_undoes_no_rule_of_the_moderators(client, ana, piet, wait):
    client.force_login(ana)
    comment = wait()
    client.post(f"{DESK}block/", {"c": token(comment), "what": "network 192.0.2.7"})
    Comment.objects.update(post=write(piet, "Of his own"))
    client.force_login(piet)
    decision = Decision.objects.get(verb="block")
    assert client.post(f"{DESK}undo/", {"decision": decision.pk}).status_code == 403
    assert Rule.objects.exists()


# Two at once


def test_what_a_colleague_decided_since_is_not_among_all(at_the_desk, ilse, wait):
    first, second = wait("One remark."), wait("Quite another matter.")
    published = Comment.objects.filter(pk=second.pk).publish(by=ilse)
    Comment.objects.filter(pk=second.pk).hold(by=ilse)
    seen = {"upto": second.pk, "decided": published.pk}
    at_the_desk.post(f"{DESK}decide/", {"all": "on", "do": "mark_spam"} | seen)
    assert Comment.objects.get(pk=first.pk).status == "spam"
    assert Comment.objects.get(pk=second.pk).status == "pending"


def test_a_note_is_never_written_over(at_the_desk, wait):
    comment = wait()
    for note in ("The first moderator’s.", "The second’s."):
        at_the_desk.post(f"{DESK}person/", {"c": token(comment), "note": note, "read": ""})
    assert Person.objects.get().note == "The first moderator’s.\n\nThe second’s."


def test_a_reply_sent_twice_is_one_and_no_error(at_the_desk, say):
    comment = say()
    reply = {"c": token(comment), "comment": "Quite so."}
    for _time in range(2):
        assert at_the_desk.post(f"{DESK}reply/", reply).status_code == 303
    assert Comment.objects.filter(body="Quite so.").count() == 1


# Searching


@pytest.mark.parametrize(
    "q",
    [
        "https://shop.spammy.example/buy?x=1",
        "http://shop.spammy.example",
        "shop.spammy.example/buy",
        "spammy",
        "203.0.0.0/16",
        "203.0.113.0/25",
        "203.0.113.64/26",
        "203.0.113.77/32",
        "203.0.113.0/24",
    ],
)
def test_a_search_finds_websites_and_networks_as_people_write_them(at_the_desk, wait, q):
    wait("From elsewhere.", address="198.51.100.1")
    wait("A remark.", url="https://shop.spammy.example/buy?x=1", address="203.0.113.77")
    page = at_the_desk.get(DESK, {"q": q})
    assert [slip.comment.body for slip in page.context["slips"]] == ["A remark."]


@pytest.mark.parametrize(
    "q", ["2001:db8::/32", "2001:db8::/48", "2001:db8:0:5::/64", "2001:db8:0:5::9/128"]
)
def test_a_search_knows_the_longer_addresses(at_the_desk, wait, q):
    wait("From elsewhere.", address="198.51.100.1")
    wait("A remark.", address="2001:db8:0:5::9")
    page = at_the_desk.get(DESK, {"q": q})
    assert [slip.comment.body for slip in page.context["slips"]] == ["A remark."]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_no_moment_is_too_far_away(at_the_desk, wait, moment):
    wait()
    assert at_the_desk.get(DESK, {"back_to": moment}).status_code == 200
