"""The groups that the blog comes with, and what each may do."""

from django.contrib.auth.management import create_permissions

BLOG = ["add", "change", "delete", "view"]
OF_THE_BLOG = [f"{verb}_{noun}" for noun in ("post", "category", "tag") for verb in BLOG]
OF_COMMENTS = ["view_comment", "change_comment", "view_decision"]
OF_THE_DESK = [
    *(f"{verb}_rule" for verb in BLOG),
    "view_person",
    "change_person",
    "view_report",
    "view_check",
    "view_notice",
    "moderate_comment",
]
ROLES = {
    "Editor": [
        *OF_THE_BLOG,
        *OF_COMMENTS,
        *OF_THE_DESK,
        "delete_comment",
        "change_blog",
        "view_blog",
        "view_user",
        "edit_others_posts",
    ],
    "Author": [
        "add_post",
        "change_post",
        "view_post",
        "view_category",
        "view_tag",
        "add_tag",
        "view_comment",
        "change_comment",
        "moderate_own_posts",
        "view_decision",
    ],
    "Moderator": [*OF_COMMENTS, *OF_THE_DESK],
}


def create(apps) -> None:
    """Makes the groups, or gives those that are there what they lack; `apps` as in a migration."""
    for label in ("blog", "comments"):
        create_permissions(apps.get_app_config(label), verbosity=0, apps=apps)
    Permission, Group = apps.get_model("auth.Permission"), apps.get_model("auth.Group")  # noqa: N806
    for name, codenames in ROLES.items():
        ours = Permission.objects.filter(content_type__app_label__in=("blog", "comments"))
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*ours.filter(codename__in=codenames))
