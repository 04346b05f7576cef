"""Finishing the set-up: one page, behind a link that works once."""

import secrets

from django import forms
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from blog.models import Blog, User
from blog.requests import BlogRequest

EMAIL_WORDS = _("Write an email address like name@example.org")


class WelcomeForm(forms.ModelForm):
    """The blog and its owner."""

    name = forms.CharField(
        label=_("Your name"),
        error_messages={"required": _("Write your name")},
        max_length=245,
        help_text=_("As readers see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        error_messages={"required": EMAIL_WORDS, "invalid": EMAIL_WORDS},
        help_text=_("You log in with it. Readers never see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("A password"),
        error_messages={"required": _("Choose a password")},
        strip=False,
        help_text=_("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )

    class Meta:
        model = Blog
        fields = ["title", "tagline", "time_zone"]
        error_messages = {"title": {"required": _("Write a title")}}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody here has this address already."))
        return email

    def _post_clean(self) -> None:
        super()._post_clean()
        owner = User(
            name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", "")
        )
        if password := self.cleaned_data.get("password"):
            try:
                password_validation.validate_password(password, owner)
            except forms.ValidationError as error:
                self.add_error("password", error)

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Saves the blog and makes its owner; the link that led here works no more."""
        unused = Blog.objects.filter(welcome_token=self.instance.welcome_token)
        if not unused.update(welcome_token=""):  # somebody was quicker
            raise Http404
        self.instance.welcome_token = ""
        super().save(commit)
        data = self.cleaned_data
        return User.objects.create_superuser(data["email"], data["password"], name=data["name"])


@never_cache
def welcome(request: BlogRequest, token: str) -> HttpResponse:
    """Asks for what only the owner knows, and lets them in."""
    blog = Blog.current()
    expected = blog.welcome_token if not has_owner() else ""
    if not expected or not constant_time_compare(token, expected):
        raise Http404
    form = WelcomeForm(request.POST or None, instance=blog)
    if request.method == "POST" and form.is_valid():
        owner = form.save()
        login(request, owner, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(request, _("Welcome. The blog is yours."))
        return redirect("admin:index")
    status = 422 if form.errors else 200
    return render(request, "blog/welcome.html", {"form": form, "token": token}, status=status)


def has_owner() -> bool:
    return User.objects.filter(is_superuser=True).exists()


def token() -> str:
    """The token of the link that finishes the set-up; empty when it is finished."""
    if has_owner():
        return ""
    blog = Blog.current()
    if not blog.welcome_token:
        blog.welcome_token = secrets.token_urlsafe(24)
        blog.save(update_fields=["welcome_token"])
    return blog.welcome_token
