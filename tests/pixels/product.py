"""Runs pages through the product's pipeline, without a broker, and looks at the pixels that come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import cv2
import numpy as np

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from policies.attack.report import Verdict
from streams.canaries.leakcheck import rasters
from streams.clock import Deadline
from streams.fates import FATES, Fate
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.pixels.sheets import Mask, Plant, Sheet

DEADLINE_S = 900.0
"""Wall time for a page: the machine may be busy."""
PROFILE = "maximal"
BLACK_TO = 40
"""Levels up to which a pixel of a copy is black: JPEG lets a box shimmer."""
OPEN_FROM = 60
"""Levels from which a pixel of a source was not black before."""
BURNED_FROM = 0.98
"""Of a plant's ink and rim that was not black before, so much must be; a scan's grain and blur take the rest."""
KEPT_TO = 0.1
"""Of a clean word's box, so much may be blacked out."""
SOLID_PX = 5
"""Black stays solid when a square of this side is slid through it: strokes of print are thinner."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the product made of a sheet. `copy` is gray and of the source's size, None where it was withheld.

    `rejected` is the reason code where there was no verdict at all.
    """

    sheet: Sheet
    verdict: Verdict | None
    reasons: tuple[str, ...]
    copy: Pixels | None = field(repr=False)
    rejected: str = ""

    @property
    def released(self) -> bool:
        return self.verdict is Verdict.RELEASE


def made(sheets: Sequence[Sheet], sources: Sequence[Pixels], parts: Parts, threads: int) -> Iterator[Made]:
    """Each sheet's outcome, in order; `sources` are their pixels, for the size.

    Raises RedoubtError where the product would try the page again.
    """

    def one(pair: tuple[Sheet, Pixels]) -> Made:
        sheet, source = pair
        try:
            outcome = process(Document("pixels", "page", sheet.content, PROFILE), parts, Deadline.after(DEADLINE_S))
        except RedoubtError as error:
            if FATES[error.reason] in (Fate.RETRY, Fate.WAIT, Fate.STOP) or error.reason is Reason.DEADLINE:
                raise  # nothing was learned of the page
            return Made(sheet, None, (), None, error.reason.value)
        copy = None if outcome.copy is None else _fitted(outcome.copy, source)
        return Made(sheet, outcome.verdict, tuple(r.value for r in outcome.reasons), copy)

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(one, zip(sheets, sources, strict=True))


def _fitted(copy: object, source: Pixels) -> Pixels:
    finished = copy if isinstance(copy, bytes) else b"".join(copy.pieces())  # type: ignore[attr-defined]
    (page,) = rasters(finished, ".pdf")
    height, width = source.shape[:2]
    if page.shape == (height, width):
        return page
    return np.asarray(cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def is_burned(plant: Plant, source: Pixels, copy: Pixels) -> bool:
    """Whether all of a plant's ink and rim that was not black in the source is black in the copy.

    Raises ValueError where the source is black all over the plant: an untouched copy would pass as well.
    """
    box = plant.box
    window = np.s_[box.top : box.bottom, box.left : box.right]
    before = source[window] if source.ndim == 2 else source[window].max(axis=2)
    open_before = plant.ink & (before >= OPEN_FROM)
    if open_before.sum() < 0.05 * plant.ink.sum():
        raise ValueError(f"{plant.name}: black before it was burned")
    return bool((copy[window][open_before] <= BLACK_TO).mean() >= BURNED_FROM)


def solid_black(copy: Pixels) -> Mask:
    """Where black is a filled area and not a stroke of print."""
    black = (copy <= BLACK_TO).astype(np.uint8)
    square = np.ones((SOLID_PX, SOLID_PX), np.uint8)
    return np.asarray(cv2.morphologyEx(black, cv2.MORPH_OPEN, square, borderValue=0)).astype(bool)


def words_kept(made: Made, source: Pixels) -> int:
    """How many of the sheet's clean words stay in the open; none of a page that was withheld."""
    if made.copy is None:
        return 0
    open_before = (source if source.ndim == 2 else source.max(axis=2)) >= OPEN_FROM
    solid = cv2.integral((solid_black(made.copy) & open_before).astype(np.uint8))
    kept = 0
    for word in made.sheet.words:
        box = word.bounds.clipped(made.copy.shape[1], made.copy.shape[0])
        if box is None:
            continue
        below, above = solid[box.bottom], solid[box.top]
        black = int(below[box.right] - below[box.left] - above[box.right] + above[box.left])
        kept += black <= KEPT_TO * box.area
    return kept
