"""A comment's text as words and links, however it is dressed up."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

HEAD, TAIL = 1500, 500  # characters that are looked at, of the beginning and of the end
LONGEST = 24  # characters of one word
MOST_LINKS = 10
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'\]]+"
    r"|(?<![\w@.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}"
    r"\.(?:com|net|org|info|biz|ru|xyz|top|co|io|me|tv|us|uk|de|pl|cn|site|online|shop|club|ly|gl|be)\b"
    r"(?:/[^\s<>\"'\]]*)?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://(?:www\.)?|www\.", re.IGNORECASE)
MARKUP = re.compile(r"<[a-z/][^<>]{0,300}>|&(?:[a-z]{2,8}|#\d{1,6});|\[/?url[^\]]{0,300}\]", re.I)
TOKEN = re.compile(
    r"[^\W_]+(?:['’][^\W_]+)*|[$€£¥]+|[%@#]|[!?]+|\.{2,}|[:;=][-']?[()DPpO3|/\\]|<3|[^\w\s.,;:()'’\"“”/<>=\[\]-]"
)
LEET = str.maketrans("013457", "oieast")
REPEATED = re.compile(r"(.)\1{2,}")
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f\ufeff]")
LOOKALIKES = str.maketrans("аеорсухіјѕԁһԛԝ", "aeopcyxijsdhqw")  # Cyrillic, by its looks
LATIN = re.compile("[a-z]")


@dataclass(frozen=True)
class Text:
    """`words` normalised, `typed` the same words with their capitals, `links` as found."""

    words: list[str]
    typed: list[str]
    links: list[str]


def read(body: str) -> Text:
    """The words and links of a text; of a long one, of its beginning and its end."""
    # One character may become eighteen, so the length is cut before and after.
    text = HIDDEN.sub("", excerpt(unicodedata.normalize("NFKC", excerpt(body))))
    links = LINK.findall(text)
    prose = LINK.sub(" ", MARKUP.sub(" ", LINK.sub(" link ", text)))
    typed = TOKEN.findall(prose)
    return Text([plain(one) for one in typed], [one[:LONGEST] for one in typed], links)


def count_links(body: str) -> int:
    """How many web addresses a text has, by their beginnings."""
    return len(ADDRESS.findall(body))


def excerpt(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


def plain(token: str) -> str:
    """A word as it is counted: "Soooo" as "soo", "v1agra" as "viagra", a number by its length."""
    token = token[:LONGEST].casefold()
    if token.isdigit():
        return f"#{min(len(token), 9)}"
    if not any(map(str.isalpha, token)):
        return REPEATED.sub(r"\1\1", token)
    if not token.isalpha():
        token = token.translate(LEET)
    if not token.isascii() and LATIN.search(token):
        token = token.translate(LOOKALIKES)
    return REPEATED.sub(r"\1\1", token)


def sites(links: list[str]) -> Iterator[str]:
    """What the addresses of links say: the host, its ending, the words within."""
    for link in links[:MOST_LINKS]:
        host, path = split(link)
        yield f"site:{host}"
        yield f"ending:.{host.rpartition('.')[2]}"
        for word in re.findall(r"[^\W\d_]{3,24}", f"{host} {path}"[:300])[:10]:
            yield f"link:{word}"


def split(link: str) -> tuple[str, str]:
    """Host without "www." and path, both in small letters; empty where it is no address."""
    try:
        parts = urlsplit(link if "://" in link else f"http://{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", ""
    return host[:80], parts.path.casefold()
