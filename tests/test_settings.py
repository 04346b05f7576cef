"""The owner sets how the conversation is kept."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from blog.models import Blog


def save(client, **changes):
    """Sends the page of settings as it is, with these fields changed."""
    url = reverse("admin:blog_blog_change", args=[Blog.current().pk])
    form = client.get(url).context["adminform"].form
    said = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    sent = {name: value for name, value in (said | changes).items() if value is not False}
    return client.post(url, sent, follow=True)


def test_every_setting_of_the_conversation_stands_on_the_page_once(client, ilse, blog):
    client.force_login(ilse)
    page = client.get(reverse("admin:blog_blog_change", args=[blog.pk])).text
    hidden = {"id", "welcome_token", "sample_content"}
    for field in Blog._meta.fields:
        assert page.count(f'name="{field.name}"') == (field.name not in hidden), field.name


def test_the_owner_changes_when_comments_are_held(client, ilse, blog):
    client.force_login(ilse)
    save(client, hold_from="3", spam_from="7.5", reports_hold="4", comments_per_hour="30")
    blog.refresh_from_db()
    found = (blog.hold_from, blog.spam_from, blog.reports_hold, blog.comments_per_hour)
    assert found == (3, 7.5, 4, 30)


def test_spam_never_begins_before_holding_does(client, ilse, blog):
    client.force_login(ilse)
    for hold, spam in (("5", "5"), ("6", "5")):
        page = save(client, hold_from=hold, spam_from=spam)
        assert "This must be more than “hold from”" in page.text
    blog.refresh_from_db()
    assert (blog.hold_from, blog.spam_from) == (2, 5)


def test_an_owner_reads_beside_moderation_what_it_does_and_does_not_do(client, ilse, blog):
    client.force_login(ilse)
    page = client.get("/admin/blog/blog/1/change/").text
    assert 'aria-describedby="id_moderation_helptext"' in page
    assert "Even with “Publish at once” a comment is held, or called spam" in page


@pytest.mark.parametrize("name", ["comments_close_after", "delete_spam_after", "reports_hold"])
def test_a_number_beyond_reason_is_refused(blog, name):
    setattr(blog, name, 99_999_999)
    with pytest.raises(ValidationError):
        blog.full_clean()
