"""What a guest typed, before it is anything else: one form for each character, nothing invisible
that deceives (Unicode Technical Report 36; CVE-2021-42574, "Trojan Source").
"""

import re
import unicodedata

# Controls but tab and newline, the marks that reorder what stands between them, the byte-order
# mark, interlinear annotations, noncharacters, and the private-use marks of `comments.markup`.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ue000-\ue00f]"
)
# Tag characters are invisible text, but for the flags of England, Scotland and Wales.
TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]+")
SURROGATES = re.compile("[\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters and symbols that draw nothing
MOST_MARKS = 8  # combining marks on one letter
TOO_MANY_MARKS = re.compile(f"(?:M[ne]){{{MOST_MARKS + 1}}}")


def prose(text: str) -> str:
    """`text` in normal form C with plain line ends, without what hides or reorders other text."""
    text = LINE_ENDS.sub("\n", SURROGATES.sub("\ufffd", text))
    text = TAGS.sub(lambda match: match[1] or "", UNWANTED.sub("", text))
    return text if text.isascii() else _few_marks(unicodedata.normalize("NFC", text))


def line(text: str) -> str:
    """`text` as one line, its white space folded: for names and addresses."""
    return " ".join(prose(text).split())


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing at all."""
    return not any(unicodedata.category(c)[0] not in "CZM" and c not in BLANKS for c in text)


def _few_marks(text: str) -> str:
    kinds = "".join(map(unicodedata.category, text))  # two letters a character
    if not TOO_MANY_MARKS.search(kinds):
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
