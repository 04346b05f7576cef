"""Letters that look like other letters: names that pass for another's, words in two alphabets.

After Unicode Technical Standard 39, "Unicode Security Mechanisms", whose table of look-alikes is
in `confusables.txt` beside this file.
"""

import re
import unicodedata
from functools import cache
from itertools import islice, permutations
from pathlib import Path

TABLE = Path(__file__).with_name("confusables.txt")
LONGEST_SKELETON = 255  # characters; fits an indexed column

# What a reader overlooks: accents of the Latin, Greek and Cyrillic alphabets (the vowels of other
# scripts are marks too, but tell names apart), and the letters and marks that draw nothing.
OVERLOOKED = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "
ASCII_LETTER = re.compile("[A-Za-z]")
# I looks like l, and is i to whoever ignores case; m looks like rn, whatever it was before.
SAME = str.maketrans({"i": "l", "m": "rn"})

# The scripts whose letters are taken for each other's, and those of them in everyday use. Words of
# other scripts run into Latin ones as a matter of course (Tシャツ, הiPhone, ใช้Facebook).
SCRIPTS = {
    "LATIN": "L",
    "CYRILLIC": "C",
    "GREEK": "G",
    "ARMENIAN": "A",
    "CHEROKEE": "K",
    "COPTIC": "P",
    "LISU": "S",
}
EVERYDAY = {
    "L": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "C": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяі",
    "G": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψω",
    "A": "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
}
# Greek letters that science writes into Latin words: ΔT, TNFα, kΩ, hν.
SYMBOLS = "αβγδεζηθκλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ"
MOST_SYMBOLS = 2
# VIPы, PCшник: an acronym and its ending.
INFLECTED = re.compile("[A-Z]{2,}[а-яёєії]+")
OTHER, NEUTRAL = " ", "."
LETTERS_LOOKED_AT = 20_000
WORDS_LOOKED_AT = 500  # words in two alphabets; who writes more in good faith?
MOST_WORDS = 20
WORD = re.compile(f"[^{OTHER}]+")


def skeleton(name: str) -> str:
    """What is the same in two names that a reader takes for each other; at most 255 characters.

    UTS 39, section 4: canonical decomposition, without what is ignored when it is drawn, each
    letter replaced by its prototype. Beyond it, as people read names: case, accents, spaces,
    punctuation and ornaments make no difference. Neil and Nell are one (NeIl looks like both).
    """
    words = unicodedata.normalize("NFD", name).split()
    letters = "".join(_looks(word) for word in words if _has_letters(word))
    return (letters or "".join(words).casefold())[:LONGEST_SKELETON]


def is_mixed(word: str) -> bool:
    """Whether letters of one alphabet pass for another's within this word, as in "pаypal".

    UTS 39, section 5, "moderately restrictive", and narrower: the letters of one alphabet must
    all look like letters of the other, or the mixture (SMSка, NFκB) deceives nobody.
    """
    return bool(mixed_words(word))


def mixed_words(text: str) -> list[str]:
    """The first mixed words (`is_mixed`) of a text, at most 20, each once.

    Only the first 20,000 characters are looked at.
    """
    if text.isascii():
        return []
    text = unicodedata.normalize("NFC", text[:LETTERS_LOOKED_AT])
    scripts = text.translate(CODES)
    several = (match for match in WORD.finditer(scripts) if len({*match[0]} - {NEUTRAL}) > 1)
    looked_at = islice(several, WORDS_LOOKED_AT)
    words = {text[match.start() : match.end()]: match[0] for match in looked_at}
    found = (word for word, scripts in words.items() if _deceives(word, scripts))
    return list(islice(found, MOST_WORDS))


class _Looks(dict):
    """From the number of a character to what it looks like, filled in as characters occur."""

    def __missing__(self, number: int) -> str:
        looks = [_look(case) for case in (chr(number), chr(number).upper(), chr(number).lower())]
        # н looks like no Latin letter but Н does: with case ignored, both are H.
        best = next((look for look in looks if look.isascii()), looks[1])
        kept = "".join(c for c in best.casefold() if unicodedata.category(c)[0] in "LMN")
        self[number] = kept.translate(SAME)
        return self[number]


class _Codes(dict):
    """From the number of a character to a letter for its script.

    The name of a letter begins with its script in the alphabets that matter here.
    """

    def __missing__(self, number: int) -> str:
        character = chr(number)
        script = unicodedata.name(character, "").partition(" ")[0]
        if unicodedata.category(character)[0] not in "LMN":
            self[number] = OTHER
        else:
            self[number] = SCRIPTS.get(script, NEUTRAL) if character.isalpha() else NEUTRAL
        return self[number]


def _has_letters(word: str) -> bool:
    return any(map(str.isalnum, unicodedata.normalize("NFKD", word)))


def _looks(word: str) -> str:
    # Case is ignored before the table is asked where that does no harm: in a word that is wholly
    # of another alphabet (ΝΙΚΟΣ is Νίκος). Beside a Latin letter each letter is what it looks
    # like: ν is v there, and Ν is N. What is looked up is folded again, for the table gives
    # capitals for capitals.
    return (word if ASCII_LETTER.search(word) else word.upper()).translate(LOOKS)


def _look(text: str) -> str:
    prototypes = _prototypes()
    letters = "".join(prototypes.get(c) or unicodedata.normalize("NFKD", c) for c in _large(text))
    return OVERLOOKED.sub("", unicodedata.normalize("NFD", letters))


def _large(text: str) -> str:
    name = "" if len(text) > 1 else unicodedata.name(text, "")
    letter = name.removeprefix(SMALL_CAPITAL)
    return letter if len(letter) == 1 else text


@cache
def _prototypes() -> dict[str, str]:
    """From a character to what it looks like (UTS 39, section 4, `confusables.txt`)."""
    prototypes = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        prototype, _, sources = line.partition(":")
        look = "".join(chr(int(point, 16)) for point in prototype.split())
        for source in sources.split():
            first, _, last = source.partition("-")
            for number in range(int(first, 16), int(last or first, 16) + 1):
                prototypes[chr(number)] = look
    return prototypes


@cache
def _everyday_looks(script: str) -> frozenset[str]:
    return frozenset(_prototypes().get(letter, letter) for letter in EVERYDAY.get(script, ""))


def _looks_like(letter: str, script: str) -> bool:
    return _prototypes().get(letter, letter) in _everyday_looks(script)


def _deceives(word: str, scripts: str) -> bool:
    letters: dict[str, set[str]] = {}
    for letter, script in zip(word, scripts, strict=True):
        if script != NEUTRAL:
            letters.setdefault(script, set()).add(letter)
    if INFLECTED.fullmatch(word) or _is_scientific(word, letters):
        return False
    return any(
        all(_looks_like(letter, host) for letter in letters[guest])
        for guest, host in permutations(letters, 2)
    )


def _is_scientific(word: str, letters: dict[str, set[str]]) -> bool:
    """TNFα, ΔT, IκBα: one or two Greek letters at an end, or within if they look like no Latin."""
    if letters.keys() != {"L", "G"} or len(letters["G"]) > MOST_SYMBOLS:
        return False
    inside = word.strip(SYMBOLS)
    return all(
        letter in SYMBOLS and not (letter in inside and _looks_like(letter, "L"))
        for letter in letters["G"]
    )


LOOKS = _Looks()
CODES = _Codes()
