"""Leaks in a finished copy that Tesseract reads past and an engine of another kind reads: odd faces, pale and grainy
print, turned lines, hands.

Each is planted into the clean page of `planted.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from planted import CLAIM, PAGE, Scene

from detectors.pages import Pixels
from tests.policies.attack.made import pdf

VALUE: Final = "Brackenbury-Szabo"
LEFT, TOP = 140, 800
"""Where the leak stands on the page of 1275 x 1650 pixels."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """A way to print a value, and the risk that it stands for."""

    name: str
    cover: Callable[[], Pixels]
    source: str
    ink: int = 0
    ground: int = 255
    grain: float = 0.0

    def build(self) -> Scene:
        """The clean page with the value on it: covered by `ink` where `cover` (0 to 255) says so."""
        page = PAGE.astype(np.float32)
        share = self.cover().astype(np.float32) / 255
        height, width = share.shape
        part = page[TOP : TOP + height, LEFT : LEFT + width]
        part[:] = self.ground * (1 - share) + self.ink * share
        if self.grain:
            part += np.random.default_rng(5).normal(0, self.grain, part.shape)
        return Scene(pdf([(np.clip(page, 0, 255).astype(np.uint8), None)]), CLAIM)


def stroked(text: str, face: int, scale: float, thick: int = 2) -> Callable[[], Pixels]:
    """Drawn by strokes, as a plotter or a hand does."""

    def build() -> Pixels:
        (width, height), base = cv2.getTextSize(text, face, scale, thick)
        canvas = np.zeros((height + base + 40, width + 40), np.uint8)
        cv2.putText(canvas, text, (20, 20 + height), face, scale, 255, thick, cv2.LINE_AA)
        return canvas

    return build


def turned(degrees: float, inner: Callable[[], Pixels]) -> Callable[[], Pixels]:
    def build() -> Pixels:
        cover = inner()
        height, width = cover.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
        size = (round(width * cos + height * sin), round(width * sin + height * cos))
        turn[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
        return np.asarray(cv2.warpAffine(cover, turn, size), np.uint8)

    return build


def outlined(inner: Callable[[], Pixels]) -> Callable[[], Pixels]:
    def build() -> Pixels:
        cover = inner()
        thick = cv2.dilate(cover, np.ones((5, 5), np.uint8))
        return np.asarray(cv2.subtract(thick, cover), np.uint8)

    return build


def ruled(inner: Callable[[], Pixels]) -> Callable[[], Pixels]:
    """Struck out by two lines."""

    def build() -> Pixels:
        cover = inner()
        for at in (0.42, 0.58):
            row = round(cover.shape[0] * at)
            cover[row : row + 2] = 255
        return cover

    return build


LINE: Final = f"Seen with {VALUE}"
PRINT: Final = stroked(LINE, cv2.FONT_HERSHEY_DUPLEX, 0.8)
_ACCOUNTED: Final = "handwriting and stamps beside print, never assumed clean"
_LEANS: Final = "labels stuck on at an angle"
_PALE: Final = "print that one threshold loses"
_DEGRADED: Final = "a second reading by one engine misses what the first did"

PLANTED: Final = (
    Unlike("a hand", stroked(LINE, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 0.8), _ACCOUNTED),
    Unlike("upside down", turned(180, PRINT), "pages scanned upside down in part"),
    Unlike("at 25 degrees", turned(25, PRINT), _LEANS),
    Unlike("pale", PRINT, _PALE, ink=235),
    Unlike("gray on gray", PRINT, _PALE, ink=190, ground=150),
    Unlike("much grain", PRINT, _DEGRADED, ink=150, grain=40),
    Unlike("struck out", ruled(PRINT), "struck out is not taken out"),
    Unlike("outlined", outlined(stroked(LINE, cv2.FONT_HERSHEY_DUPLEX, 1.2, 3)), "letters that have no filled strokes"),
    Unlike("tiny", stroked(LINE, cv2.FONT_HERSHEY_SIMPLEX, 0.3, 1), "NSA 2008: text too small to notice"),
)
