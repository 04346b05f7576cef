"""Where a comment goes, and why: every reason is in words, and none of them is silence."""

import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from blog.models import Blog, User
from comments import facts, pace, regulars, screening, submission
from comments.desk import blocking
from comments.models import Comment, Person, Rule
from comments.screening import text
from tests.test_desk_plans import full_scans

ENDS = (("pills ", ""), ("*casino", ""), ("word", "*"), ("w-", ".com"))
WORDS = "I have kept the pencil that my grandfather used for the margins of his atlas."


@pytest.fixture
def sent_by(blog, post):
    """sent_by(body="…", name="…") is what a guest sends to a blog that lets everybody in."""
    Blog.objects.update(moderation=Blog.Moderation.NONE)

    def submit(body: str = WORDS, **fields) -> submission.Submission:
        fields = {
            "name": "Sam Whitlow",
            "email": "sam@example.org",
            "address": "192.0.2.7",
        } | fields
        return submission.Submission(post=post, body=body, **fields)

    return submit


def judged(sent: submission.Submission) -> screening.Verdict:
    return screening.judge(sent, Blog.current())


def codes(sent: submission.Submission) -> set[str]:
    return {reason.code for reason in judged(sent).reasons}


def store(sent: submission.Submission) -> Comment:
    return submission.store(sent, judged(sent))


def test_an_ordinary_comment_is_let_in(sent_by):
    assert judged(sent_by()).status == "published"


def test_who_falls_into_the_trap_is_out_of_sight_and_still_told_that_it_is_held(answer):
    Blog.objects.update(moderation=Blog.Moderation.NONE)
    page = answer(subject="cheap watches", follow=True)
    comment = Comment.objects.get()
    assert (comment.status, comment.is_blatant) == ("spam", True)
    assert page.url.startswith("/comments/held/")


def test_the_owner_may_want_to_see_what_fell_into_the_trap(sent_by):
    Blog.objects.update(blatant_trap=False)
    verdict = judged(sent_by(trap="x"))
    assert (verdict.status, verdict.is_blatant) == ("spam", False)


@pytest.mark.parametrize(("seconds", "is_haste"), [(None, False), (0.4, True), (40.0, False)])
def test_a_form_sent_faster_than_a_person_writes_counts_where_that_is_known(
    sent_by, seconds, is_haste
):
    assert ("haste" in codes(sent_by(seconds=seconds))) == is_haste


@pytest.mark.parametrize("said", ["", "nonsense", "-3", "nan", "1e999", "12"])
def test_whatever_the_browser_says_of_the_time_the_comment_is_taken(answer, said):
    assert answer(seconds=said).status_code == 303
    assert Comment.objects.get().seconds == (12 if said == "12" else None)


def test_the_same_words_again_are_noticed_here_and_on_other_posts(sent_by):
    store(sent_by(name="Rosa Field", email="rosa@example.org"))
    assert "same_text" in codes(sent_by())


def test_nearly_the_same_words_are_noticed_too(sent_by):
    text = "Great article about {}! I bought my pencils at https://{}.example/shop for {} dollars."
    for number, thing in enumerate(["maps", "books", "ink"]):
        store(sent_by(text.format(thing, thing, number), email=f"{thing}@example.org"))
    verdict = judged(sent_by(text.format("rulers", "rulers", 9)))
    assert "same_text" in {reason.code for reason in verdict.reasons}
    assert verdict.status != "published"
    assert len(set(Comment.objects.values_list("wave", flat=True))) == 1


def test_two_people_may_both_say_thank_you(sent_by):
    store(sent_by("Great post, thanks!", email="rosa@example.org"))
    assert "same_text" not in codes(sent_by("Great post, thanks!"))


def test_links_are_counted(sent_by):
    assert "links" not in codes(sent_by("See https://a.example and https://b.example for it all."))
    many = " ".join(f"https://{n}.example" for n in range(4))
    assert judged(sent_by(f"Look: {many}")).status == "pending"


def test_shouting_and_mixed_scripts_add_up(sent_by):
    assert "shouting" in codes(sent_by("THIS IS THE BEST OFFER OF THE WHOLE YEAR, COME"))
    assert "shouting" not in codes(sent_by("NASA and the BBC said so, and I believe it."))
    assert "mixed" in codes(sent_by("Log in to your pаypаl account to go on reading this."))


def test_a_guest_who_borrows_the_name_of_a_moderator_is_held(sent_by, ana):
    for name in ["Ana Prieto", "ANA PRIETO", "Аna Рrieto", "Ana  Prieto", "A n a Prieto"]:
        verdict = judged(sent_by(name=name))
        assert verdict.status == "pending"
        assert "imitation" in {reason.code for reason in verdict.reasons}, name
    assert "imitation" not in codes(sent_by(name="Anna Prietov"))


def rule(kind: str, text: str, outcome: str = "hold", **fields) -> Rule:
    return Rule.objects.create(kind=kind, text=text, outcome=outcome, **fields)


@pytest.mark.parametrize(
    ("kind", "text", "caught", "free"),
    [
        ("word", "atlas", {"body": WORDS}, {"body": "An atlases’ tale of nothing."}),
        ("word", "press", {"body": "Stop the press now."}, {"body": "My WordPress blog is old."}),
        ("word", "(a+)+", {"body": "the group (a+)+ as such"}, {"body": "a" * 3000}),
        ("name", "whitlow", {"name": "Sam Whitlow"}, {"name": "Rosa Field"}),
        ("email", "sam@example.org", {"email": "SAM@example.org"}, {"email": "tom@example.org"}),
        ("email", "@example.org", {"email": "a@mail.example.org"}, {"email": "a@xexample.org"}),
        ("network", "192.0.2.0/24", {"address": "192.0.2.200"}, {"address": "192.0.3.1"}),
        ("network", "192.0.2.7", {"address": "192.0.2.7"}, {"address": "192.0.2.70"}),
        ("network", "2001:db8::/48", {"address": "2001:db8:0:9::1"}, {"address": "2001:db9::1"}),
        (
            "domain",
            "example.com",
            {"body": "Go to https://shop.example.com/x now, all of you."},
            {"body": "Go to https://attacker-example.com/ now, all of you."},
        ),
        ("domain", "example.com", {"url": "https://example.com/"}, {"url": "https://example.net"}),
    ],
)
def test_the_lists_match_whole_words_labels_and_networks(sent_by, kind, text, caught, free):
    rule(kind, text)
    assert "hold_list" in codes(sent_by(**caught))
    assert "hold_list" not in codes(sent_by(**free))


def test_whatever_way_ana_changes_a_list_it_holds_for_the_next_comment(sent_by, ana):
    def on_list() -> bool:
        return "hold_list" in codes(sent_by())

    assert not on_list()
    kept = rule("word", "atlas")
    assert on_list()
    kept.text = "margin"
    kept.save()
    assert not on_list()
    Rule.objects.filter(pk=kept.pk).update(text="margins")
    assert on_list()
    kept.delete()
    assert not on_list()
    Rule.objects.bulk_create([Rule(kind="word", text="pencil", outcome="hold")])
    assert on_list()
    Rule.objects.all().delete()
    assert not on_list()
    Rule.objects.update_or_create(kind="network", text="192.0.2.0/24")
    assert on_list()
    with transaction.atomic():
        rule("word", "grandfather", "spam")
        assert "spam_list" in codes(sent_by())
        transaction.set_rollback(True)
    assert "spam_list" not in codes(sent_by())


def test_undoing_a_block_holds_for_the_next_comment(sent_by, ana):
    comment = store(sent_by())
    target = next(one for one in blocking.targets(comment) if one.kind == "email")
    decision = blocking.carry_out(target, comment, ana, sweep=False)
    assert "spam_list" in codes(sent_by("Something else altogether."))
    decision.undo(by=ana)
    assert "spam_list" not in codes(sent_by("Something else altogether."))


def test_a_writer_does_not_wait_for_fifty_thousand_words(sent_by, django_assert_max_num_queries):
    texts = [f"{word}{number}{end}" for number in range(12_500) for word, end in ENDS]
    Rule.objects.bulk_create([Rule(kind="word", text=text, outcome="hold") for text in texts])
    assert "hold_list" in codes(sent_by(f"{WORDS} And pills 99 for all."))  # they are read once
    sent, began = sent_by(f"{WORDS} So says PILLS-17.com in our xcasino4711."), time.process_time()
    with django_assert_max_num_queries(1):
        assert [entry.text for entry in sent.rules] == ["*casino4711", "pills 17"]
    assert time.process_time() - began < 0.02


def test_the_names_of_staff_are_asked_for_again_when_one_changes(sent_by, ana):
    assert "imitation" not in codes(sent_by(name="Ana Maria Prieto"))
    User.objects.filter(pk=ana.pk).update(name="Ana Maria Prieto")
    assert "imitation" in codes(sent_by(name="Ana Maria Prieto"))
    ana.delete()
    assert "imitation" not in codes(sent_by(name="Ana Maria Prieto"))


def test_the_spam_list_calls_spam_and_says_which_entry_it_was(sent_by):
    rule("word", "casino", "spam", why="Every week since May")
    verdict = judged(sent_by("Come to the casino by the river, everybody."))
    (found,) = [reason for reason in verdict.reasons if reason.code == "spam_list"]
    assert verdict.status == "spam"
    assert "casino" in found.words
    assert found.detail == "Every week since May"


def test_a_domain_that_moderators_called_spam_counts_against_the_next_comment(sent_by, ana):
    link = "Best floors of the county at https://oak.example/ for everybody, number {}."
    comment = store(sent_by(link.format("one"), email="a@example.org"))
    assert "spam_domain" not in codes(sent_by("Have a look at https://oak.example/x one day."))
    decision = Comment.objects.filter(pk=comment.pk).mark_spam(by=ana)
    assert "spam_domain" in codes(sent_by("Have a look at https://oak.example/x one day."))
    decision.undo(by=ana)
    assert "spam_domain" not in codes(sent_by("Have a look at https://oak.example/x one day."))


def test_a_spammer_with_a_new_name_for_each_comment_is_known_by_the_domain_above(sent_by, ana):
    link = "Cheapest in the county, number {0}: https://s{0}.pillshop.example/ for {0} of you."
    for number in range(4):
        store(sent_by(link.format(number), email=f"a{number}@example.org"))
    Comment.objects.all().mark_spam(by=ana)
    for host in ("s99.pillshop.example", "pillshop.example", "a.b.pillshop.example"):
        (found,) = [one for one in judged(sent_by(url=f"https://{host}/")).reasons if one.detail]
        assert (found.code, found.weight, found.detail) == ("spam_domain", 3.5, "pillshop.example")
    assert "spam_domain" not in codes(sent_by(url="https://notpillshop.example/"))


def test_a_spammer_does_not_hide_a_domain_among_more_links_than_are_shown(sent_by, ana):
    body = "https://pillshop.example/{0} and https://oak.example/?{0}\n" * 130
    comment = store(sent_by(body))
    assert "<a" not in comment.html
    assert {link.domain for link in comment.links.all()} == {"pillshop.example", "oak.example"}
    Comment.objects.all().mark_spam(by=ana)
    assert "spam_domain" in codes(sent_by("See https://oak.example/ for it."))
    rule("domain", "pillshop.example")
    assert "hold_list" in codes(sent_by(f"> {body}"))
    quoted = "\n".join(f"    https://rosa{number}.example" for number in range(90))
    assert not sent_by(f"My code:\n\n{quoted}").domains  # code is code, as long as it is shown


def test_one_blog_called_spam_says_nothing_of_its_neighbours(sent_by, ana):
    for number in range(4):
        store(sent_by(f"{WORDS} {number}", url="https://eve.blogspot.com/"))
    Comment.objects.all().mark_spam(by=ana)
    assert "spam_domain" in codes(sent_by(url="https://eve.blogspot.com/about"))
    assert "spam_domain" not in codes(sent_by(url="https://rosa.blogspot.com/"))
    assert "spam_domain" not in codes(sent_by(url="https://blogspot.com/"))


def test_newcomers_wait_until_one_of_theirs_was_published(sent_by, ana):
    Blog.objects.update(moderation=Blog.Moderation.FIRST)
    first = store(sent_by())
    assert first.status == "pending"
    Comment.objects.filter(pk=first.pk).publish(by=ana)
    assert judged(sent_by("And another thing that I had forgotten to say.")).status == "published"
    borrowed = sent_by("And another thing that I had to say.", name="Somebody Else")
    assert judged(borrowed).status == "pending"


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("Sam@Example.org", "Sam Whitlow"),
        ("sam@example.org", "sam whitlow"),
        ("SAM@EXAMPLE.ORG", "SAM  WHITLOW"),
        ("ｓａｍ@example.org", "Sam Ｗhitlow"),
    ],
)
def test_a_regular_who_types_name_or_address_in_other_letters_is_no_newcomer(
    sent_by, ana, email, name
):
    Blog.objects.update(moderation=Blog.Moderation.FIRST)
    store(sent_by())
    Comment.objects.all().publish(by=ana)
    again = sent_by("And another thing that I had forgotten.", email=email, name=name)
    assert judged(again).status == "published"


def test_a_regular_is_known_by_an_old_name_too(sent_by, say, ana):
    Blog.objects.update(moderation=Blog.Moderation.FIRST)
    say(name="Sam the Elder")
    for number in range(regulars.LATEST):
        say(f"Number {number} of my remarks about the margin.")
    facts.complete(Comment.objects.all())
    assert sent_by(name="sam the elder").is_known
    assert not sent_by(name="Sam the Younger").is_known


def test_a_regular_is_recognised_by_an_index_among_a_million(sent_by, monkeypatch):
    monkeypatch.setattr(regulars, "LATEST", 1)  # so that all that is ever asked is asked
    call_command("generate_corpus", posts=5, comments=1_000, force=True, verbosity=0)
    someone = Comment.objects.published().exclude(person=None).first().person
    with CaptureQueriesContext(connection) as asked:
        for email in (someone.email.upper(), "nobody@example.org"):
            assert sent_by(email=email, name="Somebody Else").is_known is False
    statements = [(query["sql"], None) for query in asked.captured_queries]
    assert len(statements) == 4  # of a stranger nothing more is asked than who it is
    assert not full_scans(statements)
    assert not full_scans(statements, "comments_person")


def test_a_person_whom_a_moderator_trusts_is_let_in_and_never_past_the_spam_list(sent_by):
    Blog.objects.update(moderation=Blog.Moderation.ALL)
    someone = Person.objects.at("sam@example.org", "Sam Whitlow")
    assert judged(sent_by()).status == "pending"
    someone.standing = Person.Standing.TRUSTED
    someone.save()
    assert judged(sent_by()).status == "published"
    rule("word", "atlas", "spam")
    assert judged(sent_by()).status == "spam"


def test_the_record_of_a_person_speaks_for_and_against(sent_by, say, ana):
    for number in range(3):
        facts.complete([say(f"Number {number} of my remarks about the margin.")])
    (record,) = [one for one in judged(sent_by()).reasons if one.code == "record"]
    assert record.weight < 0
    Comment.objects.all().mark_spam(by=ana)
    (record,) = [one for one in judged(sent_by()).reasons if one.code == "record"]
    assert record.weight > 2


def test_the_owner_sets_where_holding_and_spam_begin(sent_by):
    many = sent_by("Look: " + " ".join(f"https://{n}.example" for n in range(4)))
    Blog.objects.update(spam_from=2.0)
    assert judged(many).status == "spam"


def test_reasons_are_kept_with_their_points(sent_by):
    comment = store(sent_by("Look: " + " ".join(f"https://{n}.example" for n in range(4))))
    assert {"code", "words", "weight", "detail"} == set(comment.reasons[0])
    assert sum(reason["weight"] for reason in comment.reasons) >= 2


# Limits


def fast(sent_by, count: int, address) -> None:
    for number in range(count):
        sent = sent_by(f"{WORDS} {number} {'x' * number}", address=address(number))
        submission.store(sent, screening.Verdict("pending"), Blog.current())


def test_six_comments_a_minute_of_one_sender_are_one_too_many(sent_by):
    with pytest.raises(pace.TooFast):
        fast(sent_by, 6, lambda n: "198.51.100.4")
    assert Comment.objects.count() == 5


def test_all_addresses_of_one_household_count_as_one_sender(sent_by):
    with pytest.raises(pace.TooFast):
        fast(sent_by, 6, lambda n: f"2001:db8:1:2::{n + 1}")
    assert Comment.objects.count() == 5


def test_a_whole_network_has_its_limit_too(sent_by):
    Blog.objects.update(comments_per_hour=8)
    with pytest.raises(pace.TooFast):
        fast(sent_by, 9, lambda n: f"198.51.100.{n}")
    assert Comment.objects.count() == 8
    fast(sent_by, 1, lambda n: "203.0.113.9")


def test_a_header_that_anybody_can_write_does_not_escape_the_limit(client, post, sent):
    url = f"{post.get_absolute_url()}comments/"
    for number in range(6):
        answer = client.post(
            url,
            sent | {"comment": f"{WORDS} {number}"},
            REMOTE_ADDR="198.51.100.4",
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert f"{WORDS} 5" in answer.text


def test_all_whom_a_proxy_does_not_name_count_as_one_sender(client, post, sent, settings):
    settings.TRUSTED_PROXIES = 1
    url = f"{post.get_absolute_url()}comments/"
    for number, said in enumerate(["unknown", "_hidden", "nonsense", "unknown", "1.2.3", "1:2:3"]):
        words = sent | {"comment": f"{WORDS} {number}"}
        answer = client.post(url, words, headers={"X-Forwarded-For": f"203.0.113.9, {said}"})
    assert answer.status_code == 429
    assert Comment.objects.count() == 5
    named = {"X-Forwarded-For": "203.0.113.9:5555"}
    assert client.post(url, words, headers=named).status_code == 303
    assert Comment.objects.latest("pk").address == "203.0.113.9"


def test_a_guest_may_leave_name_and_address_empty_where_the_owner_allows_it(answer):
    Blog.objects.update(name_and_email_required=False)
    assert answer(name="", email="").status_code == 303
    assert Comment.objects.get().name == "Anonymous"


def test_only_users_may_comment_where_the_owner_wants_it(answer, client, post, ana):
    Blog.objects.update(login_required=True)
    refused = answer()
    assert refused.status_code == 403
    assert "The bus ticket" in refused.text
    assert "Only users of this blog" in client.get(post.get_absolute_url()).text
    client.force_login(ana)
    assert answer().status_code == 303


def test_a_link_with_www_is_one_link(post, blog):
    body = "See https://www.example.org/a and https://www.example.com/b please."
    assert text.links(submission.Submission(post=post, name="Sam", body=body), blog) is None
