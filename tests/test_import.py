"""Bringing a blog over from WordPress, and what a file from anywhere may try."""

import io
import re
import signal
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import process_time

import html5lib
import pytest
from django.core.management import CommandError, call_command
from django.utils.html import escape

from blog import markup
from blog.models import Category, Post, Tag, User
from comments.models import Comment, Decision
from comments.transfer import formatting, importing, stream, wxr
from comments.transfer.report import Report
from tests.server import ROOT, Server

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "wordpress-export.xml"
ODDITIES = DATA / "oddities.xml"

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Kettle</title><link>https://kettle.example</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://kettle.example</wp:base_blog_url>
"""
FOOT = "</channel></rss>"


def item(id: int = 1, *remarks: str, **fields: object) -> str:
    texts = {
        "title": f"Post {id}",
        "dc:creator": "mona",
        "content:encoded": "Words.",
        "wp:post_id": id,
        "wp:post_date_gmt": "2014-01-20 09:00:00",
        "wp:post_name": f"post-{id}",
        "wp:status": "publish",
        "wp:post_type": "post",
    } | {name.replace("__", ":"): words for name, words in fields.items()}
    return f"<item>{tags(texts)}{''.join(remarks)}</item>\n"


def remark(id: object, parent: object = 0, *, minute: int | None = None, **fields: object) -> str:
    minute = int(id) % 60 if minute is None else minute
    texts = {
        "id": id,
        "author": f"Reader {id}",
        "author_email": f"reader{id}@example.org",
        "date_gmt": f"2014-01-21 10:{minute:02}:00",
        "content": f"Remark {id}.",
        "approved": "1",
        "parent": parent,
    } | fields
    return f"<wp:comment>{tags({f'wp:comment_{n}': w for n, w in texts.items()})}</wp:comment>"


def tags(texts: dict[str, object]) -> str:
    return "".join(f"<{name}>{escape(words)}</{name}>" for name, words in texts.items())


@pytest.fixture
def bring(tmp_path):
    """bring(item(…), item(…)) imports a file with these; bring(path) that file; what it said."""
    numbers = count()

    def run(*parts: str | Path, head: str = HEAD, foot: str = FOOT) -> str:
        path = tmp_path / f"{next(numbers)}.xml"
        if isinstance(parts[0], Path):
            path = parts[0]
        else:
            path.write_text(head + "".join(parts) + foot)
        said = io.StringIO()
        call_command("import_wxr", path, stdout=said, stderr=said)
        return said.getvalue()

    return run


def dump() -> str:
    """Everything that the database holds of the blog."""
    out = io.StringIO()
    call_command("dumpdata", "blog", "comments", stdout=out)
    return out.getvalue()


def story() -> list:
    """What readers and moderators see, without the keys that depend on the order of work."""
    posts = Post.objects.order_by("import_key").values_list(
        "import_key", "slug", "status", "body", "comment_count", "last_number", "author__email"
    )
    comments = Comment.objects.order_by("fingerprint").values_list(
        "fingerprint", "parent__fingerprint", "path", "status", "html", "branch_count", "in_window"
    )
    return [*posts, *comments]


def numbers() -> dict[str, str]:
    """What the comments say by their numbers."""
    rows = Comment.objects.filter(path__isnull=False).order_by("post", "path")
    return {row.number: row.body for row in rows}


# A whole blog


def test_a_blogger_brings_her_wordpress_posts_with_all_their_conversation(bring, client):
    said = bring(EXPORT)
    post = Post.objects.get(slug="seed-shaped")
    assert post.title == "A Film About a Voice, and What I Felt"
    assert post.published_at == datetime(2014, 1, 20, 9, tzinfo=UTC)
    assert post.comment_count == 12
    assert [row.number for row in post.comments.all() if "." in row.number] == ["3.1"]
    assert post.author.email == "admin@example.org"
    assert list(post.categories.values_list("path", flat=True)) == ["category-1"]
    assert post.tags.count() == 3
    assert post.comments_open
    assert "comments: 112" in said
    assert "12 thoughts on" in client.get("/2014/01/seed-shaped/").text


def test_a_hundred_comments_nest_as_they_did(bring):
    bring(EXPORT)
    post = Post.objects.get(slug="thread-100")
    assert post.comment_count == 100
    source = re.findall(
        r"comment_content><!\[CDATA\[(.*?)\]\].*?comment_parent>(\d+)<",
        EXPORT.read_text().partition("A Long Conversation of 100")[2],
        re.DOTALL,
    )
    ids = re.findall(
        r"comment_id>(\d+)<", EXPORT.read_text().partition("A Long Conversation of 100")[2]
    )
    words = {id: body for id, (body, _) in zip(ids, source, strict=True)}
    above = {body: words.get(parent) for body, parent in source}
    for comment in post.comments.select_related("parent"):
        assert above[comment.body] == (comment.parent.body if comment.parent else None)
    assert {row.number.count(".") + 1 for row in post.comments.all()} == {1, 2, 3, 4}


def test_the_second_time_nothing_changes(bring):
    bring(EXPORT), bring(ODDITIES)
    before = dump()
    assert "Nothing new from Bench" in bring(EXPORT)
    assert "Nothing new from Odds" in bring(ODDITIES)
    assert dump() == before


def test_a_newer_export_adds_what_was_said_since_and_moves_no_number(bring):
    bring(item(1, remark(1), remark(2), remark(3, 1)))
    before = numbers()
    said = bring(item(1, remark(1), remark(4, minute=0), remark(2), remark(5, 3), remark(3, 1)))
    after = numbers()
    assert before.items() <= after.items()
    assert after["3"] == "Remark 4."
    assert after["1.1.1"] == "Remark 5."
    assert Post.objects.get().comment_count == 5
    assert "comments: 2" in said


def test_a_part_of_a_newer_export_finds_the_comments_that_it_answers(bring):
    bring(item(1, remark(1), remark(2)))
    bring(item(1, remark(3, 2)))
    assert numbers()["2.1"] == "Remark 3."


def test_what_its_owner_changed_here_stays_changed(bring):
    bring(item(1, remark(1)))
    Post.objects.update(title="A better title", slug="better", status="draft")
    Comment.objects.update(body="Edited.")
    Comment.objects.all().remove(by=None)
    bring(item(1, remark(1)))
    post, comment = Post.objects.get(), Comment.objects.get()
    assert (post.title, post.slug, post.status) == ("A better title", "better", "draft")
    assert (comment.body, comment.status) == ("Edited.", "removed")


def test_nobody_is_told_and_nothing_is_logged_as_a_decision(bring, mailoutbox):
    bring(EXPORT)
    assert not Decision.objects.exists()
    assert not mailoutbox


# Breaking off


@pytest.mark.parametrize("steps", [1, 4, 9, 15])
def test_an_import_that_was_broken_off_is_completed_by_the_next(bring, steps):
    parts = [item(p, *(remark(p * 10 + n, p * 10) for n in range(5))) for p in range(1, 7)]
    bring(*parts)
    whole = story()
    Post.objects.all().delete()
    User.objects.all().delete()

    class PowerCut(BaseException):
        pass

    left = count(steps, -1)

    def step() -> None:
        if next(left) == 0:
            raise PowerCut

    report = Report()
    document = io.BytesIO((HEAD + "".join(parts) + FOOT).encode())
    with pytest.raises(PowerCut):
        importing.bring(wxr.read(document, report), report, step)
    assert all(post.comment_count == 5 for post in Post.objects.all())
    bring(*parts)
    assert story() == whole


STORY = """
import json
from blog.models import Post
from comments.models import Comment
posts = Post.objects.order_by("import_key").values_list(
    "import_key", "slug", "body", "comment_count", "last_number")
comments = Comment.objects.order_by("fingerprint").values_list(
    "fingerprint", "post__import_key", "parent__fingerprint", "path", "status", "html")
print(json.dumps([*posts, *comments]))
"""


@pytest.mark.server
def test_an_import_that_was_killed_is_completed_by_the_next(tmp_path):
    path = tmp_path / "export.xml"
    words = "Some *words*, and [a link](https://example.org/). As @1 says, "
    path.write_text(
        HEAD
        + "".join(
            item(p, *(remark(p * 100 + n, p * 100, content=f"{words} {n}.") for n in range(10)))
            for p in range(1, 11)
        )
        + FOOT
    )
    stories = []
    for name in ("whole", "killed"):
        data = tmp_path / name
        data.mkdir()
        server = Server(data)
        server.create()
        server.manage("prepare", "--no-sample")
        for posts in (1, 5, 9) if name == "killed" else ():
            kill_at(server, path, posts)
        server.manage("import_wxr", str(path))
        stories.append(server.ask(STORY))
        server.close()
    assert stories[0] == stories[1]
    assert len(stories[0]) == 10 * 11


def kill_at(server: Server, path: Path, posts: int) -> None:
    """Starts an import and ends it with `kill -9` as soon as it has made so many posts."""
    code = f"""
import os, signal
from comments.transfer.conversations import moderation
from blog.models import Post
publish = moderation.publish
def killing(comments, rows):
    publish(comments, rows)
    if Post.objects.count() > {posts}:
        os.kill(os.getpid(), signal.SIGKILL)
moderation.publish = killing
from django.core.management import call_command
call_command("import_wxr", {str(path)!r})
"""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=server.environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert server.ask("from blog.models import Post; print(Post.objects.count())") == posts


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_file_cut_off_in_the_middle_brings_what_is_whole_in_it(bring, tmp_path, part):
    parts = [item(n, remark(n)) for n in range(1, 11)]
    whole = HEAD + "".join(parts)
    path = tmp_path / "cut.xml"
    path.write_text(whole[: int(len(whole) * part)])
    with pytest.raises(CommandError, match=r"broken at line \d+"):
        bring(path)
    assert Post.objects.count() == path.read_text().count("</item>")
    bring(*parts)
    assert Post.objects.count() == Comment.objects.published().count() == 10


def test_a_tag_that_is_not_closed_is_named_by_its_line(bring):
    with pytest.raises(CommandError, match="broken at line 10"):
        bring(item(1), "<item>\n<title>Broken</item>")
    assert Post.objects.count() == 1


# Who answers whom


def test_an_answer_finds_the_comment_that_comes_after_it_in_the_file(bring):
    bring(item(1, remark(2, 1), remark(1), remark(3, 2)))
    assert numbers() == {"1": "Remark 1.", "1.1": "Remark 2.", "1.1.1": "Remark 3."}


def test_an_answer_whose_comment_is_missing_stands_on_its_own(bring):
    said = bring(item(1, remark(1)), item(2, remark(2, 1), remark(3, 77)))
    assert Post.objects.get(slug="post-2").last_number == 2
    assert not Comment.objects.filter(parent__isnull=False).exists()
    assert "answers whose comment is missing, which stand on their own: 2" in said


def test_comments_that_answer_each_other_in_a_circle_are_all_there(bring):
    bring(item(1, remark(1, 3), remark(2, 1), remark(3, 2), remark(4, 4), remark(5, 4)))
    assert numbers() == {
        "1": "Remark 1.",
        "1.1": "Remark 2.",
        "1.1.1": "Remark 3.",
        "2": "Remark 4.",
        "2.1": "Remark 5.",
    }


def test_ten_levels_of_answers_keep_whom_they_answer(bring, blog):
    blog.nesting = 10
    blog.save()
    bring(item(1, *(remark(n, n - 1) for n in range(1, 13))))
    deepest = Comment.objects.get(body="Remark 12.")
    assert deepest.number == "1.1.1.1.1.1.1.1.1.3"
    assert deepest.parent.body == "Remark 11."
    assert "1.1.1.1.1.1.1.1.1.1" in numbers()


def test_an_approved_answer_to_spam_has_its_number_below_it(bring, client):
    bring(item(1, remark(1), remark(2, approved="spam", content="Buy!"), remark(3, 2)))
    assert numbers() == {"1": "Remark 1.", "2": "Buy!", "2.1": "Remark 3."}
    assert Comment.objects.get(body="Buy!").status == "spam"
    page = client.get("/2014/01/post-1/").text
    assert "Remark 3." in page
    assert "Buy!" not in page


def test_each_comment_is_where_its_moderators_had_put_it(bring):
    states = ["1", "0", "spam", "trash", "post-trashed", "hold", ""]
    said = bring(item(1, *(remark(n, approved=state) for n, state in enumerate(states, 1))))
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == [
        "published",
        "pending",
        "spam",
        "removed",
        "removed",
        "pending",
        "pending",
    ]
    assert "pending: 3" in said
    assert Post.objects.get().comment_count == 1


def test_comments_are_numbered_in_the_order_in_which_they_were_written(bring):
    bring(item(1, remark(1, minute=30), remark(2, minute=10), remark(3, minute=20)))
    assert numbers() == {"1": "Remark 2.", "2": "Remark 3.", "3": "Remark 1."}
    assert Comment.objects.get(body="Remark 2.").published_at.minute == 10


def test_an_answer_dated_before_what_it_answers_stands_below_it(bring):
    bring(item(1, remark(1, minute=1), remark(2, minute=30), remark(3, 2, minute=20)))
    assert numbers() == {"1": "Remark 1.", "2": "Remark 2.", "2.1": "Remark 3."}
    assert Post.objects.get().last_number == 2
    assert Comment.objects.get(body="Remark 2.").branch_count == 1


def test_numbers_that_a_comment_cites_become_links(bring):
    words = "As @1 and @2.1 say, and @7 does not; see also bob@2.example"
    bring(item(1, remark(1), remark(2), remark(3, 2), remark(4, content=words)))
    comment = Comment.objects.get(body=words)
    assert sorted(cited.number for cited in comment.cites.all()) == ["1", "2.1"]
    assert '<a class="at" href="#c2.1">@2.1</a>' in comment.html
    assert "#c7" not in comment.html


def test_a_thread_of_hundreds_needs_few_queries(bring, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        bring(item(1, *(remark(n) for n in range(1, 601))))
    assert Post.objects.get().comment_count == 600


# What is odd in real exports


@pytest.fixture
def odd(bring) -> str:
    return bring(ODDITIES)


def test_addresses_in_any_script_stay_as_they_were(odd, client):
    post = Post.objects.get(title="Tea — a long story")
    assert post.slug == "お茶"
    assert client.get("/2011/05/%e3%81%8a%e8%8c%b6/").status_code == 200
    assert Tag.objects.get(slug="чай").name == "чай"


def test_a_post_keeps_its_dates_its_excerpt_and_its_closed_comments(odd):
    post = Post.objects.get(slug="お茶")
    assert post.published_at == datetime(2011, 5, 3, 18, 30, tzinfo=UTC)
    assert post.updated_at == datetime(2012, 1, 1, tzinfo=UTC)
    assert post.excerpt == "On tea."
    assert not post.comments_open


def test_a_classic_post_has_the_paragraphs_that_wordpress_gave_it(odd):
    body = Post.objects.get(slug="お茶").body
    assert "<p>First line<br>\nsecond line with" in body
    assert '<a href="https://tea.example/?a=1&amp;b=2">a link</a>.</p>' in body
    assert "<blockquote>\n<p>Quoted.</p>\n</blockquote>" in body
    assert "<p>A new paragraph.</p>\n<ul>" in body
    assert "<li>black</li>" in body
    assert "two\n  lines</pre>" in body
    assert "more" not in body
    assert "<figcaption>The pot</figcaption></figure>" in body
    assert '<p><a href="https://video.example/watch?v=1">' in body


def test_a_post_made_of_blocks_is_left_as_it_is(odd):
    body = Post.objects.get(kind="page").body
    assert body.strip() == "<p>Made of blocks,\non two lines.</p>"


def test_a_page_at_an_address_of_the_blog_itself_gets_another(odd, client):
    assert Post.objects.get(kind="page").slug == "page-search"
    assert "Made of blocks" in client.get("/page-search/").text
    assert "addresses that something else has here: 1" in odd


def test_a_page_named_like_a_year_does_not_hide_behind_the_archive(bring, client):
    bring(item(1, wp__post_type="page", wp__post_name="2014"))
    assert "Words." in client.get("/page-2014/").text


def test_a_draft_without_title_date_or_author_comes_along(odd):
    draft = Post.objects.get(status="draft", title__startswith="Half")
    assert draft.title == "Half a thought about kettles, and about who…"
    assert draft.published_at == datetime(2013, 3, 1, 12, tzinfo=UTC)
    assert draft.author.email == "gone@odd.example.invalid"
    assert not draft.author.has_usable_password()
    assert not draft.author.is_staff


def test_a_post_behind_a_password_is_not_laid_open(odd, client):
    assert Post.objects.get(slug="members").status == "draft"
    assert client.get("/2013/03/members/").status_code == 404
    assert "posts with a password, which are drafts here: 1" in odd


def test_what_has_no_place_here_is_left_out_and_counted(odd):
    assert "media files: 1" in odd
    assert "posts in the trash: 1" in odd
    assert "pingbacks: 1" in odd
    assert "comments without text: 1" in odd


def test_categories_find_those_above_them_and_circles_are_cut(odd):
    kettles = Category.objects.get(slug="kettles")
    assert kettles.path == "kitchen/kettles"
    assert kettles.parent.name == "Kitchen & Garden"
    assert kettles.parent.description == "What boils."
    assert {"egg", "egg/hen"} == set(
        Category.objects.filter(slug__in=["hen", "egg"]).values_list("path", flat=True)
    )


def test_a_comment_says_what_it_said_in_wordpress(odd):
    comment = Comment.objects.get(name="Tom & Jerry")
    assert comment.html == (
        "<p>AT&amp;T serves <strong>tea</strong> &lt;b&gt;hot&lt;/b&gt; &lt;3<br>\n"
        '<a href="https://tea.example/?a=1&amp;b=2" rel="nofollow ugc noopener">see</a></p>'
    )
    assert comment.url == "https://tom.example/?a=1&b=2"
    assert comment.email == "tom@example.org"
    assert comment.address == "2001:db8::7"
    assert comment.user_agent == "Netscape 4"
    assert comment.created_at == datetime(2011, 5, 3, 19, tzinfo=UTC)


def test_a_comment_without_name_address_or_exact_date_is_kept(odd):
    comment = Comment.objects.get(name="Anonymous")
    assert (comment.email, comment.url, comment.address) == ("", "", None)
    assert comment.created_at == datetime(2011, 5, 3, 22, tzinfo=UTC)
    assert comment.number == "1.1"
    assert '<a class="at" href="#c1">@1</a>' in comment.html


def test_two_comments_with_one_id_are_two_comments(odd, bring):
    assert Comment.objects.filter(name="Somebody else").get().number == "3"
    assert Comment.objects.count() == 5


def test_one_id_on_two_posts_is_two_comments_every_time(bring):
    parts = [item(1, remark(1)), item(2, remark(1, content="Another.", minute=5), remark(2, 1))]
    bring(*parts), bring(*parts)
    assert Comment.objects.count() == 3
    assert Comment.objects.get(body="Remark 2.").parent.body == "Another."


def test_two_posts_with_one_id_are_two_posts_every_time(bring):
    parts = [item(1), item(1, title="Another", wp__post_name="another")]
    bring(*parts), bring(*parts)
    assert Post.objects.count() == 2


def test_a_comment_that_the_file_has_twice_comes_once(bring):
    said = bring(item(1, remark(1), remark(1)))
    assert Comment.objects.count() == 1
    assert "comments that the file has twice: 1" in said


def test_what_is_no_address_is_left_away_and_counted(odd):
    comment = Comment.objects.get(name="Waits")
    assert (comment.email, comment.url, comment.status) == ("", "", "pending")
    assert "e-mail addresses of comments that are none, left away: 1" in odd
    assert "websites of comments that are none, left away: 1" in odd


def test_the_author_of_the_blog_is_known_in_the_conversation(odd):
    comment = Comment.objects.get(body="Thank you both.")
    assert comment.user == User.objects.get(name="Mona & Co.")
    assert comment.user == Post.objects.get(slug="お茶").author
    assert Comment.objects.filter(user=None).count() == 4


def test_an_author_who_has_an_account_here_gets_no_second_one(ilse, bring):
    head = HEAD + tags({"wp:author": ""}).replace(
        "><", ">" + tags({"wp:author_login": "mona", "wp:author_email": "ILSE@example.org"}) + "<"
    )
    bring(item(1), head=head)
    assert Post.objects.get().author == ilse
    assert ilse.check_password("three old pencils")
    assert User.objects.count() == 1


def test_a_slug_that_another_post_has_is_not_taken_from_it(post, bring, client):
    bring(item(1, wp__post_name=post.slug))
    assert Post.objects.get(import_key__isnull=False).slug == f"{post.slug}-2"
    assert client.get(post.get_absolute_url()).status_code == 200


def test_names_too_long_are_shortened_and_told_and_long_comments_left_out(bring):
    said = bring(
        item(1, remark(1, author="N" * 300), remark(2, content="x" * 65_526), remark(3)),
        item(2, title="T" * 400),
    )
    assert len(Comment.objects.get(body="Remark 1.").name) == 245
    assert len(Post.objects.get(slug="post-2").title) == 300
    assert "names too long to keep whole: 1" in said
    assert "titles too long to keep whole: 1" in said
    assert "comments longer than 65,525 characters: 1" in said


def test_a_post_for_next_year_is_scheduled(bring, client):
    year = datetime.now(UTC).year + 1
    bring(item(1, wp__status="future", wp__post_date_gmt=f"{year}-06-01 09:00:00"))
    assert Post.objects.get().is_scheduled


def test_control_characters_that_a_plug_in_left_in_the_file_do_no_harm(bring):
    bring(item(1, remark(1, content="A bell\x07 rings.")))
    assert Comment.objects.get().body == "A bell rings."


def test_older_exports_and_other_prefixes_are_read_as_well(bring):
    old = (
        HEAD.replace("export/1.2/", "export/1.0/")
        .replace("wp:", "blog:")
        .replace("xmlns:wp", "xmlns:blog")
    )
    body = item(1, remark(1)).replace("wp:", "blog:")
    bring(body, head=old)
    assert Comment.objects.get().number == "1"


# What a file may try


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<iframe src=javascript:alert(1)></iframe>",
    "{{ 7|add:7 }}<!-- --!><img src=x onerror=alert(1)>",
    "\u202egnp.exe",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_would_run_in_a_readers_browser_does_not(bring, client, payload):
    bring(
        f"<wp:category><wp:category_nicename>{escape(payload)}</wp:category_nicename>"
        f"<wp:cat_name>{escape(payload)}</wp:cat_name></wp:category>",
        item(
            1,
            remark(1, author=payload, author_url=payload, content=payload),
            remark(2, author_url=f"https://x.example/{payload}", content=f"<b>x</b>{payload}"),
            title=f"Title {payload}",
            content__encoded=f"Text {payload}",
            excerpt__encoded=payload,
            wp__post_name=f"slug-{payload}",
            dc__creator=payload,
        ).replace(
            "</item>",
            f'<category domain="category" nicename="c">{escape(payload)}</category></item>',
        ),
    )
    post = Post.objects.get()
    pages = [post.get_absolute_url(), "/", "/archive/", "/feed/", "/category/c/"]
    for page in (client.get(address).text for address in pages):
        elements = html5lib.parse(page, namespaceHTMLElements=False).iter()
        for name, value in (pair for element in elements for pair in element.attrib.items()):
            assert not str(name).startswith("on")
            assert not value.strip().lower().startswith("javascript:")
        assert "<script>alert" not in page
        assert "<iframe" not in page
    assert not re.search("[\u202e<]", f"{post.title} {post.slug}{post.excerpt}")
    assert not Comment.objects.filter(html__contains="\u202e").exists()


def test_nothing_that_the_file_says_can_steer_the_terminal(bring):
    head = HEAD.replace("Kettle", "Ket\x1b[2Jtle\u202e &amp;#27;[31m")
    said = bring(item(1, wp__post_type="&#27;[31m"), head=head)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", said)


XXE = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>&secret;</title></channel></rss>"""
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><rss><channel><title>&j;</title></channel></rss>"
)
QUADRATIC = (
    f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]><rss>{"&a;" * 50_000}</rss>'
)
PARAMETER = '<!DOCTYPE rss [<!ENTITY % d SYSTEM "http://127.0.0.1:9/evil.dtd"> %d;]><rss/>'
OUTSIDE = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/evil.dtd"><rss version="2.0"/>'


@pytest.mark.parametrize("evil", [XXE, LAUGHS, QUADRATIC, PARAMETER, OUTSIDE])
def test_a_file_that_defines_entities_is_refused(bring, evil):
    with pytest.raises(CommandError, match="DOCTYPE or entities") as refusal:
        bring(evil, head="", foot="")
    assert "\n" not in str(refusal.value)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "not XML"),
        ("Dear importer,", "not XML"),
        ("\x89PNG\r\n\x00", "not XML"),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', "not XML"),
        ("<html><body>Log in</body></html>", "not a WordPress export"),
        ("<rss><channel><title>Feed</title><item/></channel></rss>", "a feed, but not"),
        ("<rss><channel><title>Feed</title></channel></rss>", "a feed, but not"),
        (HEAD.replace("https://kettle.example", "") + FOOT, "which blog it is from"),
        (HEAD + "<a>" * 100, "too many or too deep tags"),
        (HEAD + "".join(f"<x{n}/>" for n in range(2_000)), "too many or too deep tags"),
        (HEAD + "".join(f"<x a{n}=''/>" for n in range(2_000)), "too many or too deep tags"),
        (HEAD + "".join(f"<x xmlns:n{n}='u'/>" for n in range(2_000)), "too many or too deep tags"),
        (HEAD + f"<item><title>{'x' * 2_200_000}</title></item>", "more than 2,097,152 characters"),
        (HEAD + f"<item><title>{'x' * 9_000_000}</title></item>", "more than 2,097,152 characters"),
        (HEAD + f"<!-- {'x' * 9_000_000} -->", "longer than anybody writes"),
        (HEAD + f"<item a='{'x' * 9_000_000}'/>", "longer than anybody writes"),
    ],
)
def test_what_is_no_export_is_refused_in_a_line_that_says_why(bring, tmp_path, document, words):
    path = tmp_path / "file.xml"
    path.write_text(document, encoding="utf-8")
    with pytest.raises(CommandError, match=words) as refusal:
        bring(path)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_a_file_that_is_not_there_is_named(bring, tmp_path):
    for path in (tmp_path / "nowhere.xml", tmp_path):
        with pytest.raises(CommandError, match=str(path)) as refusal:
            bring(path)
        assert "\n" not in str(refusal.value)


def test_a_post_that_fills_the_memory_is_refused_before_it_does(monkeypatch, bring):
    monkeypatch.setattr(stream, "LARGEST_UNIT", 50_000)
    with pytest.raises(CommandError, match="too large for the memory"):
        bring(item(1, remark(1)), item(2, *(remark(n) for n in range(1, 200))))
    assert Post.objects.get().slug == "post-1"


def test_reading_a_long_file_needs_no_more_memory_than_a_short_one():
    class Endless(io.RawIOBase):
        """Four hundred posts, made as they are read."""

        def __init__(self) -> None:
            self.left = 400
            self.rest = HEAD.encode()

        def read(self, size: int = -1) -> bytes:
            while len(self.rest) < size and self.left:
                self.left -= 1
                self.rest += item(
                    self.left, remark(self.left), content__encoded="x" * 20_000
                ).encode()
            piece, self.rest = self.rest[:size], self.rest[size:]
            return piece

    tracemalloc.start()
    with pytest.raises(wxr.Refused, match="broken"):
        for _ in wxr.read(Endless(), Report()):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000  # of eight


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<svg>" + "<td>" * 100_000,
        "<a <b" * 100_000,
        "<!--" * 100_000,
        "[caption " * 100_000,
        "[caption]" * 100_000,
        "<br " * 100_000,
        "\n \n" * 100_000,
        "<iframe src=" * 50_000,
        "<ul></p>" * 50_000,
        "&lt;" * 100_000,
        "<pre>" * 100_000,
        "<p><b id=x>" * 20_000,
    ],
)
def test_no_shape_of_text_keeps_the_importer_busy(html):
    began = process_time()
    markup.clean(formatting.article(html))
    formatting.typed(html)
    formatting.plain(html)
    assert process_time() - began < 5


# What its owner sees


def test_a_bar_shows_how_far_it_is_where_somebody_looks_on(tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    path = tmp_path / "export.xml"
    path.write_text(HEAD + item(1, remark(1)) + FOOT)
    screen = Terminal()
    call_command("import_wxr", path, stdout=io.StringIO(), stderr=screen)
    assert screen.getvalue().startswith("\r[")
    assert "100%  1 comments" in screen.getvalue()


def test_plain_lines_show_how_far_it_is_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr("blog.progress.PAUSE", (0, 0))
    path = tmp_path / "export.xml"
    path.write_text(HEAD + item(1, remark(1)) + FOOT)
    log = io.StringIO()
    call_command("import_wxr", path, stdout=io.StringIO(), stderr=log)
    assert re.fullmatch(r"( *\d+%  \d+ comments, [\d,]+ a second\n)+", log.getvalue())


def test_who_presses_ctrl_c_is_told_how_to_go_on(bring, monkeypatch):
    def pressed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("comments.transfer.importing.bring", pressed)
    with pytest.raises(CommandError, match="Run it again"):
        bring(item(1))
