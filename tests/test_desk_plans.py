"""How the desk finds its comments: by an index, whatever is asked, and in as many queries."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from blog.models import Post
from comments import likeness
from comments.desk import listing as listings
from comments.desk.listing import STATES, Listing
from comments.models import Comment, Link, Person

SIZE = 1_500


@pytest.fixture
def corpus(blog, db) -> None:
    """A made-up blog: enough for a planner to prefer an index."""
    call_command("generate_corpus", posts=20, comments=SIZE, verbosity=0)


def ask(client, listing: Listing, **more: str):
    response = client.get(reverse("admin:moderation") + listing.query(**more))
    assert response.status_code == 200
    return response


def statements(client, listing: Listing, **more: str) -> list[tuple[str, object]]:
    """What the desk asks of the comments for one page."""
    asked: list[tuple[str, object]] = []

    def watch(execute, statement, params, many, context):
        if statement.startswith("SELECT") and '"comments_comment"' in statement:
            asked.append((statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        ask(client, listing, **more)
    return asked


def full_scans(asked: list[tuple[str, object]], table: str = "comments_comment") -> list[str]:
    """The steps that read all of a table, however few rows there are here to read."""
    found = []
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not is_sqlite:  # so few rows are read at once; what matters is that there is a way
            cursor.execute("SET LOCAL enable_seqscan = off")
        for statement, params in asked:
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            cursor.execute(f"{explain} {statement}", params)
            steps = [str(row[-1]) for row in cursor.fetchall()]
            found += [f"{step}: {statement}" for step in steps if is_full_scan(step, table)]
        if not is_sqlite:
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def is_full_scan(step: str, table: str) -> bool:
    if connection.vendor == "postgresql":
        return f"Seq Scan on {table}" in step
    return bool(re.match(rf"SCAN ({table}|[A-Z]\d+)(?!.*INDEX)", step))


def test_every_view_and_every_filter_is_found_by_an_index(corpus, at_the_desk):
    one = Comment.objects.exclude(person=None).exclude(wave=0).order_by("pk")[7]
    filters: list[dict[str, str]] = [
        {},
        {"order": "oldest"},
        {"after": str(Comment.objects.published().order_by("pk")[100].pk)},
        {"post": str(one.post_id)},
        {"person": str(one.person_id)},
        {"network": one.network},
        {"network": one.host},
        {"wave": str(one.wave)},
        {"domain": Link.objects.values_list("domain", flat=True)[0]},
        {"since": str((one.created_at - timedelta(days=1)).date())},
        {"reported": "1"},
        {"reason": "links"},
        {"q": "pencil"},
        {"q": "@mail7.example"},
    ]
    scans = {
        f"{state} {said}": found
        for state in STATES
        for said in filters
        if (found := full_scans(statements(at_the_desk, Listing(state=state), **said)))
    }
    assert not scans


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_moderator_finds_all_that_link_to_a_domain_however_common_it_is(
    corpus, at_the_desk, ana, monkeypatch, few
):
    monkeypatch.setattr("comments.desk.searching.FEW_LINKS", few)
    linked = Link.objects.order_by().values_list("domain").annotate(count=Count("pk"))
    domain = linked.order_by("-count", "domain")[0][0]
    for state in STATES:
        everything = {one.pk for one in Listing(state=state).comments(ana)}
        there = set(Link.objects.filter(domain=domain).values_list("comment", flat=True))
        found = Listing(state=state, domain=domain).comments(ana)
        assert {one.pk for one in found} == everything & there
        if not few:  # the shortest way where the view is short
            assert ("EXISTS" in str(found.query)) is (len(everything) < 8 * len(there))
        assert not full_scans(statements(at_the_desk, Listing(state=state, domain=domain)))


def test_the_number_of_queries_does_not_depend_on_that_of_rows(say, at_the_desk):
    for number in range(50):
        say(f"Waiting number {number}.", status="pending", email=f"sam{number}@example.org")
    asked = {}
    for words in ("number 1", "number"):
        rows = ask(at_the_desk, Listing(q=words)).content.count(b'class="slip"')
        asked[rows] = len(statements(at_the_desk, Listing(q=words)))
    assert sorted(asked) == [11, 30]
    assert asked[11] == asked[30]


def test_a_search_says_how_far_back_it_looked_and_goes_on_when_asked(say, at_the_desk, monkeypatch):
    monkeypatch.setattr(listings, "LOOKED_AT", 3)
    say("An old remark about pencils", status="pending")
    for number in range(5):
        say(f"A later remark, number {number}", status="pending")
    page = ask(at_the_desk, Listing(q="remark")).content.decode()
    assert page.count('class="slip"') == 3
    assert "in the latest" in page
    whole = ask(at_the_desk, Listing(q="remark", back_to="all")).content.decode()
    assert whole.count('class="slip"') == 6
    assert "in the latest" not in whole


def test_deciding_about_all_that_a_search_found_leaves_alone_where_it_did_not_look(
    say, at_the_desk, monkeypatch
):
    monkeypatch.setattr(listings, "LOOKED_AT", 3)
    for number in range(6):
        say(f"Remark {number}", status="pending")
    page = ask(at_the_desk, Listing(q="remark"))
    address = re.search(r'action="([^"]*/decide/[^"]*back_to[^"]*)"', page.content.decode())
    upto = Comment.objects.latest("pk").pk
    data = {"do": "mark_spam", "all": "on", "upto": upto}
    at_the_desk.post(address[1].replace("&amp;", "&"), data)
    at_the_desk.post(address[1].replace("&amp;", "&"), data)
    assert Comment.objects.filter(status="spam").count() == 3


def test_an_address_that_needs_no_reading_is_looked_for_everywhere(say, at_the_desk, monkeypatch):
    monkeypatch.setattr(listings, "LOOKED_AT", 1)
    for _ in range(3):
        say(status="pending", address="198.51.100.9", host="198.51.100.9")
    page = ask(at_the_desk, Listing(q="198.51.100.9")).content.decode()
    assert page.count('class="slip"') == 3


def test_everybody_of_a_domain_is_found_however_many_they_are(say, at_the_desk, monkeypatch):
    for number in range(7):
        say(status="pending", person=Person.objects.at(f"reader{number}@big.example", "Reader"))
    say(status="pending", person=Person.objects.at("sam@big.example.org", "Sam"))
    say(status="pending", person=Person.objects.at("ana@small.example", "Ana"))
    for few in (100, 3):  # gathered by person; or looked through
        monkeypatch.setattr("comments.desk.searching.FEW_PEOPLE", few)
        found = {
            q: found_by(at_the_desk, q) for q in ("@big.example", "@BIG.example.o", "reader", "@")
        }
        assert found == {"@big.example": 8, "@BIG.example.o": 1, "reader": 0, "@": 9}
        assert found_by(at_the_desk, "reader3@") == found_by(at_the_desk, "Sam@big") == 1
        assert found_by(at_the_desk, "am@big.example") == 0


def found_by(client, q: str) -> int:
    return ask(client, Listing(q=q)).content.count(b'class="slip"')


def test_an_address_of_very_many_says_how_far_back_it_looked(say, at_the_desk, monkeypatch):
    monkeypatch.setattr(listings, "LOOKED_AT", 3)
    monkeypatch.setattr("comments.desk.searching.FEW_PEOPLE", 2)
    for number in range(5):
        say(status="pending", person=Person.objects.at(f"reader{number}@big.example", "Reader"))
    page = ask(at_the_desk, Listing(q="@big.example")).content.decode()
    assert page.count('class="slip"') == 3
    assert "in the latest" in page
    assert "in the latest" not in ask(at_the_desk, Listing(q="reader1@")).content.decode()
    whole = ask(at_the_desk, Listing(q="@big.example", back_to="all")).content.decode()
    assert whole.count('class="slip"') == 5


@pytest.mark.parametrize("q", ["@mail7.example", "reader1@", "sam@example.org"])
def test_an_address_is_found_by_an_index_of_people(corpus, at_the_desk, q):
    asked: list[tuple[str, object]] = []

    def watch(execute, statement, params, many, context):
        asked.append((statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        ask(at_the_desk, Listing(q=q))
    of_people = [one for one in asked if 'FROM "comments_person"' in one[0]]
    assert of_people
    assert not full_scans(asked_of_comments(asked))
    assert not full_scans(of_people, "comments_person")


def asked_of_comments(asked: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return [one for one in asked if one[0].startswith("SELECT") and '"comments_comment"' in one[0]]


def test_an_owner_goes_back_to_the_version_before_that_index_and_forward_again(transactional_db):
    def is_there() -> bool:
        with connection.cursor() as cursor:
            known = connection.introspection.get_constraints(cursor, "comments_person")
        return "person_domain" in known

    assert is_there()
    call_command("migrate", "comments", "0009", verbosity=0)
    assert not is_there()
    call_command("migrate", "comments", verbosity=0)
    assert is_there()


def test_links_of_an_earlier_version_are_found_by_their_owners_domain(transactional_db, say):
    call_command("migrate", "comments", "0012", verbosity=0)
    comment, other = say(), say()
    Link.objects.create(comment=comment, domain="s1.pillshop.example")
    Link.objects.create(comment=comment, domain="pillshop.example")
    Link.objects.create(comment=other, domain="s2.pillshop.example")
    Link.objects.create(comment=other, domain="ana.blogspot.com")
    call_command("migrate", "comments", verbosity=0)
    assert Link.objects.count() == 5
    assert set(
        Link.objects.filter(domain="pillshop.example").values_list("comment", flat=True)
    ) == {
        comment.pk,
        other.pk,
    }


def test_a_made_up_blog_is_numbered_and_counted_as_a_true_one(corpus):
    for post in Post.objects.all():
        rows = list(post.comments.exclude(path=None).order_by("path"))
        published = [row for row in rows if row.is_published]
        assert post.comment_count == len(published)
        assert post.last_number == sum(row.path.__len__() == 7 for row in rows)
        for row in rows:
            below = [one for one in published if one.path.startswith(row.path) and one != row]
            assert row.branch_count == (len(below) if len(row.path) == 7 else 0)
    assert Comment.objects.count() == SIZE
    plain = Comment.objects.exclude(body__contains="https://").exclude(wave=0)
    alone = [one for one in plain[:200] if Comment.objects.filter(wave=one.wave).count() == 1]
    assert alone
    assert all(likeness.key(one.body) == one.wave for one in alone)


def test_made_up_comments_are_kept_out_of_a_blog_that_somebody_writes(post):
    with pytest.raises(CommandError, match="posts of its own"):
        call_command("generate_corpus", posts=2, comments=10)
