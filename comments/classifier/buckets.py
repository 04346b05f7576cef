"""The buckets of one comment as a few bytes: gaps between ascending numbers, LEB128 each.

About two bytes a feature, some 250 for a usual comment, where a list of numbers takes a thousand.
"""

from collections.abc import Iterable


def pack(buckets: Iterable[int]) -> bytes:
    """The bytes of a set of numbers, none below 0."""
    packed, last = bytearray(), 0
    for bucket in sorted(set(buckets)):
        gap, last = bucket - last, bucket
        while gap > 127:
            packed.append(gap & 127 | 128)
            gap >>= 7
        packed.append(gap)
    return bytes(packed)


def unpack(packed: bytes) -> list[int]:
    """The numbers, ascending, that `pack` was given."""
    buckets, last, gap, shift = [], 0, 0, 0
    for byte in packed:
        gap |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            last += gap
            buckets.append(last)
            gap = shift = 0
    return buckets
