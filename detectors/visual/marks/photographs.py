"""Photographs on a page: areas of continuous tone, whoever they show. A face need not be recognised to be one."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.components import components
from detectors.geometry import Box
from detectors.levels import counted
from detectors.pages import PageReading, Pixels
from detectors.shrunk import shrunk

_WORK_DPI: Final = 50.0
_LEAST_IN: Final = 0.4
"""A face on an identity card is printed at half an inch and more."""
_FALL: Final = 30
"""Gray levels below the lightest paper around: light over a page falls slower than that in an inch and a half."""
_AROUND_IN: Final = 1.5
_JOIN_IN: Final = 0.08
_STROKE_IN: Final = 0.1
_FLAT_LEVELS: Final = 9
_FLAT: Final = 0.55
"""Share of an area within so few levels from which it is a shaded ground, a bar or a logo in one colour."""
_MIDDLE: Final = (45, 215)
_TONES: Final = 0.5
"""Share of middle tones from which an area is no print, whose pixels are ink or paper."""
_WORDS: Final = 0.12
"""Share of an area under words that were read from which it is text on a ground."""
_SURE: Final = 60.0
_MOST: Final = 0.4
"""Share of the page from which the page itself is the picture: an X-ray, or the table under a sheet."""
_PAPER_LEVELS: Final = 40
_PAPER: Final = 0.45
"""Share of the page within so few levels under which it has no paper, and is a picture itself: photographed sheets
have .60 and more, an X-ray .31."""


def photographs(gray: Pixels, dpi: float, reading: PageReading) -> list[Box]:
    """Boxes of areas of continuous tone, in pixels of the page."""
    scale = min(1.0, _WORK_DPI / dpi)
    small = shrunk(gray, (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))))
    work = dpi * scale
    side = 2 * max(1, round(_AROUND_IN * work / 2)) + 1
    stroke = 2 * max(1, round(_STROKE_IN * work / 2)) + 1
    # Area means of single pixels would take specular dots for paper.
    lightest = cv2.dilate(cv2.blur(small, (3, 3)), np.ones((side, side), np.uint8))
    # Strokes of print are narrower than this, and what is left where they are gone is their paper.
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((stroke, stroke), np.uint8))
    if not _has_paper(bare):
        return []
    darker = (lightest.astype(np.int16) - bare > _FALL).astype(np.uint8)
    join, least = max(3, round(_JOIN_IN * work)), max(3, round(_LEAST_IN * work))
    closed = cv2.morphologyEx(darker, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    solid = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    count, marks, stats, _ = components(solid)
    found: list[Box] = []
    for index in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[index])
        edges = (left == 0) + (top == 0) + (left + width == small.shape[1]) + (top + height == small.shape[0])
        if area > _MOST * small.size or edges >= 2 or not _is_toned(small[marks == index]):
            continue
        corners = ((left / scale, top / scale), ((left + width) / scale, (top + height) / scale))
        box = Box.around(corners).grown(round(2 / scale)).clipped(gray.shape[1], gray.shape[0])
        if box is not None and _read(box, reading) < _WORDS:
            found.append(box)
    return found


def _has_paper(bare: Pixels) -> bool:
    counts = counted(bare) / bare.size
    return float(np.convolve(counts, np.ones(_PAPER_LEVELS)).max()) >= _PAPER


def _is_toned(tones: Pixels) -> bool:
    """Whether an area has many tones between ink and paper."""
    counts = counted(tones) / len(tones)
    flat = float(np.convolve(counts, np.ones(_FLAT_LEVELS)).max())
    return flat < _FLAT and float(counts[_MIDDLE[0] : _MIDDLE[1]].sum()) >= _TONES


def _read(box: Box, reading: PageReading) -> float:
    inside = (word.region.bounds.overlap(box) for word in reading.words if word.confidence >= _SURE)
    return sum(inside) / box.area
