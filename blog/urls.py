"""The addresses of the blog's pages."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter

from blog import feeds, housekeeping, views, welcome
from blog.sitemaps import sitemap


class Year(IntConverter):
    regex = "[0-9]{4}"

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class Month(IntConverter):
    regex = "[0-9]{2}"

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class Page(IntConverter):
    regex = "[1-9][0-9]{0,6}"


register_converter(Year, "year")
register_converter(Month, "month")
register_converter(Page, "page")

# Also WordPress's other forms, /slug/ and /2014/01/20/slug/: the view leads to the right one.
POST = r"(?P<place>(?:[0-9]{4}/[0-9]{2}/(?:[0-9]{2}/)?)?[^/]+)"

urlpatterns = [
    path("", views.stream, name="stream"),
    path("page/<page:number>/", views.stream),
    path("archive/", views.archive, name="archive"),
    path("archive/page/<page:number>/", views.archive),
    path("<year:year>/", views.year, name="year"),
    path("<year:year>/page/<page:number>/", views.year),
    path("<year:year>/<month:month>/", views.month, name="month"),
    path("<year:year>/<month:month>/page/<page:number>/", views.month),
    path("category/<path:path>/page/<page:number>/", views.category),
    path("category/<path:path>/", views.category, name="category"),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("tag/<str:slug>/page/<page:number>/", views.tag),
    path("author/<str:slug>/", views.author, name="author"),
    path("author/<str:slug>/page/<page:number>/", views.author),
    path("feed/", feeds.posts, name="feed"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", housekeeping.robots),
    path("favicon.ico", housekeeping.favicon),
    path("healthz", housekeeping.health),
    path("media/<path:path>", housekeeping.media, name="media"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    re_path(rf"^{POST}/$", views.post, name="post"),
]
