"""From what was typed to what is shown."""

import re
from concurrent.futures import ThreadPoolExecutor

import html5lib
import nh3
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from comments import markup, text

KNOWN = {"3", "3.1"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*Pace*, **place**", "<p><em>Pace</em>, <strong>place</strong></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1986. A year", '<ol start="1986">\n<li>A year</li>\n</ol>'),
        ("`a<b && c`", "<p><code>a&lt;b &amp;&amp; c</code></p>"),
        ("```\nif a<b:\n  x\n```", f"{markup.PRE}<code>if a&lt;b:\n  x\n</code></pre>"),
        ("vector<int>", "<p>vector&lt;int&gt;</p>"),
        ("&lt; &amp;lt;", "<p>&amp;lt; &amp;amp;lt;</p>"),
        ("{{7*7}} [caption]", "<p>{{7*7}} [caption]</p>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("a <b>bold</b> word", "<p>a <b>bold</b> word</p>"),
        ("<b>left open", "<p><b>left open</b></p>"),
        ("</b> alone", "<p>&lt;/b&gt; alone</p>"),
        ("<blockquote>a\n\nb</blockquote>c", "<blockquote><p>a</p>\n<p>b</p></blockquote><p>c</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("javascript:123 localhost:8000", "<p>javascript:123 localhost:8000</p>"),
        ("@3.1 and @9", '<p><a class="at" href="#c3.1">@3.1</a> and @9</p>'),
        ("`@3` me@3.example", "<p><code>@3</code> me@3.example</p>"),
        ("As @3, says.", '<p>As <a class="at" href="#c3">@3</a>, says.</p>'),
    ],
)
def test_what_people_type_and_what_is_shown(typed, shown):
    assert markup.render(typed, KNOWN) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "https://a.example/?x=1&y=2",
        "<https://a.example/?x=1&y=2>",
        "[https://a.example/?x=1&y=2](https://a.example/?x=1&y=2)",
        '<a href="https://a.example/?x=1&y=2" onclick="x()">https://a.example/?x=1&y=2</a>',
    ],
)
def test_a_link_is_absolute_and_vouched_for_by_nobody(typed):
    address = "https://a.example/?x=1&amp;y=2"
    link = f'<p><a href="{address}" rel="nofollow ugc noopener">{address}</a></p>'
    assert markup.render(typed) == link


PIECES = st.sampled_from(
    "<b> </b> <blockquote> </blockquote> <a href=x> <a&nbsp;href=//e> <a href='javascript:x'> </a> "
    "<svg> <math> <style> <script> </script> <img/src=x> <!-- --> <![CDATA[ ]]> &lt; &#60; & ` ``` "
    "* ** _ > - 1. [ ]( ) ![ http:// https://a.example javascript: data: @3 @3.1 \" ' = \\ \n \n\n "
    "\t \x00 \u202e \ue000 \ue001 \ue004 \ue005 \ud800 é".split(" ")
)
TYPED = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join)
ALLOWED = {tag: set() for tag in markup.TAGS} | {
    "a": {"href", "rel", "class"},
    "ol": {"start"},
    "pre": {"tabindex", "role", "aria-label"},
}


def elements(html: str):
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [element for element in tree.iter() if isinstance(element.tag, str)][1:]


@settings(max_examples=400, deadline=None)
@given(TYPED)
@example("<a href='http://a.b'><a href='http://c.d'>" * 30)
@example("> " * 500 + "<b>" * 500)
def test_whatever_is_typed_nothing_comes_out_that_is_not_allowed(typed):
    html = markup.render(typed, KNOWN)
    for element in elements(html):
        assert element.attrib.keys() <= ALLOWED[element.tag]
        if element.tag == "a":
            href = element.attrib["href"]
            is_citation = element.attrib.get("class") == "at"
            assert href in ("#c3", "#c3.1") if is_citation else markup.LINK.match(href)
    assert not {*html} & {*"\ue000\ue001\ue002\ue003\ue004\ue005\x00\u202e"}


@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_whatever_is_typed_the_result_reads_the_same_when_it_is_read_again(typed):
    html = markup.render(typed)
    again = nh3.clean(
        html,
        tags=set(markup.TAGS),
        attributes={
            "a": {"href"},
            "ol": {"start"},
            "pre": {"tabindex", "role", "aria-label"},
            "*": set(),
        },
        link_rel=markup.REL,
    )
    assert again == html


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xyz <>&\n*_`>-#é漢", max_size=300))
def test_no_word_is_ever_lost(typed):
    assume(not re.search("```+[ \t]*[xyz]+[ \t]*\n", typed))  # the name of a language
    shown = "".join(html5lib.parseFragment(markup.render(typed)).itertext())
    letters = [character for character in text.prose(typed) if character.isalnum()]
    assert [character for character in shown if character.isalnum()] == letters


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("```", ""), ("```not code", "not code"), ("```x", "x"), ("```python\n1\n```", "1")],
)
def test_what_follows_three_backticks_is_shown_unless_it_names_a_language(typed, shown):
    text = "".join(html5lib.parseFragment(markup.render(typed)).itertext())
    assert text.strip("`\n ") == shown


@pytest.mark.parametrize(
    "shape",
    [
        "<b>",
        "<blockquote>",
        "[",
        "![](",
        "&",
        "a\n",
        "- a\n",
        "*a*",
        "> ",
        "- ",
        "http://a.b ",
        "`a` ",
    ],
)
def test_shapes_that_no_person_writes_are_shown_as_typed(shape):
    typed = (shape * 65_525)[:65_525]
    html = markup.render(typed)
    assert html.startswith("<pre")
    assert html.count("<") == 2


def test_a_long_run_of_blanks_is_not_looked_at_again_and_again():
    assert markup.render("a" + " " * 65_000 + "b").startswith("<p>a ")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x1bc\x85d", "abc\nd"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("\u2066x\u2069\ufeff", "x"),
        ("a\ud800b", "a\ufffdb"),
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\U000e0041\U000e0042x", "x"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",) * 2,
        ("x" + "\u0335" * 40, "x" + "\u0335" * 8),
    ],
)
def test_what_hides_or_reorders_text_is_taken_out(typed, kept):
    assert text.prose(typed) == kept
    assert text.prose(kept) == kept


def test_a_name_is_one_line():
    assert text.line(" Sam\r\n\tWhitlow\u3000 ") == "Sam Whitlow"


@pytest.mark.parametrize(
    "typed", ["", " \n\t", "\u200b", "\u3164", "\u2800", "\u0301\u0301", "\xad"]
)
def test_what_nobody_can_see_is_blank(typed):
    assert text.is_blank(typed)


def test_what_two_people_write_at_once_is_never_mixed():
    texts = [
        f"*{n}* <b>{n}</b> https://site-{n}.example/{'x' * (n % 90)} [{n}](https://b.example/{n}) "
        for n in range(400)
    ]
    expected = [markup.render(text) for text in texts]
    with ThreadPoolExecutor(8) as writers:
        assert list(writers.map(markup.render, texts)) == expected
