"""Makes `comments/confusables.txt` of the file of that name in Unicode Technical Standard 39.

    python docs/make_confusables.py path/to/confusables.txt > comments/confusables.txt

The file is at https://www.unicode.org/Public/security/latest/ and, the same, in the source of ICU
under `icu4c/source/data/unidata`. A line of what is made is a prototype and the characters that
look like it, all in hexadecimal: `6C:31 49 7C 1D408-1D40A`. Every source is one code point.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROW = re.compile(r"^([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA", re.MULTILINE)
HEADER = """\
# Which characters look alike: a prototype and what looks like it, in hexadecimal.
# Made by docs/make_confusables.py from confusables.txt, version {version}, of the
# Unicode Security Mechanisms (UTS 39). Copyright © Unicode, Inc., under the Unicode License v3,
# https://www.unicode.org/license.txt
"""


def runs(points: list[int]) -> Iterator[str]:
    """Ascending code points as `41` and `41-5A`."""
    start = previous = points[0]
    for point in [*points[1:], sys.maxunicode + 2]:
        if point != previous + 1:
            yield f"{start:X}" if start == previous else f"{start:X}-{previous:X}"
            start = point
        previous = point


def main(path: str) -> None:
    text = Path(path).read_text("utf-8-sig")
    version = re.search(r"Version: ([\d.]+)", text)[1]
    alike: dict[str, list[int]] = defaultdict(list)
    for source, prototype in ROW.findall(text):
        alike[" ".join(f"{int(point, 16):X}" for point in prototype.split())].append(
            int(source, 16)
        )
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(HEADER.format(version=version))
    for prototype, sources in sorted(alike.items(), key=lambda item: min(item[1])):
        sys.stdout.write(f"{prototype}:{' '.join(runs(sorted(sources)))}\n")


main(*sys.argv[1:])
