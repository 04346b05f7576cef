from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ColloquyAdminSite(admin.AdminSite):
    site_title = _("Colloquy administration")
    site_header = _("Colloquy administration")
    index_title = _("The desk")
    empty_value_display = "–"
