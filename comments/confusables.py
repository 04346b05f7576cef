"""Placeholder."""


def skeleton(name):
    return name.casefold()


def mixed_words(text):
    return []
