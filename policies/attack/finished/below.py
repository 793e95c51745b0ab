"""The notice below each page of a copy: that it is there as claimed, and the page without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels
from policies.attack.finished.jpeg import BLOCK
from policies.attack.finished.raster import FinishedPage
from policies.notice import PAPER, strip

LOSSY_LEVELS: Final = 64
"""How far JPEG may take a pixel from black or white: 33 in the strip's own blocks at quality 80, 9 at 95; where a block
holds rows of the page, too, 42 in brightness."""
SHARED_LEVELS: Final = 128
"""The same for one colour in such a block: 96 below a page of coloured noise. A colour is divided more coarsely than
brightness, and blue has the least part in it."""


def grown(size: tuple[int, int], notice: str | None) -> tuple[int, int]:
    """The size (width, height) in pixels that a page of this size has in the copy."""
    if notice is None:
        return size
    height, width = strip(notice, size[0]).shape
    return width, size[1] + height


def is_below(page: FinishedPage, size: tuple[int, int], notice: str) -> bool:
    """Whether the notice, and nothing else, stands around a page of this size in a finished one of the grown size."""
    below, beside = page.pixels[size[1] :], page.pixels[: size[1], size[0] :]
    wanted = strip(notice, size[0])
    if below.shape[:2] != wanted.shape:
        return False
    if not page.lossy:
        return not cv2.absdiff(below, _as(wanted, below)).any() and int(beside.min(initial=PAPER)) == PAPER
    across, down = -size[0] % BLOCK, -size[1] % BLOCK
    return (
        _near(below[:down], wanted[:down], SHARED_LEVELS)
        and _near(below[down:], wanted[down:], LOSSY_LEVELS)
        and _near(beside[:, :across], None, SHARED_LEVELS)
        and _near(beside[:, across:], None, LOSSY_LEVELS)
    )


def _near(seen: Pixels, wanted: Pixels | None, levels: int) -> bool:
    """Whether a part of a page is what is wanted, or paper, but for so many levels in a colour, and what JPEG may take
    from brightness."""
    if not seen.size:
        return True
    plain = np.full(seen.shape[:2], PAPER, np.uint8) if wanted is None else wanted
    gray = seen if seen.ndim == 2 else np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), np.uint8)
    return (
        int(cv2.absdiff(seen, _as(plain, seen)).max()) <= levels and int(cv2.absdiff(gray, plain).max()) <= LOSSY_LEVELS
    )


def _as(gray: Pixels, seen: Pixels) -> Pixels:
    return gray if seen.ndim == 2 else np.repeat(gray[:, :, None], 3, axis=2)


def alone(page: FinishedPage, size: tuple[int, int]) -> FinishedPage:
    """The finished page without what stands below it, which `is_below` has told to be the notice."""
    return replace(page, pixels=np.ascontiguousarray(page.pixels[: size[1], : size[0]]))
