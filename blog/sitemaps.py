"""The sitemap (sitemaps.org, protocol 0.9): the front, posts and pages, with their true dates."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max
from django.template.response import TemplateResponse

from blog import pages
from blog.models import Post
from blog.requests import BlogRequest


class Posts(Sitemap):
    protocol = settings.SITE.scheme

    def get_domain(self, site=None) -> str:
        """From the settings: a request may name any host."""
        return settings.SITE.netloc

    def items(self):
        return (
            Post.objects.published()
            .order_by("pk")
            .only("kind", "slug", "published_at", "updated_at")
        )

    def lastmod(self, post: Post):
        return post.updated_at


class Front(Posts):
    def items(self):
        return ["/"]

    def location(self, item: str) -> str:
        return item

    def lastmod(self, item: str):
        return Post.objects.stream().aggregate(last=Max("updated_at"))["last"]


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {"front": Front, "posts": Posts}


def sitemap(request: BlogRequest) -> TemplateResponse:
    pages.keep(request)
    return views.sitemap(request, SITEMAPS)
