"""Who passes for whom with letters that look alike."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comments.confusables import is_mixed, mixed_words, skeleton

ILSE = skeleton("Ilse Marchetti")


@pytest.mark.parametrize(
    "name",
    [
        "Ilse  Marchetti",
        "ILSE MARCHETTI",
        "ilse marchetti",
        "Ilse-Marchetti",
        "IlseMarchetti",
        "I1se Marchetti",
        "lIse Marchetti",
        "Ilse rnarchetti",
        "Ⅰlse Μarchetti",
        "Iӏѕе Маrсhеttі",
        "Ｉｌｓｅ Ｍａｒｃｈｅｔｔｉ",
        "𝐈𝐥𝐬𝐞 𝓜𝓪𝓻𝓬𝓱𝓮𝓽𝓽𝓲",
        "ⒾⓁⓈⒺ ⓜⓐⓡⓒⓗⓔⓣⓣⓘ",
        "ɪʟꜱᴇ ᴍᴀʀᴄʜᴇᴛᴛɪ",
        "İlsé Marchettı",
        "★ Ilse | Marchetti ✔\ufe0f",
        "Ils\u200be Mar\u00adche\u034ftti",
        "I\ufe0flse\u3164Marchetti",
    ],
)
def test_a_guest_cannot_pass_for_ilse_with_look_alike_letters(name):
    assert skeleton(name) == ILSE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ilse Marchetti", "Elsa Marchetti"),
        ("Ilse Marchetti", "Ilse Moretti"),
        ("Nina", "Vina"),
        ("Ивана", "Инана"),
        ("田中", "田仲"),
        ("हिन्दी", "हन्दी"),
        ("مريم", "كريم"),
        ("🌻", "🌷"),
    ],
)
def test_people_with_other_names_are_other_people(one, other):
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Νίκος", "ΝΙΚΟΣ"),
        ("Нина Орлова", "НИНА ОРЛОВА"),
        ("Нина", "Hинa"),
        ("Sven", "Sνen"),
        ("Søren", "SOREN"),
        ("Straße", "STRASSE"),
        ("é", "e\u0301"),
    ],
)
def test_a_name_is_the_same_in_capitals_and_in_any_alphabet(one, other):
    assert skeleton(one) == skeleton(other)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
@example("ﷺ" * 245)
@example("\ud800")
def test_whatever_a_guest_is_called_the_skeleton_fits_a_column(name):
    assert len(skeleton(name)) <= 255
    assert bool(skeleton(name)) == bool(name.split())
    assert skeleton(f"  {name}\n") == skeleton(name)


@pytest.mark.parametrize(
    "word",
    "pаypal Gооgle Gοοgle Μarchetti кaзинo KAЗИHO саsino раураl vіаgrа gօօgle Ꮲaypal pαypal "
    "bонус VIРs".split(),
)
def test_a_word_in_two_alphabets_that_look_alike_is_mixed(word):
    assert is_mixed(word)


@pytest.mark.parametrize(
    "word",
    "paypal Tシャツ 日本語テキスト 한국Tシャツ для日本 µm μm Ωhm kΩ ΔT TNFα NFκB IκBα hν πr "
    "β-blocker SMSка PDFы PCшник Excelем IT-компания הiPhone וGoogle ใช้Facebook الـiPhone naïve "
    "Привет καλημέρα İstanbul Москва2024 бо́льший x²+y² № 𝐈𝐥𝐬𝐞".split(),
)
def test_words_that_people_write_are_not_mixed(word):
    assert not is_mixed(word)


def test_the_mixed_words_of_a_text_are_told_once_each():
    assert mixed_words("Log in to pаypal, (pаypal) or Gооgle!") == ["pаypal", "Gооgle"]
    assert mixed_words("plain words") == []


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
@example("аa" * 32_000)
@example("аb " * 21_000)
@example("\u0301" * 65_525)
def test_whatever_is_written_few_mixed_words_come_out(text):
    assert len(mixed_words(text)) <= 20
