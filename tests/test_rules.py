"""Moderators keep lists of words, names, addresses, networks and domains."""

import time

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from comments import effects, facts, rules
from comments.desk import blocking
from comments.models import Rule
from tests.test_safety import PAYLOADS, kinds

ADD, LIST = "/admin/comments/rule/add/", "/admin/comments/rule/"


def add(client, lines: str, kind: str = "word", outcome: str = "hold", **more):
    sent = {"kind": kind, "lines": lines, "outcome": outcome, "why": ""} | more
    return client.post(ADD, sent, follow=True)


def change(client, rule: Rule, **changes):
    said = {name: getattr(rule, name) for name in ("kind", "text", "outcome", "why")}
    return client.post(f"{LIST}{rule.pk}/change/", said | changes, follow=True)


def texts() -> set[str]:
    return set(Rule.objects.values_list("text", flat=True))


def test_ana_pastes_a_list_and_each_line_is_an_entry(at_the_desk, ana):
    page = add(at_the_desk, "casino*\r\n\r\n  buy  now \nviagra", outcome="spam", why="A wave").text
    assert "3 entries were added." in page
    assert texts() == {"casino*", "buy now", "viagra"}
    rule = Rule.objects.get(text="buy now")
    assert (rule.kind, rule.outcome, rule.why, rule.by) == ("word", "spam", "A wave", ana)
    assert LogEntry.objects.filter(user=ana).count() == 3
    assert "buy now" in page
    assert "Ana Prieto" in page


def test_what_is_on_the_list_already_is_left_out_and_said(at_the_desk):
    add(at_the_desk, "casino")
    page = add(at_the_desk, "Casino\nlottery\nlottery\nCASINO").text
    assert "1 entry was added." in page
    assert "3 were on the list already, or stood there twice" in page
    assert texts() == {"casino", "lottery"}


def test_a_line_with_a_fault_is_named_and_all_that_was_typed_stays(at_the_desk):
    response = add(at_the_desk, "casino\nca*no\n\na\n</textarea><script>x</script>^buy.*", why="W")
    assert response.status_code == 422
    assert "Line 2: “ca*no”: a * may stand where a word begins or ends" in response.text
    assert "Line 4: “a” is too short" in response.text
    assert "Line 5" in response.text
    assert "looks like a regular expression" in response.text
    assert "ca*no\n\na\n&lt;/textarea&gt;&lt;script&gt;" in response.text.replace("\r\n", "\n")
    assert 'value="W"' in response.text
    assert not texts()


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("word", " c++ 17 ", "c++ 17"),
        ("word", "*casino*", "*casino*"),
        ("word", "赌", "赌"),
        ("word", "c++", "c++"),
        ("word", "C#", "C#"),
        ("word", "€5", "€5"),
        ("name", "李", "李"),
        ("word", "赌场", "赌场"),
        ("name", "Best  Deals", "Best Deals"),
        ("email", "Sam@Example.ORG", "sam@example.org"),
        ("email", "@Example.org", "@example.org"),
        ("email", "*@example.org", "@example.org"),
        ("network", "192.0.2.7", "192.0.2.7"),
        ("network", "192.0.2.7/32", "192.0.2.7"),
        ("network", "192.0.2.7/24", "192.0.2.0/24"),
        ("network", "::ffff:192.0.2.7", "192.0.2.7"),
        ("network", "2001:DB8::1", "2001:db8::1"),
        ("network", "2001:db8::1/64", "2001:db8::/64"),
        ("network", "10.0.0.0/8", "10.0.0.0/8"),
        ("domain", "www.Example.org", "example.org"),
        ("domain", "https://www.example.org/a?b#c", "example.org"),
        ("domain", "*.example.org", "example.org"),
        ("domain", "bücher.example", "xn--bcher-kva.example"),
        ("looks", "192.0.2.0/24", "192.0.2.0/24"),
        ("looks", "sam@example.org", "sam@example.org"),
        ("looks", "cheap pills", "cheap pills"),
    ],
)
def test_an_entry_is_kept_in_the_one_spelling_that_is_looked_up(kind, typed, kept):
    assert rules.entry(kind, typed).text == kept


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("word", "*", "too short"),
        ("word", "x*", "too short"),
        ("word", "a.", "too short"),
        ("word", "++", "too short"),
        ("word", "の", "too short"),
        ("word", r"\bbuy\b", "regular expression"),
        ("word", "(?i)buy", "regular expression"),
        ("word", "[a-z]buy", "regular expression"),
        ("word", "buy.+now", "regular expression"),
        ("word", "b" * 201, "too long"),
        ("email", "example.org", "not an email address"),
        ("email", "@org", "not an email address"),
        ("email", "sam@", "not an email address"),
        ("email", "sam@ex ample.org", "not an email address"),
        ("network", "0.0.0.0/0", "too wide"),
        ("network", "10.0.0.0/7", "too wide"),
        ("network", "2001::/15", "too wide"),
        ("network", "192.0.2", "not an address"),
        ("domain", "org", "Name a domain"),
        ("domain", "https://org/", "Name a domain"),
        ("domain", "sam@example.org", "email address"),
        ("domain", "javascript:alert(1)", "not a domain"),
        ("domain", "two words.example", "not a domain"),
    ],
)
def test_what_would_catch_nothing_or_everything_is_refused_in_words(kind, typed, said):
    with pytest.raises(ValueError, match=said):
        rules.entry(kind, typed)


def test_a_mixed_list_becomes_entries_of_each_kind(at_the_desk):
    add(at_the_desk, "casino\nsam@example.org\n192.0.2.7\n2001:db8::/32", kind="looks")
    kinds_of = dict(Rule.objects.values_list("text", "kind"))
    assert kinds_of == {
        "casino": "word",
        "sam@example.org": "email",
        "192.0.2.7": "network",
        "2001:db8::/32": "network",
    }


def test_trying_a_word_shows_that_press_is_not_in_wordpress(at_the_desk, say):
    say("I moved here from WordPress."), say("Read the press."), say("Press!", status="spam")
    page = add(at_the_desk, "press", _try="1").text
    assert "1 of the latest 2 comments." in page
    assert "1 of the latest 1 comment." in page
    assert "Read the press." in page
    assert "I moved here" not in page
    assert not texts()
    assert ">press</textarea>" in page.replace("\n", "")


@pytest.mark.parametrize(
    ("kind", "text", "caught"),
    [
        ("name", "whitlow", [0]),
        ("email", "@example.org", [0]),
        ("email", "sam@example.org", [0]),
        ("network", "192.0.2.0/24", [0]),
        ("network", "2001:db8::/32", [1]),
        ("domain", "spam.example", [1]),
        ("word", "pills", [1]),
    ],
)
def test_every_kind_of_entry_can_be_tried(say, answer, kind, text, caught):
    sam = say()
    eve = say(
        "Cheap pills: https://www.spam.example/x",
        name="Eve",
        email="eve@other.example",
        address="2001:db8::9",
    )
    facts.complete([sam, eve])
    published, _spam = effects.of([rules.Entry(kind, text)])
    assert published.seen == 2
    assert [one for one, _texts in published.examples] == [[sam, eve][n] for n in caught]


def test_trying_a_long_list_comes_to_an_end(say, monkeypatch):
    monkeypatch.setattr(effects, "BUDGET", 0.05)
    for n in range(30):
        say(f"{n} " * 2_000)
    start = time.monotonic()
    effects.of([rules.Entry("word", f"word{n}") for n in range(10_000)])
    assert time.monotonic() - start < 3


def test_ana_lists_one_ideograph_and_the_name_of_a_language(at_the_desk, say):
    say("我們去賭錢"), say("澳门赌场"), say("I write C++, mostly."), say("Vitamin C is good.")
    page = add(at_the_desk, "赌\nc++", _try="1").text
    assert "2 of the latest 4 comments." in page
    add(at_the_desk, "赌\nc++")
    assert texts() == {"赌", "c++"}


def test_ana_mends_an_entry(at_the_desk):
    add(at_the_desk, "casnio"), add(at_the_desk, "lottery")
    rule = Rule.objects.get(text="casnio")
    assert "From now on" in change(at_the_desk, rule, text="casino*", outcome="spam").text
    rule.refresh_from_db()
    assert (rule.text, rule.outcome) == ("casino*", "spam")
    assert "on the list already" in change(at_the_desk, rule, text="Lottery").text
    assert "regular expression" in change(at_the_desk, rule, text="^lot").text
    assert "Nothing was kept yet" in change(at_the_desk, rule, text="pools", _try="1").text
    assert texts() == {"casino*", "lottery"}
    assert "Changed Text and Then" in at_the_desk.get(f"{LIST}{rule.pk}/history/").text


def test_deleting_an_entry_asks_first(at_the_desk):
    add(at_the_desk, "casino")
    url = f"{LIST}{Rule.objects.get().pk}/delete/"
    assert "Are you sure you want to delete the rule" in at_the_desk.get(url).text
    at_the_desk.post(url, {"post": "yes"})
    assert not texts()


def test_an_entry_that_a_block_made_leads_to_the_decision(at_the_desk, ana, say):
    comment = say(status="pending")
    target = next(one for one in blocking.targets(comment) if one.kind == "email")
    decision = blocking.carry_out(target, comment, ana, sweep=False)
    page = at_the_desk.get(f"{LIST}{Rule.objects.get().pk}/change/").text
    assert reverse("admin:comments_decision_change", args=[decision.pk]) in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_are_words_on_every_page_of_the_lists(at_the_desk, ana, say, payload):
    say(f"{payload} pills", name=payload)
    add(at_the_desk, "pills", why=payload)
    rule = Rule.objects.create(kind="word", text=payload, why=payload, by=ana)
    pages = [
        at_the_desk.get(LIST),
        at_the_desk.get(f"{LIST}{rule.pk}/change/"),
        at_the_desk.get(f"{LIST}{rule.pk}/delete/"),
        at_the_desk.get(f"{LIST}{rule.pk}/history/"),
        add(at_the_desk, f"{payload}\n*", why=payload),
        add(at_the_desk, "pill*", why=payload, _try="1"),
    ]
    for page in pages:
        assert not kinds(page.text) & {"onerror", "onload", "javascript:", "iframe"}
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("odd", ["x", "9" * 400, "0", "-1", "1_2F"])
def test_no_odd_key_breaks_the_lists(client, ana, odd):
    Rule.objects.create(kind="word", text="casino", by=ana)
    client.raise_request_exception = False
    client.force_login(ana)
    assert client.get(f"{LIST}{odd}/change/").status_code in (302, 400, 404)
    assert client.get(f"{LIST}?by__password={odd}").status_code in (302, 400)
    found = client.get(f"{LIST}?kind__exact={odd}")
    assert (found.status_code, found.context["cl"].result_count) == (200, 0)


@pytest.mark.parametrize("count", [3, 60])
def test_the_lists_cost_the_same_queries_for_few_as_for_many(
    blog, at_the_desk, ana, count, django_assert_num_queries
):
    Rule.objects.bulk_create(Rule(kind="word", text=f"word {n}", by=ana) for n in range(count))
    at_the_desk.get(LIST)
    with django_assert_num_queries(8):
        at_the_desk.get(LIST)
