"""Placeholder."""


def matching(words, *texts):
    said = " ".join(texts).casefold()
    return [word for word in words if word.casefold() in said]
