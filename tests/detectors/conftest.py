"""Pages of words laid out by hand, and one detector for the whole room."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from detectors.geometry import Point, Quad
from detectors.pages import PageReading, Word
from detectors.text.analyzer import TextDetector

CHAR_PX, HEIGHT_PX, LINE_PX = 10.0, 20.0, 26.0
Placed = tuple[float, float, str]
"""Column in characters, row in lines, and the text that stands there."""
LayOut = Callable[..., PageReading]


def lay_out(cells: Sequence[Placed], *, degrees: float = 0.0, confidence: float = 95.0) -> PageReading:
    """A page of fixed-width words in the order given, one engine line a cell, turned about the page's corner."""
    words: list[Word] = []
    text = ""
    for line, (column, row, content) in enumerate(cells):
        text += "\n" if line else ""
        at = column
        for index, piece in enumerate(content.split(" ")):
            text += " " if index else ""
            region = _quad(100 + at * CHAR_PX, 100 + row * LINE_PX, len(piece) * CHAR_PX, degrees)
            words.append(Word(piece, confidence, region, line, len(text), len(text) + len(piece)))
            text += piece
            at += len(piece) + 1
    return PageReading(2000, 2000, 100.0, tuple(words), text, "hand")


def _quad(left: float, top: float, width: float, degrees: float) -> Quad:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turned(x: float, y: float) -> Point:
        return (x * cos - y * sin, x * sin + y * cos)

    right, bottom = left + width, top + HEIGHT_PX
    return Quad((turned(left, top), turned(right, top), turned(right, bottom), turned(left, bottom)))


@pytest.fixture(scope="session")
def laid_out() -> LayOut:
    return lay_out


@pytest.fixture(scope="session")
def text_detector() -> TextDetector:
    return TextDetector()
