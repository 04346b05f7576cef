"""The same message again, varied."""

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comments.likeness import closeness, key, nearest, normal, similarity, sketch

SPELL = (
    "I was so desperate after my husband left me until I contacted Dr Osagie who cast a spell and "
    "he came back within 48 hours. WhatsApp +2348012345678 or http://love-spell77.example today"
)
VARIED = {
    "link and numbers": SPELL.replace("48", "72").replace("love-spell77", "x9").replace("234", "1"),
    "look-alike letters": SPELL.replace("a", "а").replace("e", "е"),
    "emoji": SPELL.replace(" ", " 🔥 ").replace(".", "!!!"),
    "capitals": SPELL.upper(),
    "names": SPELL.replace("husband", "wife")
    .replace("Osagie", "Ade")
    .replace("he came", "she came"),
    "greeting": "Hello Anna, nice blog! " + SPELL,
    "sentence": SPELL + " God bless you all and your families.",
}
PEOPLE = [
    "I grew up near the bridge and remember how quiet it was in the winter of 1974.",
    "Is there a source for the claim about the archive? My edition says otherwise.",
    "We disagree about the station, but you argue well and the tone is welcome.",
    "這篇文章寫得很好，我住在附近，小時候常去那座橋下釣魚，謝謝你。",
    "شكرا على هذا المقال، لقد عشت قرب المحطة القديمة سنوات طويلة",
]


def among(*texts: str):
    kept = dict(enumerate(texts))
    candidates = [(number, sketch(text)) for number, text in kept.items()]
    return candidates, lambda ids: {number: kept[number] for number in ids}


@pytest.mark.parametrize("way", VARIED)
def test_a_spammer_who_varies_a_message_is_recognised(way):
    candidates, text_of = among(*PEOPLE, SPELL)
    text = VARIED[way]
    assert nearest(text, sketch(text), candidates, text_of) == len(PEOPLE)


@pytest.mark.parametrize("comment", PEOPLE)
def test_what_people_write_is_not_taken_for_what_others_wrote(comment):
    candidates, text_of = among(SPELL, *(other for other in PEOPLE if other != comment))
    assert nearest(comment, sketch(comment), candidates, text_of) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "澳門線上賭場，註冊即送1888元，24小時出款，誠信經營，立即點擊 http://b.example",
            "澳門線上賭場！註冊即送888元，12小時出款，誠信經營，立即點擊http://c.example領取",
        ),
        (
            "افضل موقع كازينو على الانترنت مكافأة ترحيبية 500 دولار سجل الآن http://a.example",
            "أفضل موقع كازينو على الإنترنت، مكافأة ترحيبية 900 دولار! سجل الآن معنا",
        ),
    ],
)
def test_a_varied_message_is_recognised_in_any_script(one, other):
    candidates, text_of = among(*PEOPLE, one)
    assert nearest(other, sketch(other), candidates, text_of) == len(PEOPLE)


@pytest.mark.parametrize(
    "thanks", ["Great post, thanks!", "Great post, thank you!", "谢谢分享", "", "12"]
)
def test_short_thanks_are_nobodys_copy(thanks):
    assert key(thanks) is sketch(thanks) is None
    candidates, text_of = among(SPELL)
    assert nearest(thanks, sketch(thanks), candidates, text_of) is None


def test_texts_are_fetched_at_most_ten_and_only_when_some_are_close():
    asked: list[list[int]] = []

    def text_of(ids):
        asked.append(ids)
        return {}  # removed meanwhile

    assert nearest(SPELL, sketch(SPELL), [(1, ~sketch(SPELL))], text_of) is None
    assert nearest(SPELL, sketch(SPELL), [(n, sketch(SPELL)) for n in range(50)], text_of) is None
    assert [len(ids) for ids in asked] == [10]


def test_a_key_is_the_same_for_the_same_words_and_only_for_them():
    assert key(SPELL) == key(VARIED["emoji"]) == key(VARIED["link and numbers"])
    assert key(SPELL) != key(VARIED["greeting"])


def test_every_process_makes_the_same_sketch_and_key():
    code = f"from comments.likeness import key, sketch; print(sketch({SPELL!r}), key({SPELL!r}))"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert printed.stdout.split() == [str(sketch(SPELL)), str(key(SPELL))]


def test_links_numbers_and_ornaments_do_not_count():
    assert normal("Buy 2 <b>NOW</b>: www.a.example/x?y, b-c.example!") == normal("buy b now b")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
@example("ﷺ" * 65_525, "\ud800" * 100)
@example("a." * 32_000, "http://" * 9_000)
@example("a-" * 32_000, "www." * 16_000)
def test_whatever_is_written_the_numbers_fit_a_column(one, other):
    for number in (sketch(one), key(one), sketch(other)):
        assert number is None or -(2**63) <= number < 2**63
    assert len(normal(one)) <= 8_000
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
    if sketch(one) is not None and sketch(other) is not None:
        assert closeness(sketch(one), sketch(one)) == 64
        assert closeness(sketch(one), sketch(other)) == closeness(sketch(other), sketch(one))
