"""A page that is kept: its bytes, made once for each encoding, and when it is true."""

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache

import brotli
from django.utils.http import http_date, parse_http_date_safe

from blog.editions import Editions
from blog.pages.terms import Terms

Headers = list[tuple[str, str]]
# What `Page` says itself, for each encoding.
OWN = {"content-encoding", "content-length", "etag", "last-modified", "vary"}
BODILY = {"content-encoding", "content-length", "content-type"}
QUALITY = 5  # of brotli, 0 to 11: as quick as gzip's usual 6, and smaller
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=QUALITY),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "identity": lambda body: body,
}
STRONG = 2  # seconds after a change from which its date tells it from the next (RFC 9110, 8.8.2.2)


@dataclass(frozen=True, slots=True)
class Form:
    """A page in one encoding."""

    etag: str
    headers: Headers
    dated: Headers  # the same with the date of the last change
    body: bytes


class Page:
    """The answer 200 to a request, as Django gave it, for whoever asks the same."""

    def __init__(self, headers: Headers, body: bytes, terms: Terms) -> None:
        self.headers = [(name, value) for name, value in headers if name.lower() not in OWN]
        self.body, self.terms = body, terms
        self.digest = hashlib.sha256(body).hexdigest()[:24]
        self.date = http_date(terms.changed)
        self.forms: dict[str, Form] = {}

    @property
    def size(self) -> int:
        """Bytes of memory, as far as they matter: of what is printed, whole and compressed."""
        return 2 * len(self.body) + 2_000

    def answer(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Answers a GET or HEAD request, or says that the client has the page (RFC 9110)."""
        coding = encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        form = self.forms.get(coding) or self._make(coding)
        is_settled = time.time() > self.terms.changed + STRONG
        headers = form.dated if is_settled else form.headers
        if self._is_known(environ, form):
            kept = [(name, value) for name, value in headers if name.lower() not in BODILY]
            start_response("304 Not Modified", kept)
            return []
        start_response("200 OK", headers)
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _make(self, coding: str) -> Form:
        """The page in an encoding, made when it is first asked for."""
        body = ENCODERS[coding](self.body)
        etag = f'"{self.digest}{"" if coding == "identity" else "-" + coding}"'
        more = [("ETag", etag), ("Vary", "Accept-Encoding"), ("Content-Length", str(len(body)))]
        if coding != "identity":
            more.append(("Content-Encoding", coding))
        headers = [*self.headers, *more]
        dated = [*headers, ("Last-Modified", self.date)]
        self.forms[coding] = Form(etag, headers, dated, body)
        return self.forms[coding]

    def _is_known(self, environ: dict, form: Form) -> bool:
        """Section 13.2.2: a date is only asked about where no tag is."""
        if tags := environ.get("HTTP_IF_NONE_MATCH"):
            return form.etag in tags or tags.strip() == "*"
        if date := environ.get("HTTP_IF_MODIFIED_SINCE"):
            since = parse_http_date_safe(date)
            return since is not None and int(self.terms.changed) <= since
        return False

    def dump(self) -> bytes:
        """The page for another process: a line of JSON, and the compressed body."""
        facts = {"headers": self.headers, "terms": asdict(self.terms)}
        return (
            json.dumps(facts).encode() + b"\n" + (self.forms.get("gzip") or self._make("gzip")).body
        )

    @classmethod
    def load(cls, data: bytes) -> "Page":
        """What `dump` gave; raises ValueError, OSError, KeyError or TypeError for anything else."""
        facts, _line, body = data.partition(b"\n")
        said = json.loads(facts)
        terms = said["terms"] | {
            "made_of": Editions(*said["terms"]["made_of"]),
            "watched": tuple(said["terms"]["watched"]),
        }
        headers = [(str(name), str(value)) for name, value in said["headers"]]
        return cls(headers, gzip.decompress(body), Terms(**terms))


@lru_cache(maxsize=256)
def encoding(accepted: str) -> str:
    """The best encoding for an Accept-Encoding header (RFC 9110, 12.5.3)."""
    weights = dict(_weights(accepted))
    known = (
        (weights.get(name, weights.get("*", 0)), name) for name in ENCODERS if name != "identity"
    )
    usable = [(weight, name) for weight, name in known if weight > 0]
    return max(usable, key=lambda one: one[0])[1] if usable else "identity"


def _weights(accepted: str) -> Iterable[tuple[str, float]]:
    for part in accepted.lower().split(","):
        name, _mark, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=") if parameter else "1"
        try:
            yield name.strip(), float(weight)
        except ValueError:
            yield name.strip(), 0.0
