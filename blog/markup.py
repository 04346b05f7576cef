"""The text of a post: HTML that an author wrote or that was imported, made safe on the way in.

Authors are trusted with more than guests (pictures, tables, headings) and with nothing that runs.
"""

import re

import nh3

ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "del": {"cite", "datetime"},
    "img": {"src", "alt", "width", "height", "loading", "title"},
    "ins": {"cite", "datetime"},
    "ol": {"start", "reversed", "type"},
    "pre": {"tabindex", "role", "aria-label"},
    "q": {"cite"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "width", "height", "poster"},
    "*": {"dir", "id", "lang"},
}
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
PRE = '<pre tabindex="0" role="group" aria-label="Code">'  # it scrolls, so keys must reach it
TAGS = frozenset(
    "a abbr audio b blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small "
    "span strong sub summary sup table tbody td tfoot th thead time tr u ul var video".split()
)


def printable(text: str) -> str:
    """`text` without the characters that XML, and so a feed, cannot hold (XML 1.0, section 2.2)."""
    return CONTROLS.sub("", text)


def clean(html: str) -> str:
    """`html` with nothing that runs or comes from a strange scheme."""
    html = nh3.clean(
        printable(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return html.replace("<pre>", PRE).replace("<img src", '<img loading="lazy" src')


def absolute(html: str, site: str) -> str:
    """`html` with its addresses from the root of the site made whole, for feeds."""
    return re.sub(r'( (?:href|src|cite|poster)=")/(?!/)', rf"\1{site}/", html)
