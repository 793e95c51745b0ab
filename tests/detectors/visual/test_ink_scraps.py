"""Short words made of pieces of a hand explain none of its ink; short words of print do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.ink.accounting import unexplained
from detectors.visual.ink.scraps import without_scraps

DPI = 100
Read = tuple[str, float, Box, int]


def reading(*words: Read) -> PageReading:
    made, text = [], ""
    for said, confidence, box, line in words:
        text += " " if text else ""
        made.append(Word(said, confidence, Quad.of(box), line, len(text), len(text) + len(said)))
        text += said
    return PageReading(850, 1100, float(DPI), tuple(made), text, "hand")


def written() -> tuple[Pixels, Box]:
    """A page with a date by hand and its box."""
    page = np.full((1100, 850), 255, np.uint8)
    cv2.putText(page, "DOB 4/7/1951", (100, 720), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 120, 1, cv2.LINE_AA)
    (width, height), _ = cv2.getTextSize("DOB 4/7/1951", cv2.FONT_HERSHEY_SIMPLEX, 0.8, 1)
    return page, Box(100, 720 - height, 100 + width, 724)


@pytest.mark.parametrize("confidence", [30, 65, 79])
def test_pieces_of_a_hand_read_as_short_words_stay_unexplained(confidence: float) -> None:
    page, box = written()
    cells = [Box(x, box.top, x + 12, box.bottom) for x in range(box.left, box.right - 12, 16)]
    pieces = [("©", "i", "ai", "gi", "i)")[i % 5] for i in range(len(cells))]
    # One in four went unread.
    words = [(said, confidence, cell, 0) for i, (said, cell) in enumerate(zip(pieces, cells, strict=True)) if i % 4]
    ink = np.zeros(page.shape, bool)
    for region in unexplained(PageRaster(page, DPI), reading(*words)).regions:
        found = region.bounds
        ink[found.top : found.bottom, found.left : found.right] = True
    assert ink[page < 200].mean() > 0.99


@pytest.mark.parametrize(
    ("said", "confidence", "left", "top", "goes"),
    [
        ("gi", 78, 264, 700, True),
        ("©", 70, 264, 700, True),
        ("mg", 92, 264, 700, False),  # sure
        ("daily", 70, 264, 700, False),  # no scrap
        ("mg", 70, 300, 700, False),  # apart
        ("mg", 70, 264, 740, False),  # on another line
    ],
)
def test_beside_unread_ink(said: str, confidence: float, left: int, top: int, goes: bool) -> None:
    unread = [Quad.of(Box(200, 698, 260, 716))]
    first = reading(
        (said, confidence, Box(left, top, left + 16, top + 14), 0), ("well", 95, Box(400, 300, 440, 314), 1)
    )
    found = without_scraps(first, unread, DPI)
    assert (len(found.words) == 1) is goes
    assert goes or found is first


@pytest.mark.parametrize(
    ("said", "confidence", "high", "beside", "goes"),
    [
        ("lie.", 88, 8, False, True),
        ("lie.", 88, 8, True, False),  # in a line of print
        ("Plan:", 95, 8, False, False),  # sure
        ("Medications", 85, 8, False, False),  # long
        ("Plan:", 88, 14, False, False),  # large enough for its shapes to tell
    ],
)
def test_alone_and_small(said: str, confidence: float, high: int, beside: bool, goes: bool) -> None:
    here, there = Box(100, 100, 130, 100 + high), Box(140, 100, 170, 100 + high)
    first = reading((said, confidence, here, 0), ("asleep", 95, there, 0 if beside else 1))
    assert (len(without_scraps(first, [], DPI).words) == 1) is goes
