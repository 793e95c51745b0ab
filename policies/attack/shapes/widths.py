"""Given candidates, does the width of a box tell which name it hides?

Source: Bland, Iyer and Levchenko, "Story Beyond the Eye: Glyph Positions Break PDF Text Redaction", PETS 2023. Nothing
is asked of the masker but its boxes. The face and size of the print are measured on words that stay readable; where
what is hidden begins and ends is taken from the words beside the box, to a pixel or two where they follow within a
space, and otherwise only to a step of the grid that boxes snap to, which the attacker knows. Then every candidate is
measured: the name that was taken out, and the same with each of a thousand frequent surnames in the place of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from statistics import median
from typing import Any, Final, Self

import numpy as np
import pymupdf
from numpy.typing import NDArray

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from detectors.levels import level_at
from detectors.pages import BLANK, PageReading, Word
from policies.attack.finished.raster import FinishedPage
from policies.attack.report import Claim, Residual, Secret

FEW: Final = 5
"""Fewer candidates that fit are as good as a name."""
FACES: Final = ("helv", "hebo", "tiro", "tibo", "cour")
"""Of the metrics of Helvetica, Times and Courier is nearly all print of records."""
SURE: Final = 80.0
LEAST_LETTERS: Final = 4
LEAST_WORDS: Final = 8
MOST_WORDS: Final = 60
ALIKE: Final = 1.35
"""Words of one size differ by less in height: ascenders and descenders."""
MOST_OFF: Final = 0.15
"""Line heights by which measured words may miss a face: above it the face is another, and nothing can be told."""
FOLLOWS: Final = 1.0
"""Line heights: a word so near behind a box stood one space behind what the box hides."""
PAD: Final = 0.15
STEP: Final = 1.0
"""Line heights that the masker adds at an end, and to which it rounds outward."""
ROUGHLY: Final = 0.6
"""Of a box's width: no name of another length is behind it, whatever the size of its print."""
LEAST_OFF_PX: Final = 1.0
OFF_SHARE: Final = 0.01
"""Of a width: what an engine's boxes leave unsure of the print's size."""
BEARING: Final = 0.065
"""Ems from where a letter is set to where its ink begins."""
EDGE_PX: Final = 2
"""Beside a box JPEG smears its black so far."""
LEAST_CONTRAST: Final = 60
TINY: Final = 1e-9

Widths = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Print:
    """The print about a box: pixels of an em, and how far measures are off."""

    face: int
    em_px: float
    off_px: float


@dataclass(frozen=True, slots=True)
class _Letters:
    """The words that a page's print can be measured by, each a row: twice its middle, height and width in pixels, and
    its ems in every face."""

    middles: Widths
    heights: Widths
    widths: Widths
    ems: Widths

    @classmethod
    def of(cls, words: Sequence[Word]) -> Self:
        boxes = [word.region.bounds for word in words]
        first = np.cumsum([0, *(len(word.text) for word in words)])[:-1]
        ems = np.add.reduceat(_advances()[:, _codes("".join(word.text for word in words))], first, axis=1)
        return cls(
            np.array([box.top + box.bottom for box in boxes], np.float64),
            np.array([box.height for box in boxes], np.float64),
            np.array([right - left for left, right in map(_sides, words)], np.float64),
            np.ascontiguousarray(ems.T),
        )

    def face(self) -> int:
        """Which face fits the words of the usual size best."""
        usual = np.argsort(np.abs(self.heights - np.median(self.heights)), kind="stable")[:MOST_WORDS]
        return int(np.argmin([_line(self.ems[usual, face], self.widths[usual])[1] for face in range(len(FACES))]))

    def near(self, middle: int, face: int) -> _Print | None:
        """The print of the words nearest to a height, twice that of a box's middle, that are of one size; None where
        they are too few, or in no face that is known."""
        nearest = np.argsort(np.abs(self.middles - middle), kind="stable")[:MOST_WORDS]
        height = median(self.heights[nearest[:LEAST_WORDS]].tolist())
        alike = nearest[np.abs(np.log(self.heights[nearest] / height)) <= np.log(ALIKE)]
        if len(alike) < LEAST_WORDS:
            return None
        em, off = _line(self.ems[alike, face], self.widths[alike])
        return _Print(face, em, off) if em > 0 and off <= MOST_OFF * height else None


def _line(ems: Widths, widths: Widths) -> tuple[float, float]:
    """Pixels of an em, and root mean square of what is off: a straight line, found twice more without the third that is
    furthest from it, which are misread words and other sizes."""
    x, y, third = ems, widths, len(ems) * 2 // 3
    for last in (False, False, True):
        # Sums, for what numpy's means do besides costs more than they do on so few.
        usual_x, usual_y = x.sum() / len(x), y.sum() / len(y)
        x, y = x - usual_x, y - usual_y
        slope = float(x @ y) / max(float(x @ x), TINY)
        if last:
            break
        miss = np.abs(widths - usual_y - slope * (ems - usual_x))
        kept = miss <= np.partition(miss, third)[third]
        x, y = ems[kept], widths[kept]
    miss = y - slope * x
    return slope, math.sqrt(float(miss @ miss) / len(x))


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Between which widths what a box hides must lie, in pixels."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Ems of the names that were taken out, shape (n,), and of each with every listed surname for its own, (n, m)."""

    own: Widths
    others: Widths

    @classmethod
    def of(cls, names: Sequence[str], face: int) -> Self:
        own = np.array([_ems(name, face) for name in names])
        surname = np.array([max(_ems(part, face) for part in name.split() or [""]) for name in names])
        return cls(own, (own - surname)[:, None] + _surnames()[face][None, :])

    def near(self, ems: float) -> bool:
        """Whether any name is about so wide, whatever the size of its print."""
        return bool((np.abs(self.own / ems - 1) < ROUGHLY).any())

    def tell(self, hidden: _Hidden, em_px: float) -> bool:
        """Whether a name that was taken out fits, and too few others do."""
        least, most = hidden.least / em_px, hidden.most / em_px
        fit = (self.own >= least) & (self.own <= most)
        return bool((((self.others[fit] >= least) & (self.others[fit] <= most)).sum(axis=1) < FEW).any())


def residuals(raster: FinishedPage, reading: PageReading, secrets: Sequence[Secret], page: int) -> list[Residual]:
    """The boxes whose width fits a name that was taken out, and so few others that it gives the name away."""
    names = [secret.value for secret in secrets if secret.kind is Kind.PERSON and secret.value.isascii()]
    measured = [word for word in reading.words if _measurable(word)]
    if not names or len(measured) < LEAST_WORDS:
        return []
    lines: dict[int, list[Word]] = {}
    for word in reading.words:
        lines.setdefault(word.line, []).append(word)
    letters = _Letters.of(measured)
    face = letters.face()
    candidates = _Candidates.of(names, face)
    rough = float(np.median(letters.widths / letters.ems[:, face]))
    prints: dict[int, _Print | None] = {}
    found = []
    for words in lines.values():
        for at, word in enumerate(words):
            box = word.region.bounds
            if word.text != BLANK or box.width <= box.height or not candidates.near(box.width / rough):
                continue
            if (line := box.top + box.bottom) not in prints:
                prints[line] = letters.near(line, face)
            print_ = prints[line]
            if print_ and candidates.tell(_hidden(raster, words, at, print_), print_.em_px):
                found.append(Residual(page, Kind.PERSON, word.region, Reason.WIDTH_TELLS, False))
    return found


def standing(told: Sequence[Residual], claim: Claim) -> list[Residual]:
    """Of what was told of earlier copies, that of boxes which are still as they were."""
    return [r for r in told if r.reason is Reason.WIDTH_TELLS and r.region in claim.burned[r.page]]


def _measurable(word: Word) -> bool:
    text, box = word.text, word.region.bounds
    if len(text) < LEAST_LETTERS or word.confidence < SURE or box.width <= box.height or not text.isascii():
        return False
    return sum(map(str.isalpha, text)) >= LEAST_LETTERS


def _hidden(raster: FinishedPage, line: Sequence[Word], at: int, print_: _Print) -> _Hidden:
    """What the words beside the blank at this place of a line say of the width of what it hides."""
    box = line[at].region.bounds
    step, pad, space, far = (
        STEP * box.height,
        PAD * box.height,
        print_.em_px * (_ems(" ", print_.face) + BEARING),
        FOLLOWS * box.height,
    )
    before = [_sides(w)[1] for w in line[:at] if w.text != BLANK]
    after = [_sides(w)[0] for w in line[at + 1 :] if w.text != BLANK]
    starts = (box.left + pad, box.left + pad + step)
    ends = (box.right - pad - step, box.right - pad)
    if before and box.left - before[-1] <= far:
        edge = _edge(raster, box, before[-1] - EDGE_PX, box.left - EDGE_PX, first=False)
        starts = ((edge or before[-1]) + space,) * 2
    if after and after[0] - box.right <= far:
        edge = _edge(raster, box, box.right + EDGE_PX, after[0] + EDGE_PX, first=True)
        ends = ((edge or after[0]) - space,) * 2
    off, least, most = 2 * max(print_.off_px, LEAST_OFF_PX), ends[0] - starts[1], ends[1] - starts[0]
    return _Hidden(least - off - OFF_SHARE * most, most + off + OFF_SHARE * most)


def _edge(raster: FinishedPage, rows: Box, left: float, right: float, *, first: bool) -> float | None:
    """The first or last column of ink between two of a line: beside a box an engine loses what it touches."""
    start, end = max(round(left), 0), min(round(right), raster.pixels.shape[1])
    part = raster.pixels[max(rows.top, 0) : rows.bottom, start:end]
    if not part.size:
        return None
    dark: Any = part if part.ndim == 2 else part.min(axis=2)
    lowest, usual = int(dark.min()), level_at(dark, 50.0)
    columns: Any = np.flatnonzero((dark < (lowest + usual) / 2).any(axis=0)) if usual - lowest >= LEAST_CONTRAST else ()
    if not len(columns):
        return None
    return float(start + (columns[0] if first else columns[-1] + 1))


def _ems(text: str, face: int) -> float:
    return float(_advances()[face, _codes(text)].sum())


def _sides(word: Word) -> tuple[float, float]:
    xs = [x for x, _ in word.region.corners]
    return min(xs), max(xs)


def _codes(text: str) -> list[int]:
    return list(text.encode()) if text.isascii() else [min(ord(c), 127) for c in text]


@cache
def _advances() -> NDArray[np.float64]:
    """Ems that each character of ASCII takes, shape (faces, 128)."""
    fonts = [pymupdf.Font(name) for name in FACES]
    return np.array([[font.glyph_advance(code) for code in range(128)] for font in fonts], np.float64)


@cache
def _surnames() -> NDArray[np.float64]:
    """Ems of each surname, shape (faces, names)."""
    lines = (resources.files("policies.attack.shapes") / "surnames.txt").read_text(encoding="ascii").splitlines()
    listed = [line.title() for line in lines if not line.startswith("#")]
    return np.array([_advances()[:, _codes(name)].sum(axis=1) for name in listed]).T
