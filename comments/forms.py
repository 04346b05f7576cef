"""The form under a post: what it asks, what it refuses, and in which words."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from blog.models import Blog, Post, User
from comments import markup, text
from comments.models import Comment, Report
from comments.submission import Submission

NAME, EMAIL, URL, REPORT = 245, 100, 200, 500  # the longest, in characters
WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
EMAIL_WORDS = _("Write an email address like name@example.org")
REASON_WORDS = _("Choose what is wrong with it")
URL_WORDS = _("Write a web address like https://example.org")
TOO_LONG = _(
    "This is %(show_value)d characters long; at most %(limit_value)d fit. Please shorten it."
)


class Prose(forms.CharField):
    """Text of any length, without what hides or reorders other text."""

    def to_python(self, value: object) -> str:
        return text.prose(super().to_python(value))


class Line(forms.CharField):
    """One line of text, likewise."""

    def to_python(self, value: object) -> str:
        return text.line(super().to_python(value))


class Email(Line, forms.EmailField):
    """An e-mail address, likewise."""


class Website(forms.URLField):
    """A web address, likewise; `example.org` is taken for `https://example.org`."""

    def to_python(self, value: object) -> str:
        return super().to_python(text.line(str(value or "")))


class Seconds(forms.FloatField):
    """What a browser's script says of the time; nonsense says nothing."""

    def clean(self, value: object) -> float | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class CommentForm(forms.Form):
    """What a guest says. Somebody who is logged in is asked for the comment alone."""

    comment = Prose(
        label=_("Comment"),
        help_text=_(
            "A blank line starts a new paragraph. *Emphasis*, `code`, > quotations and links work."
        ),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    name = Line(
        label=_("Name"),
        max_length=NAME,
        error_messages={"required": _("Write your name"), "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = Email(
        label=_("Email"),
        max_length=EMAIL,
        error_messages={
            "required": EMAIL_WORDS,
            "invalid": EMAIL_WORDS,
            "max_length": TOO_LONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    url = Website(
        label=_("Website"),
        max_length=URL,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": URL_WORDS, "max_length": TOO_LONG},
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    parent = Line(required=False, widget=forms.HiddenInput)
    seconds = Seconds(required=False, min_value=0, widget=forms.HiddenInput)
    subject = Line(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, post: Post, blog: Blog, user: User | None, **kwargs) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.post, self.blog, self.user = post, blog, user
        self.answered: Comment | None = None
        self.fields["comment"].widget.attrs |= {
            "required": True,
            "maxlength": blog.comment_max_length,
        }
        if user:
            for name in ("name", "email", "url"):
                del self.fields[name]
        elif not blog.name_and_email_required:
            self.fields["name"].required = self.fields["email"].required = False

    def clean_comment(self) -> str:
        typed = self.cleaned_data["comment"].strip("\n").rstrip()
        if len(typed) > self.blog.comment_max_length:
            numbers = {"show_value": len(typed), "limit_value": self.blog.comment_max_length}
            raise forms.ValidationError(TOO_LONG, code="max_length", params=numbers)
        if markup.is_blank(typed):
            raise forms.ValidationError(_("Write a comment"), code="required")
        return typed

    def clean_name(self) -> str:
        if text.is_blank(name := self.cleaned_data["name"]):
            if not self.fields["name"].required:
                return str(_("Anonymous"))
            raise forms.ValidationError(_("Write your name"), code="required")
        return name

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and not WEB_ADDRESS.match(url):
            raise forms.ValidationError(URL_WORDS, code="invalid")
        return url

    def clean_parent(self) -> str:
        """The number of the published comment that is answered; of this post and no other."""
        if number := self.cleaned_data["parent"]:
            self.answered = self.post.comments.published().numbered(number).first()
            if not self.answered:
                raise forms.ValidationError(
                    _("What you answer is no longer there. Send again to post it on its own."),
                    code="gone",
                )
        return number

    def submission(self, *, address: str | None, user_agent: str, referrer: str) -> Submission:
        """What the valid form says."""
        data = self.cleaned_data
        return Submission(
            post=self.post,
            body=data["comment"],
            name=self.user.name if self.user else data["name"],
            email=self.user.email if self.user else data["email"],
            url=data.get("url", ""),
            parent=self.answered,
            user=self.user,
            trap=data["subject"],
            address=address,
            seconds=data.get("seconds"),
            user_agent=text.line(user_agent)[:300],
            referrer=text.line(referrer)[:300],
        )


class ReportForm(forms.Form):
    """What a reader says of a comment that should not stand."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Report.Reason.choices,
        error_messages={"required": REASON_WORDS, "invalid_choice": REASON_WORDS},
        widget=forms.RadioSelect,
    )
    words = Line(
        label=_("In your words"),
        help_text=_("You may leave this empty. Only the moderators read it."),
        required=False,
        max_length=REPORT,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
