"""What a moderator may change of a comment; of two who do, the second is told of the first."""

from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import differences, editing
from comments.desk import acting
from comments.forms import EMAIL, NAME, Email, Line, Prose, Website
from comments.models import Comment


class CommentForm(forms.ModelForm):
    """The words of a comment, cleaned as a guest's form cleans them."""

    name = Line(label=_("Name"), max_length=NAME)
    email = Email(label=_("Email"), max_length=EMAIL, required=False)
    url = Website(
        label=_("Website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    body = Prose(label=_("Text"), max_length=65_525, strip=False, widget=forms.Textarea)
    because = Line(
        label=_("Why it is changed"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        help_text=_("For the log; readers never see it. You may leave it empty."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Comment
        fields = ["name", "email", "url", "body"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.last_decision_id or 0
        self.is_overtaken = False

    def clean(self) -> dict:
        """Refuses what was written before somebody else decided about the comment."""
        data, latest = super().clean(), self.initial["seen"]
        if (data.get("seen") or 0) != latest:
            self.is_overtaken = True
            again = cast(QueryDict, self.data).copy()
            again[self.add_prefix("seen")] = str(latest)  # sent again, it has been seen
            self.data = again
            raise ValidationError([acting.first(self.instance), _("What you typed is below.")])
        return data

    @property
    def since(self) -> SafeString:
        """What would become of the comment's words now, if what was typed were saved."""
        typed = [(name, self[name].value() or "") for name in editing.WORDS]
        rows = (
            (self.fields[name].label, differences.marked(self.initial[name], said))
            for name, said in typed
            if said.replace("\r\n", "\n") != self.initial[name]
        )
        return format_html_join("", '<p>{}:</p><div class="words" dir="auto">{}</div>', rows)

    @property
    def now(self) -> str:
        """The text as it stands, whoever wrote it."""
        return self.initial["body"]
