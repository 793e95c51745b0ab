"""Words of a page set out on a sheet of their own: an engine is shown their pixels and nothing around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engines.engine import Engine

SHEET_WIDTH_IN: Final = 8.0
GAP_IN: Final = 0.13
"""Between the words of a sheet: wide enough for an engine not to join them."""
LEADING_IN: Final = 0.07


def read_alone(boxes: Sequence[Box], gray: Pixels, dpi: float, scale: float, engine: Engine) -> list[tuple[str, float]]:
    """What the engine reads in each box of the page (height, width), enlarged by `scale`, and how sure it is of it.

    Raises RedoubtError(READER_FAILED).
    """
    if not boxes:
        return []
    crops = [_crop(gray, box, scale) for box in boxes]
    sheet, places = _sheet(crops, dpi * scale)
    texts = ["" for _ in boxes]
    sure = [100.0 for _ in boxes]
    for item in engine.words(sheet, round(dpi * scale)):
        x, y = (item.box.left + item.box.right) / 2, (item.box.top + item.box.bottom) / 2
        for number, place in enumerate(places):
            if place.left <= x < place.right and place.top <= y < place.bottom:
                texts[number] += item.text
                sure[number] = min(sure[number], item.confidence)
    return list(zip(texts, sure, strict=True))


def _crop(gray: Pixels, box: Box, scale: float) -> Pixels:
    """A word's pixels, dark on light."""
    room = box.grown(1).clipped(gray.shape[1], gray.shape[0]) or box
    pixels = gray[room.top : room.bottom, room.left : room.right]
    if float(pixels.mean()) < (float(pixels.min()) + float(pixels.max())) / 2:
        pixels = 255 - pixels
    size = (max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1))
    return pixels if scale == 1.0 else np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _sheet(crops: Sequence[Pixels], dpi: float) -> tuple[Pixels, list[Box]]:
    """The crops in lines, those of one height together, and the room that each has there."""
    gap, leading = round(GAP_IN * dpi), round(LEADING_IN * dpi)
    width = max(round(SHEET_WIDTH_IN * dpi), max(crop.shape[1] for crop in crops) + 2 * gap)
    places: list[Box | None] = [None] * len(crops)
    x, y, high = gap, 2 * leading, 0
    for number in sorted(range(len(crops)), key=lambda i: (crops[i].shape[0], i)):
        down, across = crops[number].shape
        if x + across + gap > width:
            x, y, high = gap, y + high + leading, 0
        places[number] = Box(x, y, x + across, y + down)
        x, high = x + across + gap, max(high, down)
    found = [place for place in places if place is not None]
    # One line as long as its words: an engine goes over the paper behind them, too.
    sheet = np.full((y + high + 2 * leading, max(place.right for place in found) + gap), 255, np.uint8)
    for place, crop in zip(found, crops, strict=True):
        sheet[place.top : place.bottom, place.left : place.right] = crop
    return sheet, [Box(p.left - gap // 2, p.top - leading, p.right + gap // 2, p.bottom + leading) for p in found]
