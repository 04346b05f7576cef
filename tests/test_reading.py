"""A reader finds posts and reads them."""

from datetime import UTC, datetime

import defusedxml.ElementTree
import pytest

from blog.models import Blog, Category, Post, Tag
from comments import sample
from comments.models import Comment
from tests.conftest import write


def at(year: int, month: int = 1, day: int = 20, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_the_stream_shows_ten_posts_a_page_newest_first(client, ilse):
    for n in range(12):
        write(ilse, f"Post {n:02}", published_at=at(2014, 1, n + 1))
    page = client.get("/").text
    assert page.count('<article class="h-entry">') == 10
    assert page.index("Post 11") < page.index("Post 02")
    assert '<a rel="next" href="/page/2/">' in page
    second = client.get("/page/2/").text
    assert second.count('<article class="h-entry">') == 2
    assert '<a rel="prev" href="/">' in second


@pytest.mark.parametrize("path", ["/page/3/", "/page/0/", "/page/99999999/", "/page/x/"])
def test_there_are_no_pages_beyond_the_last(client, post, path):
    assert client.get(path).status_code == 404


def test_the_first_page_has_one_address(client, post):
    response = client.get("/page/1/")
    assert (response.status_code, response.url) == (301, "/")


def test_an_empty_blog_says_so(client, blog):
    assert "Nothing has been published here yet." in client.get("/").text
    assert "Nothing has been published here yet." in client.get("/archive/").text


def test_a_post_names_its_author_date_and_length(client, ilse):
    post = write(ilse, "Margins", published_at=at(2014), body="<p>" + "word " * 1400 + "</p>")
    page = client.get("/2014/01/margins/").text
    assert post.get_absolute_url() == "/2014/01/margins/"
    assert '<time class="dt-published" datetime="2014-01-20T09:00:00+0000">20 January 2014' in page
    assert "6 minutes" in page
    assert "Ilse Marchetti" in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/2014/01/margins/">' in page
    assert "<title>Margins – Colloquy</title>" in page


def test_dates_are_the_blogs_own(client, blog, ilse):
    Blog.objects.update(time_zone="Pacific/Auckland")
    write(ilse, "New year", published_at=at(2013, 12, 31, 20))
    page = client.get("/2014/01/new-year/").text
    assert 'datetime="2014-01-01T09:00:00+1300"' in page
    assert "1 January 2014" in page
    assert "New year" in client.get("/2014/01/").text
    assert client.get("/2013/").status_code == 404


def test_a_wrong_date_in_the_address_is_put_right(client, ilse):
    write(ilse, "Margins", published_at=at(2014))
    for old in ("/2013/12/margins/", "/2014/01/20/margins/", "/margins/"):
        response = client.get(old)
        assert (response.status_code, response.url) == (301, "/2014/01/margins/")


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"published_at": at(2999)}])
def test_drafts_and_scheduled_posts_are_nowhere(client, ilse, say, hidden):
    post = write(ilse, "Not yet", slug="hidden", **hidden)
    say("Said too early.", under=post)
    tag = Tag.objects.create(name="T")
    category = Category.objects.create(name="C")
    post.tags.add(tag)
    post.categories.add(category)
    paths = [
        "/",
        "/archive/",
        "/feed/",
        "/comments/feed/",
        "/sitemap.xml",
        "/tag/t/",
        "/category/c/",
    ]
    for path in [*paths, "/author/ilse-marchetti/", "/2999/"]:
        page = client.get(path).text
        assert "Not yet" not in page
        assert "Said too early" not in page
    for path in (post.get_absolute_url(), f"{post.get_absolute_url()}feed/"):
        assert client.get(path).status_code == 404


def test_a_page_stands_outside_the_stream_and_in_the_head(client, ilse):
    write(ilse, "About", kind=Post.Kind.PAGE)
    assert "About" in client.get("/about/").text
    page = client.get("/").text
    assert '<a href="/about/" dir="auto">About</a>' in page
    assert '<article class="h-entry">' not in page


def test_archives_by_year_and_month(client, ilse):
    write(ilse, "Winter", published_at=at(2014, 1)), write(ilse, "Spring", published_at=at(2014, 4))
    write(ilse, "Before", published_at=at(2013, 12))
    year = client.get("/2014/").text
    assert "Winter" in year
    assert "Spring" in year
    assert "Before" not in year
    assert "Winter" not in client.get("/2014/04/").text
    archive = client.get("/archive/").text
    assert archive.index("2014") < archive.index("2013")
    for missing in ("/2012/", "/2014/02/", "/2014/13/", "/0000/", "/2014/1/"):
        assert client.get(missing).status_code == 404


def test_a_category_shows_what_is_filed_below_it_as_well(client, ilse):
    reading = Category.objects.create(name="Reading")
    second_hand = Category.objects.create(name="Second-hand", parent=reading)
    write(ilse, "Above").categories.add(reading)
    write(ilse, "Below").categories.add(second_hand)
    page = client.get("/category/reading/").text
    assert "Above" in page
    assert "Below" in page
    page = client.get("/category/reading/second-hand/").text
    assert "Above" not in page
    assert '<a href="/category/reading/" dir="auto">Reading</a>' in page
    assert client.get("/category/second-hand/").status_code == 404


def test_a_category_that_is_moved_takes_its_children_along(db):
    reading = Category.objects.create(name="Reading")
    novels = Category.objects.create(name="Novels", parent=reading)
    Category.objects.create(name="Russian", parent=novels)
    novels.parent = None
    novels.save()
    assert Category.objects.get(name="Russian").path == "novels/russian"


def test_tags_and_authors_have_pages(client, ilse, piet):
    tag = Tag.objects.create(name="Marginalia")
    write(ilse, "Tagged").tags.add(tag)
    write(piet, "Other")
    assert "Tagged" in client.get("/tag/marginalia/").text
    assert "Other" not in client.get("/tag/marginalia/").text
    assert "Other" in client.get("/author/piet-vandersloot/").text
    assert client.get("/author/nobody/").status_code == 404


def test_a_tag_may_be_called_as_an_address_of_the_blog_is(client, ilse):
    for name in ("Feed", "Comments"):
        write(ilse, f"On {name}").tags.add(Tag.objects.create(name=name))
        assert f"On {name}" in client.get(f"/tag/{name.lower()}/").text


def test_a_character_that_xml_cannot_hold_breaks_no_feed(client, ilse):
    write(ilse, "A\x0btitle", body="<p>a\x0cb</p>", excerpt="\x01")
    assert client.get("/feed/").status_code == 200


def test_the_first_year_is_no_trouble(client, blog):
    Blog.objects.update(time_zone="Europe/Berlin")
    assert client.get("/0001/").status_code == 404


def test_addresses_may_be_in_any_script(client, ilse):
    post = write(ilse, "قلم شخص آخر", published_at=at(2014))
    assert client.get(post.get_absolute_url()).status_code == 200
    assert client.get(f"{post.get_absolute_url()}feed/").status_code == 200


def test_neighbours_lead_on(client, ilse):
    for n, title in enumerate(["First", "Second", "Third"]):
        write(ilse, title, published_at=at(2014, 1, n + 1))
    page = client.get("/2014/01/second/").text
    assert 'rel="prev" href="/2014/01/first/"' in page
    assert 'rel="next" href="/2014/01/third/"' in page


def test_the_feed_of_posts_has_them_in_full_with_whole_addresses(client, ilse):
    write(ilse, "Margins", published_at=at(2014), body='<p><img src="/media/a.svg" alt="A"></p>')
    response = client.get("/feed/")
    assert response["Content-Type"].startswith("application/rss+xml")
    item = defusedxml.ElementTree.fromstring(response.content).find("channel/item")
    assert item.find("link").text == "http://127.0.0.1:8000/2014/01/margins/"
    content = item.find("{http://purl.org/rss/1.0/modules/content/}encoded").text
    assert 'src="http://127.0.0.1:8000/media/a.svg"' in content
    assert item.find("{http://purl.org/dc/elements/1.1/}creator").text == "Ilse Marchetti"


def test_the_feeds_of_comments(client, ilse, post, say):
    say("Here."), say("There.", under=write(ilse, "Elsewhere")), say("Held.", status="pending")
    everywhere = client.get("/comments/feed/").text
    assert "Here." in everywhere
    assert "There." in everywhere
    assert "Held." not in everywhere
    here = client.get(f"{post.get_absolute_url()}feed/").text
    assert "There." not in here
    assert f"<link>http://127.0.0.1:8000{post.get_absolute_url()}#c1</link>" in here


def test_robots_and_the_sitemap(client, ilse):
    write(ilse, "Margins", published_at=at(2014))
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").text
    sitemap = client.get("/sitemap.xml").text
    assert "<loc>http://127.0.0.1:8000/2014/01/margins/</loc>" in sitemap
    assert client.get("/favicon.ico").status_code == 301


def test_a_page_that_has_not_changed_is_not_sent_again(client, post):
    etag = client.get(post.get_absolute_url())["ETag"]
    assert client.get(post.get_absolute_url(), headers={"If-None-Match": etag}).status_code == 304
    assert client.head(post.get_absolute_url()).content == b""


@pytest.mark.parametrize("path", ["/nothing/", "/2014/01/nothing/", "/media/secret_key", "/tag/x/"])
def test_what_is_not_there_is_said_in_the_blogs_own_design(client, blog, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no page here" in response.text
    assert '<a href="/archive/">' in response.text


def test_the_sample_content_comes_and_goes_whole(
    client, blog, ilse, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    sample.load()
    page = client.get("/2014/01/other-peoples-pencil/").text
    assert "12 thoughts on “Other People’s Pencil”" in page
    assert page.count('class="comment u-comment') == 12
    assert Comment.objects.pending().count() == 3
    assert (tmp_path / "sample/margin.svg").exists()
    own, mine = write(ilse, "My own"), Tag.objects.create(name="Planned")
    client.force_login(ilse)
    assert "36" in client.get("/admin/sample-content/").text
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/sample-content/")
    assert list(Post.objects.all()) == [own]
    assert not Comment.objects.exists()
    assert not Category.objects.exists()
    assert list(Tag.objects.all()) == [mine]
    assert list(type(ilse).objects.all()) == [ilse]
    assert not (tmp_path / "sample").exists()


def test_the_owner_finishes_the_set_up_once(client, blog):
    blog.welcome_token = "once"
    blog.save()
    answers = {
        "title": "The Slow Reader",
        "tagline": "",
        "time_zone": "Europe/Rome",
        "name": "Ilse Marchetti",
        "email": "ilse@example.org",
        "password": "three old pencils",
    }
    assert client.get("/welcome/other/").status_code == 404
    bad = client.post("/welcome/once/", answers | {"password": "short"})
    assert bad.status_code == 422
    assert "ilse@example.org" in bad.text
    assert client.post("/welcome/once/", answers).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert "The Slow Reader" in client.get("/").text
    assert client.get("/welcome/once/").status_code == 404
    Blog.objects.update(welcome_token="again")
    assert client.get("/welcome/again/").status_code == 404
    assert client.get("/author/ilse-marchetti/").status_code == 404


def test_the_owner_logs_in_with_the_address_however_it_is_spelt(client, ilse):
    sent = {"username": "Ilse@Example.ORG", "password": "three old pencils"}
    assert client.post("/admin/login/", sent).status_code == 302


def test_the_stream_costs_the_same_queries_for_one_post_as_for_ten(
    client, blog, ilse, django_assert_num_queries
):
    for count in (1, 9):
        for n in range(count):
            write(ilse, f"Post {count} {n}")
        client.get("/archive/")  # what is around every page is known from now on
        with django_assert_num_queries(3):
            client.get("/")


def test_posts_are_made_safe_on_the_way_in(client, ilse):
    post = write(ilse, "Risky", body='<p onclick="x()">A<script>x()</script></p><svg></svg>')
    assert post.body == "<p>A</p>"
