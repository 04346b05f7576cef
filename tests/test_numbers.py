"""Numbers are given at publication and never change, whatever happens in whatever order."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import Blog, User
from comments import moderation, numbers
from comments.models import Comment, Decision
from tests.conftest import write


def test_a_number_and_its_path_are_two_forms_of_one_thing():
    assert numbers.path_of("3.1") == "00000030000001"
    assert numbers.number_of("00000030000001") == "3.1"


@pytest.mark.parametrize(
    "words", ["", "0", "3.", ".3", "3.0", "03", "3..1", "٣", "-1", "1e3", "9" * 8, "1" + ".1" * 10]
)
def test_what_is_not_a_number_names_no_comment(words, db):
    assert numbers.path_of(words) is None
    assert not Comment.objects.numbered(words).exists()


def test_comments_are_numbered_in_the_order_in_which_they_are_let_in(say):
    first, second = say(status="pending"), say("Another.", status="pending")
    Comment.objects.filter(pk=second.pk).publish(by=None)
    Comment.objects.filter(pk=first.pk).publish(by=None)
    assert [Comment.objects.get(pk=c.pk).number for c in (first, second)] == ["2", "1"]


def test_many_let_in_at_once_are_numbered_in_the_order_in_which_they_were_written(say):
    written = [say(f"Remark {n}.", status="pending") for n in range(5)]
    Comment.objects.pending().publish(by=None)
    assert [Comment.objects.get(pk=c.pk).number for c in written] == ["1", "2", "3", "4", "5"]


def test_an_answer_is_numbered_under_what_it_answers(say):
    say(), say()
    assert say(answers="2").number == "2.1"
    assert say(answers="2").number == "2.2"
    assert say(answers="2.1").number == "2.1.1"
    assert say().number == "3"


def test_held_comments_and_spam_leave_no_gaps(say):
    say()
    say(status="pending"), say("Buy.", status="spam")
    assert say().number == "2"


def test_a_removed_comment_keeps_its_number_and_nobody_else_gets_it(say):
    gone = say(status="removed")
    assert gone.number == "1"
    assert say().number == "2"
    Comment.objects.filter(pk=gone.pk).restore(by=None)
    assert Comment.objects.get(pk=gone.pk).number == "1"


def test_an_answer_too_deep_stands_beside_the_one_it_answers(blog, say):
    Blog.objects.update(nesting=3)
    say(), say(answers="1"), say(answers="1.1")
    beside = say(answers="1.1.1")
    assert beside.number == "1.1.2"
    assert beside.parent.number == "1.1.1"


def test_numbers_stay_when_the_owner_allows_fewer_levels(blog, say):
    deep = [say()]
    for _ in range(5):
        deep.append(say(answers=deep[-1].number))
    Blog.objects.update(nesting=2)
    assert say(answers="1.1.1.1.1.1").number == "1.2"
    assert Comment.objects.get(pk=deep[-1].pk).number == "1.1.1.1.1.1"


def test_an_owner_who_edits_the_post_meanwhile_gives_no_number_twice(post, say):
    stale = type(post).objects.get(pk=post.pk)
    say()
    stale.title = "A better title"
    stale.save()
    assert say().number == "2"
    post.refresh_from_db()
    assert (post.title, post.comment_count, post.last_number) == ("A better title", 2, 2)


def test_a_window_shows_its_answers_up_to_a_limit_for_good(say, monkeypatch):
    monkeypatch.setattr("comments.numbering.WINDOW_ANSWERS", 2)
    say(), say()
    answers = [say(answers="1"), say(answers="2"), say(answers="1"), say(answers="1.1")]
    assert [answer.in_window for answer in answers] == [True, True, False, False]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["submit", "import", "publish", "hold", "mark_spam", "remove", "restore", "undo"]
        ),
        st.integers(0, 30),
    ),
    max_size=40,
)


class NumbersWhateverHappens(TestCase):
    """Hypothesis plays moderators who do anything in any order."""

    @settings(max_examples=60, deadline=None)
    @given(steps=STEPS)
    def test_no_published_number_ever_changes_or_is_given_twice(self, steps):
        Blog.current()
        post = write(User.objects.create_user("ilse@example.org", name="Ilse"), "A post")
        given_to: dict[str, int] = {}
        for verb, pick in steps:
            act(post, verb, pick)
            for pk, path in post.comments.exclude(path=None).values_list("pk", "path"):
                assert given_to.setdefault(path, pk) == pk
        self.check(post, given_to)

    def check(self, post, given_to):
        rows = list(post.comments.all())
        assert {row.pk for row in rows if row.path} == set(given_to.values())
        siblings: dict[str, list[int]] = {}
        for path in given_to:
            siblings.setdefault(numbers.above(path), []).append(int(path[-numbers.DIGITS :]))
        for positions in siblings.values():
            assert sorted(positions) == list(range(1, len(positions) + 1))
        post.refresh_from_db()
        assert post.comment_count == sum(row.is_published for row in rows)
        for root in (row for row in rows if row.path and numbers.depth(row.path) == 1):
            below = post.comments.under(root.path).exclude(pk=root.pk).published()
            assert root.branch_count == below.count()


def act(post, verb: str, pick: int) -> None:
    rows = list(post.comments.order_by("pk"))
    if verb == "submit":
        published = [row for row in rows if row.is_published]
        parent = published[pick % len(published)] if published and pick % 3 else None
        Comment.objects.create(post=post, parent=parent, name="Sam", body="Words.", html="")
    elif verb == "import":  # an approved answer to anything, as an export may hold
        parent = rows[pick % len(rows)] if rows and pick % 3 else None
        brought = Comment.objects.create(post=post, parent=parent, name="Ana", body="x", html="")
        with transaction.atomic():
            moderation.publish([brought], moderation.lock([post.pk]))
    elif verb == "undo":
        decisions = list(Decision.objects.order_by("pk"))
        if decisions:
            decisions[pick % len(decisions)].undo(by=None)
    elif rows:
        chosen = [rows[pick % len(rows)].pk, rows[pick * 7 % len(rows)].pk]
        getattr(Comment.objects.filter(pk__in=chosen), verb)(by=None)
