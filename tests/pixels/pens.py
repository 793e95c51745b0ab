"""What a pen draws: signatures, initials and ticks of smooth strokes that swell and thin with the hand's pressure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels
from tests.pixels.sheets import Colour

INKS: Final[dict[str, Colour]] = {
    "black": (15, 15, 20), "blue": (40, 50, 140), "red": (190, 40, 40), "green": (30, 120, 60),
    "violet": (110, 50, 140), "pale blue": (140, 160, 215), "pencil": (150, 150, 150), "pale pencil": (185, 185, 185),
}  # fmt: skip
_FINE: Final = 4
"""Strokes are drawn so many times larger, for soft edges."""
_STEPS: Final = 16
_LETTERS: Final = {
    "A": [[(0, 1), (0.4, 0), (0.8, 1)], [(0.15, 0.65), (0.7, 0.6)]],
    "C": [[(0.7, 0.15), (0.3, 0), (0, 0.5), (0.3, 1), (0.75, 0.85)]],
    "D": [[(0.05, 1), (0.1, 0), (0.7, 0.3), (0.6, 0.85), (0.05, 1)]],
    "E": [[(0.6, 0.1), (0.05, 0.05), (0.05, 0.95), (0.65, 0.95)], [(0.05, 0.5), (0.5, 0.48)]],
    "J": [[(0.6, 0), (0.55, 0.8), (0.25, 1.1), (0, 0.8)]],
    "L": [[(0.3, 0), (0.05, 0.9), (0.7, 1)]],
    "M": [[(0, 1), (0.15, 0), (0.45, 0.8), (0.8, 0), (0.9, 1)]],
    "N": [[(0, 1), (0.1, 0), (0.6, 1), (0.7, 0)]],
    "R": [[(0, 1), (0.1, 0), (0.6, 0.2), (0.1, 0.5), (0.7, 1)]],
    "S": [[(0.6, 0.1), (0.15, 0.2), (0.5, 0.6), (0.35, 1), (0, 0.85)]],
    "T": [[(0, 0.05), (0.8, 0)], [(0.4, 0), (0.35, 1)]],
    "W": [[(0, 0), (0.2, 1), (0.4, 0.3), (0.65, 1), (0.9, 0)]],
}
_CAPITALS: Final = (
    [(0.6, -0.1), (0, -0.5), (0.7, -1), (0.5, 0), (0.1, 0.1), (1, -0.2)],
    [(0.1, -0.9), (0.15, 0), (0.2, -0.9), (0.8, -0.95), (0.7, -0.5), (0.25, -0.45), (1, 0)],
    [(0.8, -0.8), (0.4, -1), (0.05, -0.5), (0.3, 0), (0.8, -0.1), (1, -0.3)],
    [(0, 0), (0.2, -0.95), (0.45, -0.2), (0.7, -1), (0.75, 0), (1, -0.15)],
    [(0.5, -1), (0.45, 0.3), (0.1, 0.45), (0.1, 0.2), (1, -0.2)],
)
"""Knots of large letters, in widths and heights."""

Points = NDArray[np.float64]


def drawn(lines: Sequence[Sequence[tuple[float, float]]], pen_px: float) -> Pixels:
    """Coverage of smooth strokes through these points, cut at its ink; down strokes are wider, ends are thin."""
    curves = [_through(np.asarray(line, float)) for line in lines]
    every = np.concatenate(curves)
    start = every.min(axis=0) - 2 * pen_px - 1
    wide, high = (np.ptp(every, axis=0) + 4 * pen_px + 3).astype(int).tolist()
    canvas: Pixels = np.zeros((high * _FINE, wide * _FINE), np.uint8)
    for curve in curves:
        ways = np.diff(curve, axis=0)
        down = np.clip(ways[:, 1] / (np.hypot(*ways.T) + 1e-6), -1, 1)
        ends = np.minimum(1, np.minimum(np.arange(len(ways)), np.arange(len(ways))[::-1]) / 8 + 0.5)
        widths = pen_px * (0.85 + 0.35 * down) * ends * _FINE
        spots = np.round((curve - start) * _FINE).astype(int).tolist()
        for (here, there), width in zip(pairwise(spots), widths.tolist(), strict=True):
            cv2.line(canvas, here, there, 255, max(1, round(width)))
    return np.asarray(cv2.resize(canvas, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)


def signature(rng: Random, width_px: int, pen_px: float = 2.2) -> Pixels:
    """One or two capitals, each with a tail that wears off into waves, and perhaps a flourish below."""
    names = rng.choice((1, 2, 2))
    high = width_px * rng.uniform(0.16, 0.3)
    lines = []
    for name in range(names):
        left, along = width_px * name / names, width_px / names
        lines.append(_name(rng, left, along, high))
        if rng.random() < 0.4:
            x = left + along * rng.uniform(0.4, 0.8)
            lines.append([(x, -0.45 * high), (x + 0.12 * along, -0.5 * high)])
    if rng.random() < 0.6:
        ys = [high * rng.uniform(0.25, 0.5) for _ in range(3)]
        lines.append([(width_px * 0.95, ys[0]), (width_px * 0.5, ys[1]), (width_px * rng.uniform(0, 0.3), ys[2])])
    return drawn(lines, pen_px)


def initials(rng: Random, height_px: float, pen_px: float = 2.0) -> Pixels:
    """Two or three capitals."""
    return capitals(rng, rng.sample(sorted(_LETTERS), rng.choice((2, 2, 3))), height_px, pen_px)


def capitals(rng: Random, letters: Sequence[str], height_px: float, pen_px: float = 2.0) -> Pixels:
    """These capitals, leaning, of uneven size."""
    lines: list[list[tuple[float, float]]] = []
    lean, left = rng.uniform(0, 0.35), 0.0
    for char in letters:
        size = height_px * rng.uniform(0.8, 1.1)
        for line in _LETTERS[char]:
            points = [(x + lean * (1 - y) + rng.gauss(0, 0.03), y + rng.gauss(0, 0.03)) for x, y in line]
            lines.append([(left + size * x, size * y) for x, y in points])
        left += size * rng.uniform(0.75, 1.0)
    return drawn(lines, pen_px)


def tick(rng: Random, size_px: float) -> Pixels:
    """A check mark or a cross."""
    if rng.random() < 0.5:
        return drawn([[(0, size_px * 0.6), (size_px * 0.35, size_px), (size_px, 0)]], 2.2)
    return drawn([[(0, 0), (size_px, size_px)], [(size_px, 0), (0, size_px)]], 2.2)


def _name(rng: Random, left: float, along: float, high: float) -> list[tuple[float, float]]:
    capital = rng.uniform(0.2, 0.35) * along
    knots = rng.choice(_CAPITALS)
    points = [(left + capital * (x + rng.gauss(0, 0.05)), high * (y + rng.gauss(0, 0.04))) for x, y in knots]
    x, right = left + capital, left + along
    while x < right:
        tall = rng.choice((0.28, 0.28, 0.28, 0.9, -0.4)) * (0.4 + 0.6 * (right - x) / along)
        step = along * rng.uniform(0.035, 0.07)
        points += [(x + step * 0.6, -tall * high), (x + step, rng.uniform(-0.05, 0.05) * high)]
        x += step
    return points


def _through(points: Points) -> Points:
    """A Catmull-Rom curve."""
    if len(points) < 2:
        return points
    ends = np.concatenate((points[:1], points, points[-1:]))
    at = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * at + (2 * a - 5 * b + 4 * c - d) * at**2 + (3 * b - a - 3 * c + d) * at**3)
        for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    ]
    return np.concatenate((*pieces, points[-1:]))
