"""The forms for the moderators' lists: many entries at once, or one that stands already."""

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comments import rules
from comments.forms import Line, Prose
from comments.models import Rule

MOST_LINES = 10_000
TOLD = 10  # lines with a fault that are told of one by one
WHY = _("For whoever finds it here later.")
HOW = _(
    "Words are found whole: “press” is not in “WordPress”, but “casino*” finds “casinos” as well. "
    "Write an address as name@example.org, or @example.org for all of it; a network as "
    "203.0.113.7 or 203.0.113.0/24; a domain as example.org, which includes all below it."
)


def standing(kinds: set[str], but: int | None = None) -> set[tuple[str, str]]:
    """The keys of the entries of these kinds that are on the lists."""
    rows = Rule.objects.filter(kind__in=kinds).exclude(pk=but).order_by()
    return {rules.Entry(kind, text).key for kind, text in rows.values_list("kind", "text")}


def why_field() -> Line:
    """The field for the reason of a rule."""
    return Line(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=WHY,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


class RulesForm(forms.Form):
    """A pasted list. After `is_valid`: the new `entries`, and the `doubles` that are left out."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            *Rule.Kind.choices,
            (rules.BY_LOOKS, _("Mixed: tell addresses, networks and words by their looks")),
        ],
        help_text=_("A list from WordPress is mixed: it holds words, addresses and networks."),
    )
    lines = Prose(
        label=_("Entries"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 12, "cols": 60, "dir": "auto", "class": "vLargeTextField"}
        ),
        error_messages={"required": _("Write at least one entry.")},
        help_text=_("One on each line; paste as many as you like.") + " " + HOW,
    )
    outcome = forms.ChoiceField(
        label=_("Then"),
        choices=Rule.Outcome.choices,
        help_text=_(
            "Held comments wait for you. Spam waits as well, where you need not look at it."
        ),
    )
    why = why_field()

    def clean_lines(self) -> list[tuple[int, str]]:
        """The lines that say something, each with its number."""
        typed = self.cleaned_data["lines"].split("\n")
        found = [(n, line.strip()) for n, line in enumerate(typed, 1) if line.strip()]
        if not found:
            raise forms.ValidationError(self.fields["lines"].error_messages["required"])
        if len(found) > MOST_LINES:
            words = _("These are %(count)d lines. At most %(most)d are taken at once.")
            numbers = {"count": len(found), "most": MOST_LINES}
            raise forms.ValidationError(words, code="too_many", params=numbers)
        return found

    def clean(self) -> None:
        data = self.cleaned_data
        if not {"kind", "lines"} <= data.keys():
            return
        faults: list[str] = []
        self.entries, self.doubles = _sorted_out(list(_read(data["kind"], data["lines"], faults)))
        if faults:
            more = len(faults) - TOLD
            if more > 0:
                words = ngettext_lazy("And %(count)d more.", "And %(count)d more.", more)
                faults[TOLD:] = [words % {"count": more}]
            self.add_error("lines", faults)


def _read(kind: str, lines: list[tuple[int, str]], faults: list[str]) -> Iterator[rules.Entry]:
    for number, line in lines:
        try:
            yield rules.entry(kind, line)
        except ValueError as fault:
            faults.append(_("Line %(number)d: %(fault)s") % {"number": number, "fault": fault})


def _sorted_out(entries: list[rules.Entry]) -> tuple[list[rules.Entry], list[rules.Entry]]:
    """Those that are new, each once, and the others."""
    known = standing({entry.kind for entry in entries})
    new: list[rules.Entry] = []
    doubles: list[rules.Entry] = []
    for entry in entries:
        (doubles if entry.key in known else new).append(entry)
        known.add(entry.key)
    return new, doubles


class RuleForm(forms.ModelForm):
    """One entry that stands on a list."""

    text = Line(
        label=_("Text"),
        max_length=254,
        help_text=HOW,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )
    why = why_field()

    class Meta:
        model = Rule
        fields = ["kind", "text", "outcome", "why"]

    def clean(self) -> dict:
        data = super().clean()
        if not {"kind", "text"} <= data.keys():
            return data
        try:
            entry = rules.entry(data["kind"], data["text"])
        except ValueError as fault:
            self.add_error("text", str(fault))
            return data
        if entry.key in standing({entry.kind}, but=self.instance.pk):
            self.add_error("text", _("This is on the list already."))
        self.entries = [entry]
        return data | {"text": entry.text}
