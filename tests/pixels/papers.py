"""What else comes out of a clinic's copier: worn paper and poor printers, each laid on a gray page."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels
from tests.pixels.sheets import letters, turned

Wear = Callable[[Pixels, int, Random], Pixels]
"""Changes a gray page at so many dots an inch; nothing moves on it."""


def folded(page: Pixels, dpi: int, rng: Random) -> Pixels:
    """Shadows along two folds, and one half of the sheet darker than the other."""
    out = page.astype(np.float32)
    for at in (rng.uniform(0.3, 0.37), rng.uniform(0.63, 0.7)):
        rows = np.abs(np.arange(len(page)) - at * len(page)) / (0.12 * dpi)
        out *= 1 - rng.uniform(0.2, 0.35) * np.exp(-(rows[:, None] ** 2))
    out[: round(rng.uniform(0.3, 0.7) * len(page))] *= rng.uniform(0.82, 0.92)
    return np.clip(out, 0, 255).astype(np.uint8)


def streaked(page: Pixels, dpi: int, rng: Random) -> Pixels:
    """A thermal head with dead and dirty dots: white and dark lines down the page."""
    out = page.copy()
    for _ in range(rng.randint(6, 12)):
        left = rng.randrange(page.shape[1])
        out[:, left : left + max(1, round(dpi / 150))] = rng.choice((255, 255, 130))
    return out


def striped(page: Pixels, dpi: int, _rng: Random) -> Pixels:
    """Green-bar paper: every other half inch is shaded."""
    rows = (np.arange(len(page)) // max(1, round(dpi / 2))) % 2
    return np.asarray(np.where(rows[:, None] == 1, page * 0.88, page), np.uint8)


def stamped(page: Pixels, dpi: int, rng: Random) -> Pixels:
    """A clerk's pale stamp across the middle of the page."""
    cover = turned(letters(("RECEIVED", "MEDICAL RECORDS"), 0.32 * dpi, "hebo"), rng.uniform(-25, 25))
    high, wide = (min(a, b) for a, b in zip(cover.shape, page.shape, strict=True))
    top, left = rng.randint(0, page.shape[0] - high), rng.randint(0, page.shape[1] - wide)
    out = page.astype(np.float32)
    out[top : top + high, left : left + wide] *= 1 - 0.4 * cover[:high, :wide] / 255.0
    return out.astype(np.uint8)


def dotted(page: Pixels, dpi: int, _rng: Random) -> Pixels:
    """A needle printer's dots with gaps between them."""
    pitch = max(2, round(dpi / 72))
    ys, xs = np.mgrid[0 : page.shape[0], 0 : page.shape[1]]
    gaps = (ys % pitch == 0) & (xs % pitch == 0)
    soft = cv2.GaussianBlur(page, (0, 0), 0.35 * pitch)
    return np.asarray(np.where(gaps, 255, soft), np.uint8)


WEARS: Final[dict[str, Wear]] = {
    "folded": folded,
    "thermal streaks": streaked,
    "green-bar paper": striped,
    "stamped": stamped,
    "dot matrix": dotted,
}
