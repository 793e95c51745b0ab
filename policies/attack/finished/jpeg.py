"""Whether a JPEG holds pixels and nothing else, and how coarsely they were coded (ITU-T T.81, annex B)."""

from __future__ import annotations

import io
import re
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, UnidentifiedImageError

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels

BLOCK: Final = 8
Table = NDArray[np.float32]
"""By which each frequency of a block was divided, shape (8, 8): rows are vertical frequencies."""
_BASIS: Final = np.asarray(
    [
        [np.sqrt((1 if k else 0.5) * 2 / BLOCK) * np.cos(np.pi * k * (2 * n + 1) / (2 * BLOCK)) for n in range(BLOCK)]
        for k in range(BLOCK)
    ],
    np.float32,
)
"""The cosines of A.3.3: row k is frequency k."""
TEXTURE: Final = 8
"""Levels within a block whose coefficients are not all zero."""
FREQUENCIES: Final = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (2, 2))
STEPS: Final = range(3, 64)
"""By which an earlier coding may have divided; coarser ones leave nothing to read."""
LEAST_COUNT: Final = 40
ROUNDING: Final = 0.9
"""A coefficient's error, after pixels were rounded to whole levels: three times its spread."""
ON_LATTICE: Final = 0.9
BY_CHANCE: Final = 0.6
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


def luma_table(content: bytes) -> Table:
    """The table that quantised brightness.

    Raises RedoubtError(UNREADABLE_PAGE) where there is none.
    """
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            tables = image.quantization if isinstance(image, JpegImagePlugin.JpegImageFile) else {}
            return np.asarray(tables[0], np.float32).reshape(BLOCK, BLOCK)
    except (UnidentifiedImageError, OSError, KeyError, ValueError, SyntaxError) as error:
        raise RedoubtError(Reason.UNREADABLE_PAGE) from error


def coded(blocks: NDArray[np.float32], luma: Table | None) -> NDArray[np.float32]:
    """Blocks, shape (n, 8, 8), as JPEG gives them back with this table; as they are where there is none."""
    if luma is None:
        return blocks
    steps = np.round(_BASIS @ (blocks - 128.0) @ _BASIS.T / luma)
    return np.clip(np.round(_BASIS.T @ (steps * luma) @ _BASIS + 128.0), 0, 255).astype(np.float32)


def coded_before(blocks: Pixels, luma: Table | None) -> bool:
    """Whether these blocks of a page, shape (n, 8, 8), went through another JPEG before the one of this table.

    Two divisions leave a lattice in the coefficients: gaps, where no multiple of the first step falls. Fridrich and
    Lukas, "Estimation of Primary Quantization Matrix in Double Compressed JPEG Images", DFRWS 2003.
    """
    if not len(blocks):
        return False
    telling = (np.ptp(blocks.reshape(len(blocks), -1), axis=1) >= TEXTURE) & (blocks.max(axis=(1, 2)) < 255)
    found = _BASIS @ (blocks[telling].astype(np.float32) - 128.0) @ _BASIS.T
    lattices = [_has_lattice(found[:, v, u], 0.0 if luma is None else float(luma[v, u])) for v, u in FREQUENCIES]
    return sum(lattices) * 2 > len(FREQUENCIES)


def _has_lattice(values: NDArray[np.float32], second: float) -> bool:
    """Whether multiples of some first step, brought to those of the `second`, are nearly all that occurs."""
    for first in STEPS:
        chance = (2 * ROUNDING + 1) / first if not second else second / first
        some = values[np.abs(values) > first / 2]
        if chance > BY_CHANCE or len(some) < LEAST_COUNT:
            continue
        nearest = np.round(some / first) * first
        lattice = np.round(nearest / second) * second if second else nearest
        if np.mean(np.abs(some - lattice) <= ROUNDING) >= ON_LATTICE:
            return True
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
