from django.contrib import admin
from django.urls import path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

# What stands first in the lists of the site: what moderators open every day, then the rest.
APPS = ["comments", "blog"]
MODELS = ["Moderation", "Comment", "Decision", "Person", "Rule"]


class ColloquyAdminSite(admin.AdminSite):
    """Django's admin site under the blog's name, with the desk and a page of its own."""

    site_title = _("Colloquy administration")
    site_header = _("Colloquy administration")
    index_title = _("Overview")
    empty_value_display = "–"

    def get_app_list(self, request, app_label=None) -> list[dict]:
        """The conversation first, and in it the desk."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "comments":
                app["models"].append(_desk(request))
                app["models"].sort(key=lambda model: _place(MODELS, model["object_name"]))
        return sorted(apps, key=lambda app: _place(APPS, app["app_label"]))

    def get_urls(self) -> list:
        from comments.desk import urls  # they need the models
        from comments.sample import removal

        view = self.admin_view(removal.view)
        return [
            path("sample-content/", view, name="sample_content"),
            *urls.patterns(self.admin_view),
            *super().get_urls(),
        ]


def _place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _desk(request) -> dict:
    """The desk as an entry of the admin site's lists, with how many wait there for this person."""
    from comments.desk import counts  # it needs the models

    return {
        "name": format_lazy("{} ({})", _("Moderation"), counts.words(counts.waiting(request))),
        "object_name": "Moderation",
        "admin_url": reverse("admin:moderation"),
        "add_url": None,
        "view_only": True,
        "perms": {},
    }
