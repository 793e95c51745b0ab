"""Whether and where a copy shows what was black in an earlier one, which a person saw."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import RedoubtError
from detectors.geometry import Box
from policies.attack.finished.pdf import Finished, held
from policies.attack.finished.raster import LOSSY_RIM_BLACK, FinishedPage, brightest, finished_page
from policies.attack.finished.structure import sheets

_APART_PX = 15
"""What lies nearer to each other is told as one place: print that shows again is paper between strokes of ink."""


def shows_no_more(copy: bytes | Finished, seen: bytes, pages: int) -> bool:
    """Also False where the two cannot be compared."""
    if copy == seen:
        return True
    try:
        return all(mask is not None and not mask.any() for mask in _uncovered(copy, seen, pages))
    except RedoubtError:
        return False


def shown_again(copy: bytes | Finished, seen: bytes, pages: int) -> list[tuple[int, Box]]:
    """Where the copy shows what was black in `seen`: pages from 0, boxes in pixels. Empty where they cannot be
    compared."""
    try:
        masks = [_places(mask) if mask is not None else [] for mask in _uncovered(copy, seen, pages)]
    except RedoubtError:
        return []
    return [(page, box) for page, boxes in enumerate(masks) for box in boxes]


def _uncovered(copy: bytes | Finished, seen: bytes, pages: int) -> Iterator[NDArray[np.bool_] | None]:
    """Page by page the pixels that were black and are lighter now; None for pages of two sizes."""
    numbers = range(pages)
    for new, old in zip(sheets(held(copy), numbers), sheets(seen, numbers), strict=True):
        now, before = finished_page(new, 0), finished_page(old, 0)
        yield None if now.pixels.shape != before.pixels.shape else _lighter(now, before)


def _lighter(now: FinishedPage, before: FinishedPage) -> NDArray[np.bool_]:
    """Where all colours were black and one is not, shape (height, width): by more than JPEG may add to what is burned,
    or at all where neither is one. What was burned may be dark paper, or gray ink on black."""
    most = LOSSY_RIM_BLACK if now.lossy or before.lossy else 0
    light, dark = brightest(now.pixels), brightest(before.pixels)
    return np.asarray((dark <= most) & (cv2.subtract(light, dark) > most), np.bool_)


def _places(uncovered: NDArray[np.bool_]) -> list[Box]:
    if not uncovered.any():
        return []
    joined = cv2.dilate(uncovered.astype(np.uint8), np.ones((_APART_PX, _APART_PX), np.uint8))
    _, labels = cv2.connectedComponents(joined)
    labels[~uncovered] = 0
    found = []
    for label in np.unique(labels)[1:]:
        ys, xs = np.nonzero(labels == label)
        found.append(Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1))
    return found
