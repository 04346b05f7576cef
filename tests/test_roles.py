"""Who may open and send what under /admin/comments/: a table of roles, addresses and methods."""

import pytest
from django.test import Client

from comments import facts
from comments.models import Comment, Decision, Person, Rule

ROOT = "/admin/comments/"
DESK = f"{ROOT}moderation/"
LOGIN, GONE = 302, 404
# Each: the address, then what GET and what an empty POST answer for an author, a moderator and a
# superuser. Who is not logged in is always led to the log-in.
OWN_TOO, MODERATORS, NOBODY = "author moderator superuser", "moderator superuser", ""
ROUTES = [
    (DESK, OWN_TOO, 200, 405),
    (f"{DESK}waves/", OWN_TOO, 200, 405),
    (f"{DESK}decide/", OWN_TOO, 303, 404),
    (f"{DESK}undo/", OWN_TOO, 303, 404),
    (f"{DESK}reply/", OWN_TOO, 303, 404),
    (f"{DESK}keys/", OWN_TOO, 303, 303),
    (f"{DESK}person/", OWN_TOO, 303, 404),
    (f"{DESK}block/", MODERATORS, 404, 404),
    (f"{DESK}progress/999999/", OWN_TOO, 404, 405),
    (f"{ROOT}comment/", OWN_TOO, 200, 200),
    (f"{ROOT}comment/add/", NOBODY, 403, 403),
    (f"{ROOT}comment/%(comment)d/change/", MODERATORS, 200, 200),
    (f"{ROOT}comment/%(comment)d/delete/", NOBODY, 403, 403),
    (f"{ROOT}comment/%(comment)d/history/", MODERATORS, 302, 302),
    (f"{ROOT}comment/%(comment)d/thread/", MODERATORS, 200, 200),
    (f"{ROOT}decision/", OWN_TOO, 200, 200),
    (f"{ROOT}decision/export/", OWN_TOO, 200, 405),
    (f"{ROOT}decision/add/", NOBODY, 403, 403),
    (f"{ROOT}decision/%(decision)d/change/", MODERATORS, 200, 403),
    (f"{ROOT}decision/%(decision)d/delete/", NOBODY, 403, 403),
    (f"{ROOT}rule/", MODERATORS, 200, 200),
    (f"{ROOT}rule/add/", MODERATORS, 200, 422),
    (f"{ROOT}rule/%(rule)d/change/", MODERATORS, 200, 422),
    (f"{ROOT}rule/%(rule)d/delete/", MODERATORS, 200, 200),
    (f"{ROOT}rule/%(rule)d/history/", MODERATORS, 200, 200),
    (f"{ROOT}person/", MODERATORS, 200, 200),
    (f"{ROOT}person/add/", NOBODY, 403, 403),
    (f"{ROOT}person/%(person)d/change/", MODERATORS, 200, 302),
    (f"{ROOT}person/%(person)d/delete/", NOBODY, 403, 403),
    (f"{ROOT}check/", MODERATORS, 200, 200),
    (f"{ROOT}check/ask-again/", MODERATORS, 405, 302),
]
# An author may open the kind of page, but this comment is under somebody else's post.
NOT_THEIRS = (302, 404)


@pytest.fixture
def cast(ana, piet, ilse) -> dict:
    return {"author": piet, "moderator": ana, "superuser": ilse}


@pytest.fixture
def things(ilse, say) -> dict[str, int]:
    comment = say(status="pending")
    facts.complete([comment])
    decision = Comment.objects.filter(pk=comment.pk).mark_spam(by=ilse)
    rule = Rule.objects.create(kind="word", text="casino", by=ilse)
    person = Person.objects.get()
    return {
        "comment": comment.pk,
        "decision": decision.pk,
        "rule": rule.pk,
        "person": person.pk,
    }


@pytest.mark.parametrize(("route", "allowed", "to_get", "to_post"), ROUTES)
@pytest.mark.parametrize("role", ["anonymous", "author", "moderator", "superuser"])
def test_each_address_answers_each_role_as_it_should(
    client, cast, things, role, route, allowed, to_get, to_post
):
    path = route % things
    if role == "anonymous":
        for method in (client.get, client.head, client.post):
            response = method(path)
            assert response.status_code == LOGIN
            assert response["Location"].startswith("/admin/login/")
        return
    client.force_login(cast[role])
    if role in allowed.split():
        assert client.get(path).status_code == to_get
        assert client.head(path).status_code in (to_get, 405)
        assert client.post(path).status_code == to_post
        return
    refused = (403, 405) if "/thread/" not in path else (404,)
    refused += NOT_THEIRS if role == "author" and "%(" in route else ()
    for method in (client.get, client.head, client.post):
        assert method(path).status_code in refused


@pytest.mark.parametrize("role", ["anonymous", "author", "moderator", "superuser"])
def test_without_its_last_slash_an_address_does_nothing(client, cast, things, role):
    if role != "anonymous":
        client.force_login(cast[role])
    before = Decision.objects.count(), Rule.objects.count()
    for path in [(route % things).removesuffix("/") for route, *_ in ROUTES]:
        for method in (client.get, client.head, client.post):
            response = method(path, {"post": "yes", "do": "publish", "c": things["comment"]})
            assert response.status_code in (301, 302), path
            assert response["Location"].startswith((f"{path}/", "/admin/login/")), path
    assert (Decision.objects.count(), Rule.objects.count()) == before


def test_capitals_and_double_slashes_are_other_addresses(client, ilse, things):
    client.force_login(ilse)
    for path in [route % things for route, *_ in ROUTES]:
        for odd in (path.replace("comments", "Comments"), path.replace("/comments", "//comments")):
            assert client.get(odd).status_code == GONE, odd


def test_nothing_is_sent_from_another_site(ilse, things):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ilse)
    for path in [route % things for route, *_ in ROUTES]:
        response = client.post(path, headers={"Origin": "https://evil.example"})
        assert response.status_code == 403, path


def test_a_reader_who_has_an_account_is_no_moderator(client, blog, django_user_model):
    reader = django_user_model.objects.create_user("reader@example.org", "x", name="Reader")
    client.force_login(reader)
    for route, *_ in ROUTES:
        path = route % dict.fromkeys(("comment", "decision", "rule", "person"), 1)
        assert client.get(path).status_code == LOGIN, path


def test_a_moderator_finds_the_lists_people_and_the_log_from_the_front(at_the_desk):
    page = at_the_desk.get("/admin/").text
    for name in ("moderation", "rule", "person", "decision", "comment"):
        assert f'href="{ROOT}{name}/"' in page
