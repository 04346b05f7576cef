"""Writes a made-up thread of good and spam comments, for measuring the classifier.

    python docs/benchmarks/spam_comments.py 2000 --seed 1 > thread.csv

The columns are author, text, label (1 is spam), in order of time. The same seed writes the same
thread. It is a supplement: real comments are harder in other places. What makes it worth having:
good and spam share most of their words, both are misspelt, campaigns come and go, and one comment
in a hundred has the wrong label.
"""

import argparse
import csv
import random
import re
import sys

WORDS = {
    "thing": "song|video|post|article|recipe|story|film|album|guide|photo|episode|talk|chapter"
    "|piece",
    "part": "the ending|the second part|the bit about the bus|the drums|that voice|the comments"
    "|the last paragraph|the map|the costume|the chorus|the example with the pencil|minute 2:15"
    "|the list at the end|the lighting|the first photo|the introduction|the footnote",
    "good": "great|amazing|brilliant|lovely|awesome|beautiful|so good|perfect|funny|wonderful|nice"
    "|epic|gorgeous|cool|excellent|fantastic|cute|interesting|solid|underrated",
    "bad": "awful|boring|overrated|sad|terrible|weird|annoying|too long|confusing|creepy"
    "|lame|wrong",
    "who": "my sister|my dad|my class|everyone at work|my girlfriend|my kids|our teacher|my cat"
    "|a friend|my brother|half the internet|my grandmother|the neighbours|my roommate",
    "when": "in 2009|last summer|ten years ago|at school|this morning|yesterday|when I was nine"
    "|on the ferry|every single day|before the war|in my car|at 3am|on holiday|in 2015|since 2012",
    "place": "Brazil|Leiden|Ohio|the Philippines|Manchester|Turkey|Mexico|Kerala|Sweden|Poland"
    "|Texas|Lagos|Naples|Melbourne|Chile",
    "name": "Katy|Eminem|Shakira|Marta|Psy|Anna|the author|Rihanna|Tolstoy|Ed|Beyonce|Sam|Mark"
    "|Jonas|the guy|Ilse|that girl|Bruno",
    "verb": "love|like|miss|remember|hate|watch|read|need|play|know|hear|enjoy",
    "noun": "library|summer|dress|camera|guitar|garden|engine|winter|letter|train|school|winner"
    "|views|channel|dance|movie|lyrics|kitchen|teacher|battery|country|war|church|dog|river|boss"
    "|pencil|index|ferry|pension|budget|chemistry|goal|referee|sourdough|yeast|router|kernel",
    "sell": "watches|handbags|loans|backlinks|followers|shoes|sunglasses|diet pills|casino games"
    "|slots|viagra|cialis|essays|crypto signals|gummies|insurance|replica bags|likes|game codes",
    "sum": "$500|$3,450|1000 dollars|£200|$87 an hour|2,000 euros|$10k|5 BTC|$750",
    "me": "channel|cover|remix|music|videos|page|blog|new song|gaming videos|beats|vlog|mixtape",
    "site": "facebook|twitter|instagram|gofundme|tumblr|soundcloud|blogspot|kickstarter",
    "first": "james|lucia|omar|wei|julia|david|chris|nina|lena|paolo|emma|ravi|ada|kevin|zoe|igor",
    "last": "smith|garcia|khan|lee|rossi|novak|white|mendes|jones|adams|meyer|okafor|silva|brown",
    "tld": "com|net|info|ru|xyz|top|biz|co|us.org|pl",
    "ask": "check out|please check out|come see|take a look at|visit|watch|listen to|look at|see"
    "|go to|give a chance to|support|subscribe to|share|like",
    "beg": "pls|please|thanks|it would mean a lot|thank you so much|i will sub back|no hate"
    "|thumbs up so others see|give it a try|you won't regret it|means the world to me"
    "|just 2 minutes",
    "smile": "|| :)| <3| XD| lol| haha| !!!| ...| 😂| ❤| omg|!| 😍😍|.|.|.",
}
GOOD = """
{verb} this {thing}{smile}
{good}{smile}
this {thing} is {good}{smile}
I {verb} {part}{smile}
{part} is {good}{smile}
who else {verb}s this {when}?
anyone here {when}?
{who} played this {when} and I still {verb} it{smile}
{name} is {good} but this {thing} is {bad}{smile}
I can't believe this {thing} has {n} {noun}s{smile}
{n} views? {good}{smile}
{n} people who disliked this {thing} are {bad}
greetings from {place}{smile}
I think {part} is {bad}, {name} did it better {when}.
@{m} I disagree: the {noun} was there before the {noun}, and {who} said so {when}.
Does anybody know the name of the {noun} at {m}:{mm}?
how many {noun}s does {name} have?? {bad}
I made this {when} for {who}. Used less {noun}, worked {good}{smile}
We had a {noun} like that {when}; {who} sold it for {sum}.
What a {good} {thing}. {part} reminded me of {who} {when}, when the {noun} stopped and nobody spoke.
Thank you for writing this. I had the same trouble with the {noun} and {part} solved it.
It is described here too: https://en.wikipedia.org/wiki/{Noun} (see {part}).
There is a better {noun} at http://www.{noun}{noun}.org/{noun} if {who} wants one.
I check my {noun} every day and {verb} it, nothing like this {thing}.
please make another {thing} about {noun}s{smile}
came here because of {who}{smile}
her {noun} though{smile}
me encanta esta cancion, saludos de {place}{smile}
que {thing} tan buena, la mejor {when}
sehr schön geschrieben, danke{smile}
очень люблю эту песню{smile}
so {bad} that {name} subscribed to the {noun} and never looked at the {thing} again
The {noun} is not free, {who} paid {sum} for it {when}.
why is {name} in this {thing}? {bad}{smile}
still better than {name}{smile}
First!
rip {name}{smile}
Sorry but {part} is {bad}. The {noun} costs money, the {noun} does not, and {who} knows it.
"""
SPAM = """
{ask} my {me}{smile} {beg}
Hey guys, {ask} my {me}, I'm {m} years old from {place} and i make {good} {me}. {beg}{smile}
{ask} my {me} on {site}: http://www.{site}.com/{first}{last}{m} {beg}
{site}.com/{last}{m}
https://www.{site}.com/{first}.{last}/posts/{n}
SUBSCRIBE TO MY CHANNEL {beg}{smile}
sub 4 sub? {beg}{smile}
I make {sum} a week working from home, {who} showed me how. {ask} http://{sell}{m}.{tld}
EARN {sum} FAST!!! No experience needed: www.{noun}-{sell}.{tld}
best {sell} <a href="http://{sell}-{noun}.{tld}/">buy {sell} online</a> cheap {sell}
buy {sell} online | cheap {sell} | {sell} discount http://{noun}{sell}.{tld}/?p={m}
Hello! {good} {thing}. I have bookmarked your site. Here is my page :: {sell} {place}
I was suggested this website by {who}. You are {good}! {good} {thing}, thank you for sharing.
Very {good} information, keep up the {good} work. Also visit my {me}: {noun}{m}.{tld}
Hi, I read your blog often and your {thing} is {good}. Do you use a plugin against {sell}?
I know nobody will read this but I'm a small artist from {place}. {ask} my {me}, {beg}{smile}
If you {verb} {name} then {ask} my {me}{smile} {beg}
can you please vote for {who}? http://{noun}contest.{tld}/vote/{n} {beg}
WIN a free {noun}! I got mine {when}, just {ask} {noun}prize.{tld} and enter your email
this {thing} is {good} but {ask} my {me} it is better{smile}
{name} fans {ask} our {me} we do {good} covers {beg}
Our {noun} is raising {sum} for {who}: {site}.com/{noun}{m} {beg}
i hacked {name} {when} with this tool {noun}{sell}.{tld} works 100%
смотрите наш сайт {sell} http://{noun}{m}.ru скидки
gana {sum} desde tu casa {ask} http://{sell}{m}.{tld}
add me, contact {first}{m}@{noun}{sell}.{tld} for {sell}, delivery in {m} days
hey its {name} {ask} this {thing} on my {me}{smile}
{first} lost {m} pounds with {sell}! {ask} the link in my profile
"""
LETTERS = {"a": "@", "o": "0", "i": "1", "e": "3"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spam", type=float, default=0.5, help="its part of all, 0 to 1")
    given = parser.parse_args()
    out = csv.writer(sys.stdout)
    out.writerow(["author", "text", "label"])
    out.writerows(thread(given.number, given.seed, given.spam))


def thread(number: int, seed: int, part: float = 0.5) -> list[tuple[str, str, int]]:
    """`number` rows of author, text and label."""
    dice = random.Random(f"spam comments {seed}")  # noqa: S311
    lists = {name: words.split("|") for name, words in WORDS.items()}
    lists = {name: skewed(dice, words) for name, words in lists.items()}
    good = skewed(dice, GOOD.strip().splitlines())
    spam = SPAM.strip().splitlines()
    dice.shuffle(spam)
    rows = []
    for place in range(number):
        is_spam = dice.random() < part
        running = campaigns(spam, place / number)
        text = fill(dice, dice.choice(running if is_spam else good), lists)
        if not is_spam and dice.random() < 0.3:
            text += " " + fill(dice, dice.choice(good), lists)
        is_wrong = dice.random() < 0.01
        rows.append((writer(dice, lists, is_spam), damaged(dice, text), int(is_spam != is_wrong)))
    return rows


def skewed(dice: random.Random, words: list[str]) -> list[str]:
    """`words` in another order, the first far more often than the last, as words are."""
    dice.shuffle(words)
    return [word for place, word in enumerate(words) for _ in range(1 + len(words) // (place + 1))]


def campaigns(spam: list[str], moment: float) -> list[str]:
    """What is sent at a moment from 0 to 1: a window that moves over the kinds of spam."""
    width = len(spam) // 2
    start = round(moment * (len(spam) - width))
    return spam[start : start + width]


def fill(dice: random.Random, shape: str, lists: dict[str, list[str]]) -> str:
    def word(match: re.Match) -> str:
        name = match[1]
        if name in ("n", "m", "mm"):
            return str(
                dice.randrange(*{"n": (1000, 3 * 10**9), "m": (2, 60), "mm": (10, 60)}[name])
            )
        return (
            dice.choice(lists[name.lower()]).capitalize()
            if name[0].isupper()
            else dice.choice(lists[name])
        )

    return re.sub(r"{(\w+)}", word, shape)


def writer(dice: random.Random, lists: dict[str, list[str]], is_spam: bool) -> str:
    if is_spam and dice.random() < 0.15:
        return f"{dice.choice(lists['sell'])} {dice.choice(lists['noun'])}"
    name = f"{dice.choice(lists['first'])} {dice.choice(lists['last'])}"
    return name.title() if dice.random() < 0.6 else name.replace(" ", "") + str(dice.randrange(99))


def damaged(dice: random.Random, text: str) -> str:
    """`text` with what hands and filters' enemies do to it."""
    kind = dice.random()
    if kind < 0.12:
        return text.upper()
    if kind < 0.4:
        return text.lower()
    if kind < 0.6 and len(text) > 8:
        at = dice.randrange(1, len(text) - 2)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.65:
        return "".join(LETTERS.get(one, one) if dice.random() < 0.3 else one for one in text)
    return text


if __name__ == "__main__":
    main()
