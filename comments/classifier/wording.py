"""Features in a person's words: "links:3" is "3 links"."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.classifier.shape import LONG, SLOW


def of(label: str) -> str:
    """What a feature's label means to a person, in the language of the moment."""
    kind, _colon, value = label.partition(":")
    if kind.startswith("website ") and value:
        return _("website: %(what)s") % {"what": of(label.removeprefix("website "))}
    say = KINDS.get(kind)
    return say(value) if say else label


def _word(value: str) -> str:
    if value[:1] == "#" and value[1:].isdigit():
        digits = int(value[1:])
        return ngettext("number of %(n)d digit", "number of %(n)d digits", digits) % {"n": digits}
    return _("“%(word)s”") % {"word": value}


def _pair(value: str) -> str:
    return _("“%(word)s”") % {"word": value}


def _links(value: str) -> str:
    if value == "some":
        return _("has links")
    if value == "4":
        return _("4 links or more")
    if value == "0":
        return _("no links")
    return ngettext("%(n)d link", "%(n)d links", int(value)) % {"n": int(value)}


def _length(value: str) -> str:
    return _between(int(value), LONG, _("fewer than %(n)d words"), _("%(n)d words or more"))


def _seconds(value: str) -> str:
    return _between(
        int(value), SLOW, _("written in less than %(n)d seconds"), _("took %(n)d seconds or more")
    )


def _between(step: int, steps: tuple[int, ...], below: str, above: str) -> str:
    return above % {"n": steps[step - 1]} if step else below % {"n": steps[0]}


def _one_of(words: Callable[[], dict[str, str]]) -> Callable[[str], str]:
    return lambda value: words().get(value, value)


def _quoting(sentence: Callable[[], str]) -> Callable[[str], str]:
    return lambda value: sentence() % {"what": value}


def _has() -> dict[str, str]:
    return {
        "question": _("asks a question"),
        "money": _("names a sum of money"),
        "typed link": _("links in typed markup"),
        "email": _("has an e-mail address"),
        "emoji": _("has emoji"),
        "hidden": _("has invisible characters"),
        "repetition": _("repeats itself"),
    }


KINDS: dict[str, Callable[[str], str]] = {
    "word": _word,
    "pair": _pair,
    "site": _quoting(lambda: _("link to %(what)s")),
    "ending": _quoting(lambda: _("link to a %(what)s address")),
    "link": _quoting(lambda: _("“%(what)s” in a link")),
    "links": _links,
    "length": _length,
    "exclamations": _one_of(
        lambda: {
            "0": _("no exclamation mark"),
            "1": _("an exclamation mark"),
            "2": _("exclamation marks"),
            "3": _("many exclamation marks"),
        }
    ),
    "digits": _one_of(
        lambda: {
            "0": _("no digits"),
            "1": _("a few digits"),
            "2": _("digits"),
            "3": _("many digits"),
        }
    ),
    "lines": _one_of(lambda: {"0": _("one line"), "1": _("a few lines"), "2": _("several lines")}),
    "letters": lambda value: _("hardly any letters"),
    "capitals": _one_of(
        lambda: {
            "0": _("hardly any capitals"),
            "1": _("few capitals"),
            "2": _("some capitals"),
            "3": _("many capitals"),
            "4": _("mostly capitals"),
        }
    ),
    "script": lambda value: _("not in Latin letters"),
    "has": _one_of(_has),
    "first": lambda value: _("first comment") if value == "yes" else _("commented before"),
    "seconds": _seconds,
    "answer": lambda value: _("answers a comment"),
    "name": _quoting(lambda: _("“%(what)s” in the name")),
    "name words": lambda value: (
        ngettext("name of %(n)d word", "name of %(n)d words", int(value)) % {"n": int(value)}
    ),
    "name has": _one_of(
        lambda: {"digits": _("digits in the name"), "address": _("a web address as name")}
    ),
    "email": _quoting(lambda: _("e-mail address at %(what)s")),
    "website": lambda value: _("gives a website"),
}
