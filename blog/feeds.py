"""RSS 2.0 of posts, and what the feed of comments shares with it."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed

from blog import markup, pages
from blog.models import Post
from blog.requests import BlogRequest

ITEMS = 10


class Feed(Rss201rev2Feed):
    """RSS 2.0 whose items name their author (Dublin Core) and hold the text (content module)."""

    def add_item(self, title: str, link: str, description: str, **facts) -> None:
        for name in facts.keys() & {"author_name", "content"}:
            facts[name] = markup.printable(facts[name])
        super().add_item(markup.printable(title), link, markup.printable(description), **facts)

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_item_elements(self, handler, item) -> None:
        author, item["author_name"] = item["author_name"], None
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:creator", author)
        if item.get("content"):
            handler.addQuickElement("content:encoded", item["content"])


def posts(request: BlogRequest) -> HttpResponse:
    """The newest posts, in full."""
    pages.keep(request)
    blog = request.blog
    feed = empty(request, title=blog.title, link="/", description=blog.tagline or blog.title)
    for post in Post.objects.stream().select_related("author")[:ITEMS]:
        url = absolute(post.get_absolute_url())
        feed.add_item(
            title=post.title,
            link=url,
            description=post.excerpt or post.title,
            content=markup.absolute(post.body, settings.SITE_URL),
            author_name=post.author.name,
            pubdate=post.published_at,
            unique_id=url,
        )
    return answer(feed)


def empty(request: BlogRequest, *, title: str, link: str, description: str) -> Feed:
    """A feed without items; `link` from the root of the site."""
    return Feed(
        title=markup.printable(title),
        link=absolute(link),
        description=markup.printable(description),
        language=settings.LANGUAGE_CODE,
        feed_url=absolute(request.path),
    )


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def answer(feed: Feed) -> HttpResponse:
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8"
    )
