"""Readers report what should not stand: once each, without an account, and can take it back."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import signing
from django.db import close_old_connections, connection
from django.test import Client

from blog.models import Blog, Post
from comments import reporting, reports
from comments.models import Comment, Decision, Report
from tests.conftest import write
from tests.test_desk import undo

DESK = "/admin/comments/moderation/"
HOSTILE = "</q><script>alert(1)</script>\"'&{{ 7*7 }}\u202e"


def page_of(comment: Comment) -> str:
    return f"{comment.post.get_absolute_url()}comments/{comment.number}/report/"


@pytest.fixture
def remark(say) -> Comment:
    return say("Buy my cheap pencils.")


@pytest.fixture
def tell(client, remark):
    """tell("192.0.2.1", reason="spam") reports the remark from that address."""

    def send(who: str = "192.0.2.1", about: Comment | None = None, **changes):
        headers = changes.pop("headers", None)
        sent = {"reason": "spam", "words": ""} | changes
        return client.post(page_of(about or remark), sent, REMOTE_ADDR=who, headers=headers)

    return send


def status_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


def line_at_the_desk(client, comment: Comment) -> str:
    page = client.get(f"{DESK}?state={status_of(comment)}").text
    return re.search(r'<p class="why">(.*?)</p>', page)[1]


def test_every_published_comment_has_a_link_that_says_whose_it_is(client, post, say):
    say(name="Ana <Prieto>"), say("So?", answers="1"), say(status="pending"), say(status="removed")
    page = client.get(post.get_absolute_url()).text
    place = f"{post.get_absolute_url()}comments/"
    links = re.findall(r'<a href="([^"]*/report/)" rel="nofollow" aria-label="([^"]*)"', page)
    assert links == [
        (f"{place}1/report/", "Report Ana &lt;Prieto&gt;, comment 1"),
        (f"{place}1.1/report/", "Report Sam Whitlow, comment 1.1"),
    ]
    assert client.get(links[1][0]).status_code == 200
    assert f'href="{place}1.1/report/"' in client.get(f"{place}1/").text


def test_a_comment_can_be_reported_when_the_post_is_closed(client, post, remark, tell):
    Post.objects.update(comments_open=False)
    page = client.get(post.get_absolute_url()).text
    assert page_of(remark) in page
    assert "?reply=" not in page
    assert tell().status_code == 303


def test_the_page_asks_quietly(client, remark):
    response = client.get(page_of(remark))
    assert "Buy my cheap pencils." in response.text
    assert response.text.count('type="radio"') == len(Report.Reason)
    assert '<meta name="robots" content="noindex, noarchive">' in response.text
    assert response["X-Robots-Tag"] == "noindex, noarchive"
    assert "no-store" in response["Cache-Control"]
    assert "csrf" not in response.text
    assert not response.cookies
    head = client.head(page_of(remark))
    assert (head.status_code, head.content) == (200, b"")


def test_a_wrong_date_in_the_address_is_put_right(client, remark):
    response = client.get(f"/1999/01/{remark.post.slug}/comments/1/report/")
    assert (response.status_code, response.url) == (301, page_of(remark))


def test_a_reader_is_thanked_and_told_what_happens_now(client, remark, tell):
    response = tell(reason="abuse", words="He means me.")
    assert response.status_code == 303
    thanks = client.get(response.url)
    assert "Your report is with the moderators." in thanks.text
    assert "Until then nothing changes." in thanks.text
    assert "Take my report back" in thanks.text
    assert "He means me." not in thanks.text  # somebody of the same household may read it
    assert "no-store" in thanks["Cache-Control"]
    assert not thanks.cookies
    assert not response.cookies
    report = Report.objects.get()
    assert (report.comment, report.reason, report.words) == (remark, "abuse", "He means me.")
    assert status_of(remark) == "published"


def test_a_report_keeps_nothing_of_who_sent_it(tell):
    tell("192.0.2.123")
    facts = Report.objects.values().get()
    assert "192.0.2" not in str(facts)
    assert re.fullmatch("[0-9a-f]{64}", facts["reader"])
    plain = hashlib.sha256(b"192.0.2.123").hexdigest()
    assert facts["reader"] != plain  # a list of all addresses would betray it


def test_a_reader_counts_once_for_a_comment(client, tell):
    first, second = tell(), tell(reason="other", words="And again.")
    assert Report.objects.get().reason == "spam"
    assert second.status_code == 303
    both = [
        signing.loads(one.url.split("/")[-2], salt=reporting.SALT)[0] for one in (first, second)
    ]
    assert both == [Report.objects.get().pk] * 2
    assert "Your report is with the moderators." in client.get(second.url).text


def test_one_customers_network_is_one_reader(tell):
    tell("2001:db8::1"), tell("2001:db8::2"), tell("2001:db8:0:1::1"), tell("::ffff:192.0.2.1")
    tell("192.0.2.1")
    assert Report.objects.count() == 3


def test_a_reader_may_report_several_comments_and_readers_the_same(say, tell):
    tell(about=say("Another.")), tell("192.0.2.1"), tell("192.0.2.2")
    assert Report.objects.count() == 3


def test_browsers_tell_readers_apart_where_the_address_says_nothing():
    for address in ("127.0.0.1", "::1", None):
        assert reports.reader(address, "Lynx") == reports.reader(address, "Lynx")
        assert reports.reader(address, "Lynx") != reports.reader(address, "w3m")
    assert reports.reader("192.0.2.1", "Lynx") == reports.reader("192.0.2.1", "w3m")


def test_staff_may_report_as_well(client, ilse, tell):
    client.force_login(ilse)
    assert tell().status_code == 303


@pytest.mark.django_db(transaction=True)
def test_the_same_report_at_the_same_moment_is_one(remark):
    def send(_):
        try:
            return Client(REMOTE_ADDR="192.0.2.1").post(page_of(remark), {"reason": "spam"})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))
    close_old_connections()
    assert {answer.status_code for answer in answers} == {303}
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_three_readers_at_the_same_moment_are_counted_as_three(remark):
    Blog.objects.update(reports_hold=3)

    def send(n):
        try:
            return Client(REMOTE_ADDR=f"192.0.2.{n}").post(page_of(remark), {"reason": "spam"})
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(send, range(1, 4)))
    assert status_of(remark) == "pending"
    assert Decision.objects.filter(verb="hold").count() == 1


def test_a_reader_takes_the_report_back(client, remark, tell):
    thanks = tell().url
    response = client.post(thanks)
    assert (response.status_code, response.url) == (303, thanks)
    assert not Report.objects.exists()
    page = client.get(thanks).text
    assert "Your report is taken back." in page
    assert "<form" not in page
    assert client.post(thanks).status_code == 303  # a second click harms nobody
    assert tell().status_code == 303
    assert Report.objects.count() == 1
    client.post(thanks)  # nor does the old link the new report
    assert Report.objects.count() == 1


def test_reading_the_private_page_takes_nothing_back(client, tell):
    url = tell().url
    client.get(url), client.head(url)
    assert Report.objects.count() == 1


def test_another_site_takes_nothing_back(client, tell):
    url = tell().url
    response = client.post(url, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "page of another site" in response.text
    assert Report.objects.count() == 1


def test_the_private_page_cannot_be_guessed_and_expires(client, remark, tell, monkeypatch):
    tell()
    pk = Report.objects.get().pk
    for salt in ("comments.held", "", "x"):
        forged = signing.dumps([pk, remark.pk], salt=salt)
        assert client.post(f"/comments/reported/{forged}/").status_code == 404
    url = tell().url
    assert client.post(url[:-2] + ("A" if url[-2] != "A" else "B") + "/").status_code == 404
    body, _, mark = url.split("/")[-2].partition(":")
    other = signing.dumps([pk + 1, remark.pk], salt=reporting.SALT).partition(":")[0]
    assert client.post(f"/comments/reported/{other}:{mark}/").status_code == 404
    assert client.post(f"/comments/reported/{body}/").status_code == 404
    assert client.get(f"/comments/held/{url.split('/')[-2]}/").status_code == 404
    monkeypatch.setattr(reporting, "LINK_AGE", -1)
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 403
        assert "This link has expired" in response.text
    assert Report.objects.count() == 1


def test_a_report_takes_back_no_other(client, tell):
    mine = tell("192.0.2.1").url
    tell("192.0.2.2")
    client.post(mine)
    assert Report.objects.get().reader == reports.reader("192.0.2.2", "")


def test_what_had_its_effect_is_not_taken_back(client, ana, remark, tell):
    Blog.objects.update(reports_hold=1)
    url = tell().url
    page = client.get(url).text
    assert "The comment is no longer shown." in page
    assert "Take my report back" not in page
    assert "cheap pencils" not in page
    client.post(url)
    assert Report.objects.count() == 1
    Comment.objects.filter(pk=remark.pk).publish(by=ana)
    page = client.get(url).text
    assert "A moderator has read your report." in page
    assert "The comment stands." in page
    client.post(url)
    assert Report.objects.count() == 1


def test_the_private_page_shows_nothing_of_what_readers_may_not_see(client, tell):
    url = tell().url
    Post.objects.update(status="draft", title="A secret draft")
    page = client.get(url).text
    assert "secret draft" not in page
    assert "Back to the comment" not in page


def test_the_eleventh_report_of_an_hour_is_asked_to_wait_and_its_words_are_kept(say, tell):
    said = [say(f"Remark {n}") for n in range(11)]
    assert [tell(about=one).status_code for one in said[:10]] == [303] * 10
    response = tell(about=said[10], reason="illegal", words="Forged banknotes.")
    assert response.status_code == 429
    assert 3000 < int(response["Retry-After"]) <= 3600
    assert "10 comments within an hour" in response.text
    assert 'value="Forged banknotes."' in response.text
    assert re.search(r'value="illegal"[^>]* checked', response.text)
    assert tell(about=said[0]).status_code == 303  # what is stored already is no new report
    assert tell("192.0.2.2", about=said[10]).status_code == 303


def test_a_report_without_a_reason_is_told_so_and_keeps_its_words(tell):
    for reason in ("", "nonsense", "\0"):
        response = tell(reason=reason, words="It is a trap.")
        assert response.status_code == 422
        page = response.text
        assert "<title>Error:" in page
        assert page.count("Choose what is wrong with it") == 2  # in the summary and at the field
        assert 'href="#id_reason_0"' in page
        assert 'id="id_reason_0"' in page
        assert 'aria-describedby="id_reason_error"' in page
        assert 'value="It is a trap."' in page
    assert not Report.objects.exists()


def test_words_that_are_too_long_are_told_so_and_kept(tell):
    response = tell(words="w" * 501)
    assert response.status_code == 422
    assert "at most 500 fit" in response.text
    assert "w" * 501 in response.text
    assert tell(words="漢" * 500).status_code == 303
    assert Report.objects.get().words == "漢" * 500


def test_a_report_from_another_site_is_not_taken_and_its_words_are_kept(tell):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        response = tell(words="Kept.", headers=headers)
        assert response.status_code == 403
        assert 'value="Kept."' in response.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_only_what_stands_can_be_reported(client, say, tell, status):
    say()
    hidden = say("Not for all eyes.", status="published")
    getattr(
        Comment.objects.filter(pk=hidden.pk),
        {"pending": "hold", "spam": "mark_spam", "removed": "remove"}[status],
    )(by=None)
    assert client.get(page_of(hidden)).status_code == 404
    response = tell(about=hidden, words="My words.")
    assert response.status_code == 404
    assert "My words." in response.text
    assert "Not for all eyes." not in response.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"published_at": "2999-01-01T00:00Z"}])
def test_nothing_under_a_post_that_is_not_published_can_be_reported(
    client, ilse, say, tell, changes
):
    hidden = Post.objects.get(pk=write(ilse, "Not yet", **changes).pk)
    early = say("Too early.", under=hidden)
    assert client.get(page_of(early)).status_code == 404
    assert tell(about=early).status_code == 404


def test_there_is_nothing_to_report_at_other_numbers(client, post, remark):
    for number in ("2", "1.1", "0", "01", "1.", "9999999", "x"):
        path = f"{post.get_absolute_url()}comments/{number}/report/"
        assert client.post(path, {"reason": "spam"}).status_code == 404


def test_hostile_words_harm_nobody(client, at_the_desk, remark, tell):
    refused = tell(reason="", words=HOSTILE).text
    tell(words=HOSTILE)
    stored = Report.objects.get().words
    assert "\u202e" not in stored
    opened = at_the_desk.get(f"{DESK}?state=published&c={remark.pk}").text
    gone = Comment.objects.filter(pk=remark.pk)
    gone.remove(by=None)
    for page in (refused, opened, tell("192.0.2.9", words=HOSTILE).text):
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


def test_hostile_names_and_posts_harm_nobody(client, say, tell):
    Post.objects.update(title=f"T{HOSTILE}")
    about = say(f"B {HOSTILE}", name=f"N{HOSTILE}")
    for page in (client.get(page_of(about)).text, client.get(tell(about=about).url).text):
        assert "<script>alert" not in page


def test_the_desk_shows_reports_and_finds_the_reported(at_the_desk, remark, say, tell):
    say("Innocent.")
    tell(reason="private", words="My address."), tell("192.0.2.2")
    page = at_the_desk.get(f"{DESK}?state=published&reported=1").text
    assert "It gives away private facts" in page
    assert "My address." in page
    assert "Innocent." not in page
    assert page.count("Reported by 2 readers") == 1


def test_two_reports_do_not_make_two_of_a_comment(at_the_desk, remark, tell):
    Comment.objects.update(wave=7)
    tell("192.0.2.1"), tell("192.0.2.2")
    page = at_the_desk.get(f"{DESK}?state=published&reported=1").text
    assert "like this" not in page
    assert "All 1" in page


def test_the_queue_asks_once_for_the_reports_of_a_page(
    at_the_desk, say, tell, django_assert_max_num_queries
):
    for n in range(12):
        tell(about=say(f"Remark {n}"))
    with django_assert_max_num_queries(40) as few:
        at_the_desk.get(f"{DESK}?state=published")
    asked = [query["sql"] for query in few.captured_queries if "comments_report" in query["sql"]]
    assert len(asked) == 3  # how many there are, those of the queue, those of the open comment


def test_what_a_moderator_has_decided_is_no_longer_reported(at_the_desk, ana, remark, tell):
    tell()
    this = Comment.objects.filter(pk=remark.pk)
    this.hold(by=ana), this.publish(by=ana)
    assert Report.objects.get().seen
    page = at_the_desk.get(f"{DESK}?state=published").text
    assert "Reported by 1" not in page
    assert "It is spam or advertising" in page  # said with the open comment, as before
    assert "cheap pencils" not in at_the_desk.get(f"{DESK}?state=published&reported=1").text


def test_a_moderator_leaves_a_reported_comment_as_it_is(at_the_desk, remark, tell):
    tell()
    page = at_the_desk.get(f"{DESK}?state=published").text
    upto = re.search(r'name="upto" value="(\d+)">\s*<button class="act">Reports are read', page)[1]
    tell("192.0.2.2")  # while the moderator reads
    sent = {"c": f"{remark.pk}.0", "upto": upto}
    response = at_the_desk.post(f"{DESK}reports/?state=published", sent)
    assert response.status_code == 303
    page = at_the_desk.get(response.url).text
    assert f"Reports read: {remark.name} on “{remark.post}”." in page
    assert list(Report.objects.order_by("pk").values_list("seen", flat=True)) == [True, False]
    assert status_of(remark) == "published"
    undo(at_the_desk)
    assert list(Report.objects.order_by("pk").values_list("seen", flat=True)) == [False, False]
    assert status_of(remark) == "published"


def test_two_moderators_read_the_same_report_once(at_the_desk, ana, remark, tell):
    tell()
    upto = Report.objects.get().pk
    assert reports.settle(remark, upto, by=ana)
    page = at_the_desk.post(f"{DESK}reports/", {"c": f"{remark.pk}.0", "upto": upto}, follow=True)
    assert "There was nothing to do." in page.text
    assert Decision.objects.filter(verb="settle").count() == 1


def test_an_author_settles_no_reports_under_the_posts_of_others(client, piet, remark, tell):
    tell()
    client.force_login(piet)
    sent = {"c": f"{remark.pk}.0", "upto": Report.objects.get().pk}
    assert client.post(f"{DESK}reports/", sent).status_code == 404
    assert not Report.objects.get().seen


def test_reports_alone_hold_nothing(remark, tell):
    for n in range(1, 8):
        tell(f"192.0.2.{n}")
    assert status_of(remark) == "published"


def test_as_many_reports_as_the_owner_says_take_a_comment_back(at_the_desk, remark, tell):
    Blog.objects.update(reports_hold=3)
    tell("192.0.2.1"), tell("192.0.2.1"), tell("192.0.2.2", reason="abuse")
    assert status_of(remark) == "published"
    tell("192.0.2.3")
    assert status_of(remark) == "pending"
    decision = Decision.objects.latest("pk")
    assert (decision.verb, decision.by, decision.why) == ("hold", None, "Reported by 3 readers")
    assert remark.reasons == [
        {
            "code": "reports",
            "words": "Reported by 3 readers",
            "weight": 0,
            "detail": "It is spam or advertising · It insults or threatens somebody",
        }
    ]
    assert line_at_the_desk(at_the_desk, remark) == "Reported by 3 readers · 0.0"
    page = at_the_desk.get(f"{DESK}?reason=reports").text
    assert page.count("Reported by 3 readers") == 3  # on the slip, as a reason, and in the log


def test_a_report_that_was_taken_back_does_not_count(client, remark, tell):
    Blog.objects.update(reports_hold=2)
    client.post(tell("192.0.2.1").url)
    tell("192.0.2.2")
    assert status_of(remark) == "published"


def test_old_reports_do_not_hold_again_what_a_person_has_published(ana, remark, tell):
    Blog.objects.update(reports_hold=2)
    tell("192.0.2.1"), tell("192.0.2.2")
    Comment.objects.filter(pk=remark.pk).publish(by=ana)
    assert reports.hold_if_reported(remark) is None
    tell("192.0.2.1"), tell("192.0.2.3")
    assert status_of(remark) == "published"
    tell("192.0.2.4")
    assert status_of(remark) == "pending"
    assert [reason["words"] for reason in remark.reasons] == ["Reported by 2 readers"]


def test_the_hold_can_be_undone(ana, remark, tell):
    Blog.objects.update(reports_hold=1)
    tell()
    Decision.objects.latest("pk").undo(by=ana)
    assert status_of(remark) == "published"
    assert Report.objects.get().seen


def test_reports_are_open_again_when_what_settled_them_is_taken_back(ana, remark, tell):
    tell()
    decision = Comment.objects.filter(pk=remark.pk).hold(by=ana)
    assert Report.objects.get().seen
    decision.undo(by=ana)
    assert not Report.objects.get().seen


def test_moderators_are_told_of_what_readers_hold(ana, remark, tell, to_ana):
    Blog.objects.update(reports_hold=1)
    tell()
    assert len(to_ana()) == 1
