"""Whether pixels that come without loss went through a JPEG before: a scanner's JPEG saved as PNG, TIFF or in a PDF.

What ink smeared over its blocks is still there, and a box has to take it along. Two traces tell: on grainy paper the
steps between blocks (Fan and de Queiroz, "Identification of Bitmap Compression History", IEEE TIP 2003), on even paper
faint marks in the blocks that ink stands in and not beside them (ITU-T T.81, A.3: a block without ink does not ring).
A picture that was cut or scaled since has another grid, and is not told.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels

BLOCK: Final = 8
ROWS: Final = 2 * BLOCK
LOOKED_AT_PX: Final = 1_000_000
"""Of a larger page sixteen rows in each thirty-two, or sixty-four."""
SELDOM: Final = 4
FAINT: Final = 16
"""Levels: a larger step is somebody's ink."""
INK: Final = 60
"""Levels below the paper."""
HALO: Final = 3
"""Pixels about ink that are its own soft edge."""
HIGHER: Final = 1.05
"""Times the steps within blocks. Grain that was never coded has .98 to 1.02."""
MOST: Final = 0.9
"""Of all columns or rows; an eighth of them lie between blocks."""
LEAST_BLOCKS: Final = 16
RINGING: Final = 0.25
"""Of the blocks with ink so many hold faint marks away from it: .36 to .59 of those that were coded, of print that was
drawn, scaled or softened .13 at most."""
NEXT: Final = 0.5
"""Times that share is what the blocks beside them have at most."""

_Bands = NDArray[np.int16]
_Mask = NDArray[np.bool_]
"""Both of shape (bands, ROWS, width)."""


def was_jpeg(pixels: Pixels) -> bool:
    """Of gray (height, width) or RGB (height, width, 3) pixels, upright: its blocks begin at the top left, as for the
    masker."""
    each = ROWS * min(max(pixels.shape[0] * pixels.shape[1] // LOOKED_AT_PX, 1), SELDOM)
    bands, width = len(pixels) // each, pixels.shape[1] // BLOCK * BLOCK
    if not bands or width < 2 * BLOCK:
        return False
    some = pixels[: bands * each, :width].reshape(bands, each, width, -1)[:, :ROWS]
    gray: NDArray[np.uint8] = some.max(axis=-1)
    # Not by `median`: it loads a part of numpy when it is first asked, and a confined process can load nothing.
    paper = int(np.searchsorted(np.bincount(gray.ravel(), minlength=256).cumsum(), gray.size / 2))
    ink: _Mask = np.asarray(gray < paper - INK)
    near = _around(ink, HALO)
    return _steps(gray.astype(np.int16), near) or _rings(np.asarray((gray != paper) & ~near), ink)


def _steps(gray: _Bands, near: _Mask) -> bool:
    """Whether the steps from block to block are higher than those within, along rows as well as columns."""
    columns = _capped(_heights(np.diff(gray, axis=2), near[:, :, 1:], (0, 1)))
    across = np.array([columns[phase::BLOCK].mean() for phase in range(BLOCK)])
    down = _capped(_heights(np.diff(gray, axis=1), near[:, 1:], (2,))).mean(axis=0)
    return all(found[BLOCK - 1] > HIGHER * np.delete(found, BLOCK - 1).max() > 0 for found in (across, down))


def _capped(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    """A ruling is high, and in few columns or rows."""
    return np.asarray(np.minimum(heights, np.sort(heights, axis=None)[int(MOST * heights.size)]), np.float32)


def _heights(steps: NDArray[np.int16], near: _Mask, axes: tuple[int, ...]) -> NDArray[np.float32]:
    """The mean height of faint steps over these axes."""
    high = np.abs(steps)
    faint = (high < FAINT) & ~near
    return np.asarray(np.where(faint, high, 0).sum(axis=axes) / np.maximum(faint.sum(axis=axes), 1), np.float32)


def _rings(marks: _Mask, ink: _Mask) -> bool:
    """Whether faint marks stand in the blocks of ink, and in those beside them do not."""
    inked, marked = _blocks(ink), _blocks(marks)
    if int(inked.sum()) < LEAST_BLOCKS:
        return False
    beside = _around(inked, 1) & ~inked
    ringing = float(marked[inked].mean())
    return ringing >= RINGING and float(marked[beside].sum()) <= NEXT * ringing * max(int(beside.sum()), 1)


def _blocks(mask: _Mask) -> _Mask:
    """Which blocks hold any of it, shape (bands, 2, blocks of a row)."""
    bands, rows, width = mask.shape
    return np.asarray(mask.reshape(bands, rows // BLOCK, BLOCK, width // BLOCK, BLOCK).any(axis=(2, 4)))


def _around(mask: _Mask, reach: int) -> _Mask:
    """The mask and what lies so far from it, within its band."""
    found = mask
    for axis in (1, 2):
        before, length = found, found.shape[axis]
        found = before.copy()
        for step in range(1, min(reach, length - 1) + 1):
            ahead, behind = [slice(None)] * 3, [slice(None)] * 3
            ahead[axis], behind[axis] = slice(step, None), slice(None, -step)
            found[tuple(ahead)] |= before[tuple(behind)]
            found[tuple(behind)] |= before[tuple(ahead)]
    return found
