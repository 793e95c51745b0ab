"""JPEG data in which every black box decodes to black."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels

QUALITY: Final = 80
"""Of pages without boxes; .01 s and 0.5 MB a page."""
BOXED: Final = (95, 100)
"""Of pages with boxes, tried in this order until every box decodes to black; half as many bytes again at 95."""
BLACK: Final = 8
"""Gray levels that a decoded box may differ from black. JPEG at 80 reaches 33 where an edge cuts a block, at 95 8."""
_BOX_SIDE_PX: Final = 7
"""Black areas that hold a square of this side are looked at when the encoding is checked: boxes, not strokes."""
_BLOCK_PX: Final = 8
_ABREAST: Final = 128
"""Blocks of a row of those that are coded for themselves."""
_SET: Final = 255


def solid(pixels: Pixels) -> bytes:
    """JPEG data without metadata, in which every black box is black. Raises RedoubtError(MASKER_FAILED)."""
    boxes = black_boxes(pixels)
    if not boxes.any():
        return bytes(coded(pixels, QUALITY))
    cut, where = cut_blocks(pixels, boxes)
    for quality in BOXED:
        if not where.any() or _brightest(coded(cut, quality), where) <= BLACK:
            return bytes(coded(pixels, quality))
    raise RedoubtError(Reason.MASKER_FAILED)


def black_boxes(pixels: Pixels) -> Pixels:
    """255 where a page is black over a box's area, and no stroke's."""
    black = cv2.inRange(pixels, (0.0,) * 4, (0.0,) * 4)
    side = np.ones((_BOX_SIDE_PX, _BOX_SIDE_PX), np.uint8)
    return np.asarray(cv2.morphologyEx(black, cv2.MORPH_OPEN, side), np.uint8)


def coded(pixels: Pixels, quality: int) -> Pixels:
    """JPEG data of so much quality, its colours as fine as its brightness. Raises RedoubtError(MASKER_FAILED)."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    done, data = cv2.imencode(".jpg", pixels, options)
    if not done:
        raise RedoubtError(Reason.MASKER_FAILED)
    return np.asarray(data, np.uint8)


def cut_blocks(pixels: Pixels, boxes: Pixels) -> tuple[Pixels, NDArray[np.bool_]]:
    """The blocks that an edge of a box cuts as a raster of their own, and where in it the boxes are.

    Every block is coded by itself (ITU-T T.81, A.3), and one that is black throughout decodes to what it was: what is
    a tenth of a page tells what all of it would.
    """
    below, right = -boxes.shape[0] % _BLOCK_PX, -boxes.shape[1] % _BLOCK_PX
    # A coder fills the last blocks by their last pixels, which nobody sees.
    page = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_REPLICATE)
    mask = cv2.copyMakeBorder(boxes, 0, below, 0, right, cv2.BORDER_CONSTANT, value=0)
    rows, columns = mask.shape[0] // _BLOCK_PX, mask.shape[1] // _BLOCK_PX
    shares = np.asarray(cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_AREA))
    at = np.nonzero((shares > 0) & (shares < _SET))
    tall = -(-len(at[0]) // _ABREAST)
    found = []
    for plane in (page, mask):
        blocks = plane.reshape(rows, _BLOCK_PX, columns, _BLOCK_PX, -1)[at[0], :, at[1]]
        whole = np.zeros((tall * _ABREAST, *blocks.shape[1:]), np.uint8)
        whole[: len(blocks)] = blocks
        side = whole.reshape(tall, _ABREAST, _BLOCK_PX, _BLOCK_PX, -1).swapaxes(1, 2)
        found.append(side.reshape(tall * _BLOCK_PX, _ABREAST * _BLOCK_PX, -1))
    return found[0] if pixels.ndim == 3 else found[0][..., 0], found[1][..., 0] == _SET


def _brightest(data: Pixels, where: NDArray[np.bool_]) -> int:
    decoded = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise RedoubtError(Reason.MASKER_FAILED)
    return int(np.asarray(decoded)[where].max())
