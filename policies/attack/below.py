"""The notice below each page of a copy: that it is there as claimed, and the page without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from policies.attack.raster import FinishedPage
from policies.notice import PAPER, strip

LOSSY_LEVELS: Final = 64
"""How far JPEG may take a pixel from black or white: 46 beside a saturated page at quality 80, 9 at 95."""


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
    wanted = wanted if below.ndim == 2 else np.repeat(wanted[:, :, None], 3, axis=2)
    levels = LOSSY_LEVELS if page.lossy else 0
    return int(cv2.absdiff(below, wanted).max()) <= levels and int(beside.min(initial=PAPER)) >= PAPER - levels


def alone(page: FinishedPage, size: tuple[int, int]) -> FinishedPage:
    """The finished page without what stands below it, which `is_below` has told to be the notice."""
    return replace(page, pixels=np.ascontiguousarray(page.pixels[: size[1], : size[0]]))
