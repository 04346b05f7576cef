from django.contrib.admin.apps import AdminConfig


class ColloquyAdminConfig(AdminConfig):
    default_site = "config.admin.ColloquyAdminSite"
