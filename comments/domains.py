"""The hosts of web addresses, and whole-label rules about them."""

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from itertools import islice
from urllib.parse import unquote, urlsplit

MOST_DOMAINS = 200
LONGEST = 253  # characters (RFC 1035, section 2.3.4)
LONGEST_ADDRESS = 8_000
STOPS = str.maketrans("。．｡", "...")  # UTS 46, section 2.3
IGNORED = re.compile("[\u00ad\u034f\u200b\u2060\ufe00-\ufe0f\ufeff]")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
LINK = re.compile(r'<a\s[^<>"]*(?:"[^"<]*"[^<>"]*?)*?\bhref="(https?://[^"<]*)"', re.IGNORECASE)
# As far as its host goes; of a name and password before it no more than people have.
TYPED = re.compile(
    r"""https?:[/\\]{2}(?:[^\s/?#<>"\\@]{0,100}@)?[^\s/?#<>"'()\[\]\\,;!*|^{}$“”‘’„«»]{1,1000}""",
    re.IGNORECASE,
)
HOST = re.compile(r"[a-z0-9._-]{1,253}|\[[0-9a-f:.]+\]")  # others are refused by browsers
NUMERIC = re.compile(r"[\d.]+|.*:.*")


def of(url: str) -> str:
    """The host of a web address, as ASCII in lower case without "www."; "" if it has none.

    "Bücher.example", "http://xn--bcher-kva.example:80/" and "https://www.bücher.example./" are one.
    Read as browsers read it (WHATWG URL): with backslashes for slashes and names percent-encoded.
    """
    url = re.sub(r"[\t\r\n]", "", url[:LONGEST_ADDRESS]).strip().replace("\\", "/")
    scheme = SCHEME.match(url)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        return ""
    rest = url[scheme.end() :] if scheme else url
    try:
        host = urlsplit("//" + rest.lstrip("/")).hostname or ""
    except ValueError:
        return ""
    return _ascii(unquote(host))


def in_text(html: str) -> set[str]:
    """The hosts of the links in a comment as it is shown, at most 200."""
    return _hosts(unescape(link) for link in dict.fromkeys(LINK.findall(html)))


def in_typed(text: str) -> set[str]:
    """The hosts of the web addresses in a text as it was typed, at most 200."""
    return _hosts(dict.fromkeys(TYPED.findall(text)))


def _hosts(links: Iterable[str]) -> set[str]:
    domains: set[str] = set()
    for link in links:
        domains.add(of(link))
        if len(domains) > MOST_DOMAINS:
            break
    return set(islice(domains - {""}, MOST_DOMAINS))


def matches(domain: str, rule: str) -> bool:
    """Whether a host is the one of the rule or below it: whole labels only."""
    domain, rule = of(domain), of(rule.strip().removeprefix("*").removeprefix("."))
    return bool(rule) and rule in (domain, *parents(domain))


def parents(domain: str) -> list[str]:
    """A host and every parent of at least two labels, for looking up rules."""
    if NUMERIC.fullmatch(domain):
        return [domain]
    labels = domain.split(".")
    return [domain, *(".".join(labels[start:]) for start in range(1, len(labels) - 1))]


def _ascii(host: str) -> str:
    if len(host) > LONGEST:
        return ""
    host = unicodedata.normalize("NFKC", IGNORED.sub("", host).translate(STOPS)).lower()
    labels = unicodedata.normalize("NFC", host).strip(".").split(".")
    host = ".".join(map(_label, labels[1:] if labels[0] == "www" and len(labels) > 2 else labels))
    host = f"[{host}]" if ":" in host else host
    return host if HOST.fullmatch(host) else ""


def _label(label: str) -> str:
    """RFC 3490, section 4.1, after the mapping of UTS 46 (ß stays ß, as in browsers)."""
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode", "replace").decode("ascii")
