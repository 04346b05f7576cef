"""The addresses of the conversation under a post; `place` is the post's own address."""

from django.urls import path, re_path

from comments import decide, feeds, reporting, views

POST = r"(?P<place>(?:[0-9]{4}/[0-9]{2}/)?[^/]+)"
NUMBER = r"(?P<number>[1-9][0-9]{0,6}(?:\.[1-9][0-9]{0,6}){0,9})"
WINDOW = r"(?P<first>[1-9][0-9]{0,6})-(?P<last>[1-9][0-9]{0,6})"

urlpatterns = [
    path("comments/feed/", feeds.all_comments, name="comments_feed"),
    path("comments/held/<str:token>/", views.held, name="comment_held"),
    path("comments/decide/<str:token>/", decide.decide, name="comment_decide"),
    path("comments/reported/<str:token>/", reporting.reported, name="comment_reported"),
    re_path(rf"^{POST}/feed/$", feeds.of_post, name="post_comments_feed"),
    re_path(rf"^{POST}/comments/$", views.respond, name="respond"),
    re_path(rf"^{POST}/comments/{WINDOW}/$", views.window, name="window"),
    re_path(rf"^{POST}/comments/{NUMBER}/$", views.branch, name="branch"),
    re_path(rf"^{POST}/comments/{NUMBER}/report/$", reporting.report, name="report"),
]
