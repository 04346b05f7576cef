"""The addresses of the desk, under /admin/comments/moderation/."""

from collections.abc import Callable

from django.urls import path

from comments.desk import actions, blocking, pages

ROOT = "comments/moderation/"


def patterns(wrap: Callable) -> list:
    """The desk's addresses; `wrap` is the admin site's own guard."""
    return [
        path(ROOT, wrap(pages.moderation), name="moderation"),
        path(f"{ROOT}waves/", wrap(pages.waves), name="moderation_waves"),
        path(f"{ROOT}decide/", wrap(actions.decide), name="moderation_decide"),
        path(f"{ROOT}undo/", wrap(actions.undo), name="moderation_undo"),
        path(f"{ROOT}reply/", wrap(actions.reply), name="moderation_reply"),
        path(f"{ROOT}block/", wrap(blocking.block), name="moderation_block"),
        path(f"{ROOT}person/", wrap(actions.person), name="moderation_person"),
        path(f"{ROOT}reports/", wrap(actions.reports), name="moderation_reports"),
        path(f"{ROOT}keys/", wrap(actions.keys), name="moderation_keys"),
        path(f"{ROOT}progress/<int:pk>/", wrap(pages.progress), name="moderation_progress"),
    ]
