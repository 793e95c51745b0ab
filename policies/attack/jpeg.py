"""Whether a JPEG holds pixels and nothing else (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from typing import Final

_JFIF: Final = 0xE0
_ADOBE: Final = 0xEE
_PIXEL_SEGMENTS: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA})
"""Frame, Huffman and quantisation tables, restart interval, scan: what a decoder needs."""
_JFIF_LENGTH: Final = 16
"""A JFIF header without a thumbnail, its length field included."""
_ADOBE_LENGTH: Final = 14
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]")
"""In a scan, 0xFF is data where a zero follows, and a restart where D0 to D7 does."""


def only_pixels(content: bytes) -> bool:
    """True where no segment can carry text, metadata or a thumbnail, and nothing follows the end marker."""
    if content[:2] != b"\xff\xd8":
        return False
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return False
        marker = content[at + 1]
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : at + 2 + length]
        if length < 2 or not _harmless(marker, length, body):
            return False
        at += 2 + length
        if marker == 0xDA:
            at = _after_scan(content, at)
            if content[at : at + 2] == b"\xff\xd9":
                return at + 2 == len(content)
    return False


def _harmless(marker: int, length: int, body: bytes) -> bool:
    if marker == _JFIF:
        return length == _JFIF_LENGTH and body[:5] == b"JFIF\x00" and body[12:14] == b"\x00\x00"
    if marker == _ADOBE:
        return length == _ADOBE_LENGTH and body[:5] == b"Adobe"
    return marker in _PIXEL_SEGMENTS


def _after_scan(content: bytes, at: int) -> int:
    """The position of the marker that ends the entropy-coded data."""
    found = _MARKER.search(content, at)
    return found.start() if found else len(content)
