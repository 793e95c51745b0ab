"""A drawing of a page in blocks of half a line: what is to be seen where, without reading it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BLOCK_PT: Final = 6
"""Side of the blocks that are compared, half a line of print, in pixels of the drawing."""
BLOCKS: Final = 4
"""So many beside each other are a word."""


def block_levels(drawing: Any) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """The darkest and the lightest gray level in each block of a gray pixmap, both of shape (rows, columns)."""
    rows = np.frombuffer(drawing.samples, np.uint8).reshape(drawing.height, drawing.stride)[:, : drawing.width]
    high, wide = rows.shape[0] // BLOCK_PT, rows.shape[1] // BLOCK_PT
    blocks = rows[: high * BLOCK_PT, : wide * BLOCK_PT].reshape(high, BLOCK_PT, wide, BLOCK_PT).astype(np.int16)
    return blocks.min(axis=(1, 3)), blocks.max(axis=(1, 3))


def stretches(row: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where at least BLOCKS in a row are true, half-open."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    yield from ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= BLOCKS)
