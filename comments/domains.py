"""Placeholder."""

import re
from urllib.parse import urlsplit


def of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def in_text(html: str) -> set[str]:
    return {of(url) for url in re.findall(r'href="(https?://[^"]+)"', html)} - {""}


def parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[i:]) for i in range(len(labels) - 1)]
