from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _


class ColloquyAdminSite(admin.AdminSite):
    """Django's admin site under the blog's name, with the desk and a page of its own."""

    site_title = _("Colloquy administration")
    site_header = _("Colloquy administration")
    index_title = _("The desk")
    empty_value_display = "–"

    def get_urls(self) -> list:
        from comments.desk import urls  # they need the models
        from comments.sample import removal

        view = self.admin_view(removal.view)
        return [
            path("sample-content/", view, name="sample_content"),
            *urls.patterns(self.admin_view),
            *super().get_urls(),
        ]
