"""What is said in a made-up blog: words by Zipf's law, texts of all lengths, campaigns of spam."""

from bisect import bisect
from hashlib import blake2b
from itertools import accumulate
from random import Random

from comments import likeness

VOCABULARY = 8_000
COMMONEST = "the and that was for you this with not have but they are from what there".split()
RARE = "xylograph"  # in one comment of a hundred thousand
RARE_EVERY, RARE_FIRST = 100_000, 77
ONSETS = "b bl br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st t th tr v w".split()
VOWELS = "a e i o u ai ea ee oo ou".split()
CODAS = ["", "", "n", "r", "s", "t", "l", "nd", "st", "ck"]
DRAWN = 100_000  # words at once


class Zipf:
    """Draws from `things`, the first twice as often as the second, and so on."""

    def __init__(self, things: list, rng: Random, exponent: float = 1.0) -> None:
        self.things, self.rng = things, rng
        self.weights = list(accumulate(1 / rank**exponent for rank in range(1, len(things) + 1)))

    def one(self):
        return self.things[bisect(self.weights, self.rng.random() * self.weights[-1])]

    def many(self, count: int) -> list:
        return self.rng.choices(self.things, cum_weights=self.weights, k=count)


class Wording:
    """Makes texts, each with the key of its wave."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        words = dict.fromkeys(COMMONEST)
        while len(words) < VOCABULARY:
            words[self.word()] = None
        self.words = Zipf(list(words), rng)
        self.forms = {word: likeness.normal(word) for word in words}
        self.drawn: list[str] = []

    def word(self) -> str:
        rng = self.rng
        return "".join(
            rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
            for _ in range(rng.choice((1, 2, 2, 3)))
        )

    def some(self, count: int) -> list[str]:
        if len(self.drawn) < count:
            self.drawn = self.words.many(DRAWN)
        taken = self.drawn[-count:]
        del self.drawn[-count:]
        return taken

    def text(self, more: str = "") -> tuple[str, int]:
        """A text of 2 to 600 words, half of them under 30, and the key of its wave."""
        words = self.some(min(600, 2 + int(self.rng.lognormvariate(3.3, 0.8))))
        if more:
            words[len(words) // 2] = more
        return _sentences(words), self.key(words)

    def key(self, words: list[str]) -> int:
        """That of `likeness.key`, 0 for none, quicker: what is normal of each word is known."""
        form = " ".join([self.forms.get(word) or likeness.normal(word) for word in words])
        form = form[: likeness.CHARACTERS_LOOKED_AT]
        if len(form) < likeness.TELLING:
            return 0
        return int.from_bytes(blake2b(form.encode(), digest_size=8).digest(), "big", signed=True)


class Campaign:
    """The same message again and again, now with this word changed and now with that."""

    def __init__(self, wording: Wording, domain: str, network: int) -> None:
        self.wording, self.domain, self.network = wording, domain, network
        self.words = wording.some(wording.rng.randrange(15, 60))
        self.wave = wording.key(self.words)
        self.sketch = wording.rng.getrandbits(63)

    def text(self) -> str:
        words = self.words.copy()
        words[self.wording.rng.randrange(len(words))] = self.wording.some(1)[0]
        return _sentences(words)


def _sentences(words: list[str]) -> str:
    """The words as sentences of a dozen words, now and then with an empty line between."""
    sentences = [" ".join(words[start : start + 12]) for start in range(0, len(words), 12)]
    paragraphs = [sentences[start : start + 5] for start in range(0, len(sentences), 5)]
    return "\n\n".join(". ".join(some).capitalize() + "." for some in paragraphs)
