"""A list in which nothing stands tells a moderator what it is for and what would fill it."""

import pytest

from comments.models import Rule

ADMIN = "/admin/comments/"
HINTS = {
    "rule": "block a sender from a comment at the desk",
    "notice": "Notices and keys",
    "check": "With a key in the blog settings",
    "person": "Whoever comments with an email address",
    "decision": "Every verdict, edit, block and undo",
    "comment": "The list opens on the comments that wait",
}


@pytest.mark.parametrize("name", HINTS)
def test_a_moderator_reads_what_an_empty_list_is_for(at_the_desk, name):
    page = at_the_desk.get(f"{ADMIN}{name}/").text
    assert HINTS[name] in page
    assert "Nothing here fits" not in page
    assert 'class="paginator"' not in page


@pytest.mark.parametrize("query", ["?q=casino", "?kind__exact=domain"])
def test_who_finds_nothing_is_led_back_to_all(at_the_desk, ana, query):
    Rule.objects.create(kind="word", text="lottery", by=ana)
    page = at_the_desk.get(f"{ADMIN}rule/{query}").text
    assert "Nothing here fits what you look for." in page
    assert HINTS["rule"] in page


def test_a_list_with_something_in_it_needs_no_hint(at_the_desk, ana):
    Rule.objects.create(kind="word", text="lottery", by=ana)
    page = at_the_desk.get(f"{ADMIN}rule/").text
    assert 'class="nothing"' not in page
    assert "1 rule" in page


def test_where_no_reader_has_reported_anything_the_desk_says_how_they_would(at_the_desk, say):
    say()
    page = at_the_desk.get(f"{ADMIN}moderation/?state=published&reported=1").text
    assert "Readers report a comment by the link below it" in page
