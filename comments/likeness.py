"""Placeholder."""

import zlib


def sketch(text: str) -> int:
    return 0


def key(text: str) -> int:
    return zlib.crc32(text.casefold().encode()) if len(text) > 12 else 0


def nearest(text, sketch, candidates, text_of):
    return None
