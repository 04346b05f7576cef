"""What moderators know of whoever writes from one e-mail address."""

import pytest
from django.contrib.admin.models import LogEntry

from comments import facts
from comments.models import Comment, Person
from tests.test_safety import PAYLOADS, kinds

LIST = "/admin/comments/person/"


@pytest.fixture
def meet(say):
    """meet("words", email=…) has somebody comment, and gives the person."""

    def one(body: str = "A fair point.", **said) -> Person:
        comment = say(body, **said)
        facts.complete([comment])
        return Comment.objects.get(pk=comment.pk).person

    return one


def change(client, person: Person, **changes):
    sent = {"standing": person.standing, "note": person.note} | changes
    return client.post(f"{LIST}{person.pk}/change/", sent, follow=True)


def test_people_are_found_by_address_and_by_name(at_the_desk, meet):
    meet(), meet(name="Wren Castellanos", email="Wren@Example.org")
    for q in ("wren@example", "WREN@EXAMPLE.ORG", "castell"):
        page = at_the_desk.get(LIST, {"q": q}).text
        assert "wren@example.org" in page
        assert "sam@example.org" not in page


def test_the_list_says_what_became_of_what_each_sent(at_the_desk, meet):
    meet(), meet(), meet(status="pending"), meet(status="spam")
    row = at_the_desk.get(LIST).text.partition("<tbody>")[2]
    assert 'class="field-published">2<' in row
    assert 'class="field-waiting">1<' in row
    assert 'class="field-spam">1<' in row


def test_those_who_are_trusted_can_be_listed(at_the_desk, meet):
    meet()
    wren = meet(name="Wren", email="wren@example.org")
    Person.objects.filter(pk=wren.pk).update(standing="trusted")
    trusted = at_the_desk.get(f"{LIST}?standing__exact=trusted").text
    others = at_the_desk.get(f"{LIST}?standing__exact=").text
    assert "wren@example.org" in trusted
    assert "sam@example.org" not in trusted
    assert "sam@example.org" in others
    assert "wren@example.org" not in others


@pytest.mark.parametrize("odd", ["%00", "x", "9" * 400])
def test_no_odd_address_breaks_the_list_of_people(client, ana, meet, odd):
    meet()
    client.raise_request_exception = False
    client.force_login(ana)
    for query in ("standing__exact", "q", "p", "o", "comments__address"):
        assert client.get(f"{LIST}?{query}={odd}").status_code in (200, 302, 400), query
    assert client.get(f"{LIST}{odd}/change/").status_code in (302, 404)


def test_a_persons_page_leads_to_all_that_they_sent(at_the_desk, meet):
    person, _same = meet("The first."), meet("The second.", status="spam")
    page = at_the_desk.get(f"{LIST}{person.pk}/change/").text
    latest = Comment.objects.get(body="The second.")
    desk = "/admin/comments/moderation/?state="
    assert f'{desk}published&amp;person={person.pk}">Published: 1<' in page
    assert f'{desk}spam&amp;person={person.pk}">Spam: 1<' in page
    assert f"{desk}spam&amp;person={person.pk}&amp;c={latest.pk}" in page
    assert page.index("The second.") < page.index("The first.")
    assert at_the_desk.get(f"{desk}spam&person={person.pk}&c={latest.pk}").status_code == 200


def test_ana_trusts_somebody_keeps_a_note_and_the_history_says_so(at_the_desk, ana, meet):
    person = meet()
    change(at_the_desk, person, standing="trusted", note="Writes\r\nwell.\x00", email="x@x.org")
    person.refresh_from_db()
    found = (person.standing, person.note, person.email)
    assert found == ("trusted", "Writes\nwell.", "sam@example.org")
    entry = LogEntry.objects.get(user=ana)
    assert entry.get_change_message() == "Changed Standing and Note."
    assert "Changed Standing" in at_the_desk.get(f"{LIST}{person.pk}/history/").text


def test_a_note_that_is_too_long_is_kept_in_the_form(at_the_desk, meet):
    page = change(at_the_desk, meet(), note="n" * 5_001).text
    assert "at most 5000 characters" in page
    assert "n" * 5_001 in page


def test_nobody_is_made_or_deleted_by_hand(client, ilse, meet):
    person = meet()
    client.force_login(ilse)
    for path in (f"{LIST}add/", f"{LIST}{person.pk}/delete/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": person.pk, "post": "yes"})
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_are_words_on_the_pages_of_people(at_the_desk, meet, payload):
    person = meet(payload, name=payload, status="pending")
    change(at_the_desk, person, note=payload)
    for path in (LIST, f"{LIST}?q={payload}", f"{LIST}{person.pk}/change/"):
        page = at_the_desk.get(path).text
        assert not kinds(page) & {"onerror", "onload", "javascript:"}
        assert "<script>alert" not in page
    assert payload in at_the_desk.get(LIST).context["cl"].result_list[0].name


@pytest.mark.parametrize("count", [2, 40])
def test_people_cost_the_same_queries_for_few_as_for_many(
    at_the_desk, meet, count, django_assert_num_queries
):
    for n in range(count):
        meet(f"Remark {n}.", email=f"reader{n}@example.org", status="pending")
    at_the_desk.get(LIST)
    with django_assert_num_queries(9):
        at_the_desk.get(LIST)
    one = Person.objects.first()
    for n in range(count):
        meet(f"More {n}.", email=one.email)
    at_the_desk.get(f"{LIST}{one.pk}/change/")
    with django_assert_num_queries(10):
        at_the_desk.get(f"{LIST}{one.pk}/change/")
