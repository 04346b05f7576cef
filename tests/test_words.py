"""The list of words that a moderator keeps."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comments.words import matching


@pytest.mark.parametrize(
    ("listed", "text"),
    [
        ("press", "The press, again."),
        ("Viagra", "vIAGRA!"),
        ("viagra", "v\u00adia\u200bgra"),
        ("café", "CAFE\u0301"),
        ("straße", "STRASSE"),
        ("casino*", "Casinos online"),
        ("*bet", "superbet wins"),
        ("*porn*", "bigporns"),
        ("cheap pills", "cheap -- PILLS"),
        ("cheap pill*", "cheap pills"),
        ("very cheap pills", "Very cheap\npills"),
        ("don't", "I don't"),
        ("c++", "C++, and C"),
        ("mail@a.example", "(mail@a.example)"),
        ("[", "a [b]"),
        ("(a+)+", "x(a+)+y"),
        ("赌场", "在线赌场网站"),
        ("แทงบอล", "เว็บแทงบอลออนไลน์"),
        ("हिन्दी", "यह हिन्दी है"),
        ("casino", "buy_casino_now"),
        ("***", "so ***"),
    ],
)
def test_a_moderators_word_is_found(listed, text):
    assert matching([listed], text) == [listed]


@pytest.mark.parametrize(
    ("listed", "text"),
    [
        ("press", "WordPress"),
        ("go", "Google, ago"),
        ("*bet", "betting"),
        ("casino*", "mycasino"),
        ("cheap pills", "cheap red pills"),
        ("very cheap pills", "very cheap, cheap pills"),
        ("c++", "abc++"),
        ("mail@a.example", "mail@a.examples"),
        ("(a+)+", "aaaaaaaa"),
        ("[", "no bracket"),
        (".*", "dots and stars"),
        ("हिन", "हिन्दी"),
        ("*", "anything"),
        ("", "anything"),
    ],
)
def test_another_word_is_not_taken_for_it(listed, text):
    assert matching([listed], text) == []


def test_a_phrase_does_not_begin_in_the_name_and_end_in_the_text():
    assert matching(["cheap pills", "cheap pill*", "a, b"], "cheap", "pills") == []
    assert matching(["pills", "cheap", "pills"], "cheap", "pills") == ["pills", "cheap"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=8), st.text(max_size=200))
@example(["(a+)+$", "[", "\\", "(?P<x>", "*[*"], "a" * 60_000)
@example(["a b " * 60, "a " * 3 + "b"], "a " * 32_000)
@example(["-" * 100 + "x"], "-" * 65_525)
def test_no_list_and_no_text_breaks_it(words, text):
    found = matching(words, text)
    assert set(found) <= set(words)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab [(+*.é", max_size=40), st.text(alphabet="abcé", min_size=1, max_size=3))
def test_a_plain_word_is_found_where_a_reader_sees_it(text, word):
    seen = re.search(rf"(?<!\w){word}(?!\w)", text) is not None
    assert (matching([word], text) == [word]) is seen
