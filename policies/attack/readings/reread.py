"""Reads the finished copy again, as one who wants to know what was taken out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box, Quad
from detectors.pages import BLANK, PageReading, Pixels
from detectors.reading.engines.engine import Engine
from detectors.subject import Subject
from policies.attack.finished.below import alone
from policies.attack.finished.raster import FinishedPage, Mask, covered, finished_page, paper_dpi, share
from policies.attack.looks import Band, Look, bands, beside
from policies.attack.readings import other_engine, pictures
from policies.attack.readings.blanks import Piece, laid_out, with_blanks
from policies.attack.readings.judge import Hunter, distinct, held_against
from policies.attack.readings.other_engine import OtherEngine
from policies.attack.report import ANOTHER_ENGINES, ActsOn, Claim, Residual
from policies.attack.shapes import barcodes, measured

REREAD_DPI: Final = 150
"""The first reading takes some 200: another scale makes other mistakes. On 80-dpi scans 150 dpi read as many
identifiers as 300 (.97 and .92 of them against .97 and .94) at 56 % of the cost."""
REREAD_ACROSS: Final = 0.8
"""The view is narrowed to this: the engine's network works by the width of a line, so that it costs a sixth less, and
letters of another shape make other mistakes. Of 11 synthetic pages .967 of the words were read, against .972."""
MAX_READ_PX: Final = 40_000_000
"""A letter page at 150 dpi has 2.1 million; large plans are read smaller."""
STROKES_PX: Final = 15
"""No stroke of text at the reading's scale is as wide: a tenth of an inch."""
DARKEST_PAPER: Final = 48
"""Dark paper is not made white below this: a black box would only turn to noise."""
INK_SHARE: Final = 0.01
PALEST_INK: Final = 170
"""The darkest hundredth of a page of text is ink; on an almost empty page noise is not blown up beyond this."""
PALEST_MARK: Final = 245
"""Of 255, where the paper is evenly white: what is paler no engine reads either."""
SPECK_IN: Final = 0.03
"""A full stop of 6 points is .02 inch; no letter is as small both ways."""
MOST_SPECKS: Final = 12
"""Two digits of a needle printer have as many dots."""
STRIPS: Final = 8
APART_IN: Final = 0.3
"""Paper that stays on either side of bands, where what lies between them is left out."""
COVERED_SHARE: Final = 0.5
"""A word that lies by more than this in burned regions is what the engine makes of black boxes."""
PAPER: Final = 255
SURE: Final = 70.0
"""Confidence from which a word explains its ink; what an engine makes of bars and modules is far below."""
LEAST_READ: Final = 2
LEAST_WORDS: Final = 3
LIKE_BARS: Final = frozenset("Il1ijt")
TALL_IN: Final = 0.3


def reread_page(
    finished: bytes,
    look: Look,
    claim: Claim,
    engine: Engine,
    acts_on: ActsOn,
    hunters: Sequence[Hunter] = (),
    subject: Subject | None = None,
    other: OtherEngine | None = None,
) -> tuple[Residual, ...]:
    """What can still be read on a page and the profile would act upon, in source pixels; `subject` is whom the hunters
    know, `other` the engine that a look at a picture, and at depth `full` or `forensic` needs.

    Raises RedoubtError: UNREADABLE_PAGE, FORBIDDEN_OBJECT, READER_FAILED; MISCONFIGURED where `other` is missing.
    """
    page = look.page
    raster = alone(finished_page(finished, page, quick=True), claim.page_sizes[page])
    height, width = raster.pixels.shape[:2]
    burned = covered(claim.burned[page], width, height)
    rows = bands(look, height, paper_dpi(raster))
    at = raster, claim.burned[page], burned
    if look.picture:
        if other is None:
            raise RedoubtError(Reason.MISCONFIGURED)
        residuals, readings = pictures.residuals(raster, page, burned, claim.burned[page], engine, other)
        for each in readings:
            residuals += held_against(each, page, burned, claim.secrets, acts_on, hunters, subject)
        return distinct(residuals)
    if look.proven is not None:
        shown = measured.standing(raster, look.proven, claim.burned[page], burned)
        return distinct(measured.residuals(*at, rows, shown, claim.secrets, look))
    reading = read(raster, burned, claim.burned[page], engine, rows)
    residuals = barcodes.residuals(raster, page, rows, acts_on, _explained(reading, paper_dpi(raster)))
    residuals += measured.residuals(*at, rows, reading, claim.secrets, look)
    readings = [reading]
    if look.depth in ANOTHER_ENGINES:
        if other is None:
            raise RedoubtError(Reason.MISCONFIGURED)
        found = other_engine.pieces(raster, burned, rows, reading, other, look.depth)
        residuals += other_engine.unread(found, reading, page)
        if again := other_engine.beside_the_first(found, reading, look.depth):
            inside = beside(claim.burned[page], rows)
            readings.append(_reading(raster, with_blanks(again, inside), other.name))
    for each in readings:
        residuals += held_against(each, page, burned, claim.secrets, acts_on, hunters, subject)
    return distinct(residuals)


def read(
    raster: FinishedPage, burned: Mask, regions: Sequence[Quad], engine: Engine, rows: Sequence[Band]
) -> PageReading:
    """The words of a finished page in these rows of it, outside the burned regions, placed in its pixels, with a
    blank for each region."""
    gray, dpi = _shown(raster, burned)
    height, width = raster.pixels.shape[:2]
    across, down = width / gray.shape[1], height / gray.shape[0]
    shown = _in_bands(rows, gray.shape[0], down)
    gray[~shown] = PAPER
    lies = _seen(shown, round(APART_IN * dpi))
    gray = gray if shown.all() else gray[lies]
    sums = cv2.integral(burned.view(np.uint8))
    words: list[Piece] = []
    for item in engine.words(gray, dpi) if _has_marks(gray, dpi) else ():
        box = item.box
        first, last = int(lies[box.top]), int(lies[box.bottom - 1]) + 1
        left, top, right, bottom = box.left * across, first * down, box.right * across, last * down
        cut = not shown[max(first - 1, 0) : last + 1].all()
        if not cut and share(sums, left, top, right, bottom) <= COVERED_SHARE:
            region = Quad(((left, top), (right, top), (right, bottom), (left, bottom)))
            words.append(Piece(item.text, item.confidence, region, float(item.line)))
    return _reading(raster, with_blanks(words, beside(regions, rows)), engine.name)


def _has_marks(gray: Pixels, dpi: int) -> bool:
    """Whether anything is on the view that an engine could read: more than a few specks."""
    marks = gray < PALEST_MARK
    # Most pages show it in their first lines.
    if any(_largest(strip) > SPECK_IN * dpi for strip in np.array_split(marks, STRIPS) if strip.size):
        return True
    return components(marks)[0] > MOST_SPECKS or _largest(marks) > SPECK_IN * dpi


def _largest(marks: Mask) -> int:
    """The longer side of the largest mark."""
    return int(components(marks)[2][1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(initial=0))


def _in_bands(rows: Sequence[Band], height: int, down: float) -> Mask:
    """Which rows of the view, of this height, lie in the bands; `down` is source pixels per row of the view.

    What a band's edge cuts is no word: it lies two lines from the change, and was read whole before.
    """
    shown = np.zeros(height, np.bool_)
    for band in rows:
        shown[round(band.top / down) : round(band.bottom / down)] = True
    return shown


def _seen(shown: NDArray[np.bool_], apart: int) -> NDArray[np.intp]:
    """The rows of the view that an engine is given: those shown, and so much of the paper around them that it makes no
    line of two. It pays for every row, though it be empty."""
    near = cv2.dilate(shown.view(np.uint8), np.ones((2 * apart + 1, 1), np.uint8))
    return np.flatnonzero(near)


def _reading(raster: FinishedPage, pieces: Sequence[Piece], engine: str) -> PageReading:
    height, width = raster.pixels.shape[:2]
    return laid_out(pieces, (width, height), raster.dpi, engine)


def _shown(raster: FinishedPage, burned: Mask) -> tuple[Pixels, int]:
    """The view for the engine: Lanczos where the first reading takes cubic, averaging where it shrinks.

    The paper is made evenly white, so that text under a see-through marker is read too. So are the burned regions and
    their rim: among solid boxes an engine loses words and makes up others. Of the words that stayed on clean scans,
    poor ones and faxes it read .93, .84 and .92 between black boxes, and .96, .89 and .95 between white ones.
    """
    pixels = raster.pixels
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    height, width = gray.shape
    dpi = paper_dpi(raster)
    factor = min(REREAD_DPI / dpi, 4.0, (MAX_READ_PX / (width * height)) ** 0.5)
    size = (max(round(width * factor * REREAD_ACROSS), 1), max(round(height * factor), 1))
    how = cv2.INTER_LANCZOS4 if factor > 1 else cv2.INTER_AREA
    view = np.asarray(cv2.resize(gray, size, interpolation=how), np.uint8)
    around = np.ones((3, 3), np.uint8)
    black = cv2.resize(cv2.dilate(burned.view(np.uint8), around), size, interpolation=cv2.INTER_NEAREST)
    return _flattened(view, np.asarray(cv2.dilate(black, around), np.uint8)), max(round(dpi * factor), 1)


def _flattened(gray: Pixels, burned: Pixels) -> Pixels:
    """Every pixel as a share of the paper around it, ink made black; white where `burned` is not 0.

    The paper is what is left when strokes are closed. An engine that looks for one threshold puts gray ink beside
    darker ink on the side of the paper, and reads nothing at all.
    """
    paper = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((STROKES_PX, STROKES_PX), np.uint8))
    shares = cv2.divide(gray, np.maximum(paper, DARKEST_PAPER), scale=255)
    bare = cv2.compare(burned, 0, cv2.CMP_EQ)
    counts = np.asarray(cv2.calcHist([shares], [0], bare, [256], [0, 256])).ravel().astype(np.int64)
    ink = min(int(np.searchsorted(counts.cumsum(), counts.sum() * INK_SHARE)), PALEST_INK)
    levels = np.clip((np.arange(256) - ink) * 255.0 / (255 - ink), 0, 255).astype(np.uint8)
    return np.asarray(cv2.bitwise_or(cv2.LUT(shares, levels), cv2.bitwise_not(bare)), np.uint8)


def _explained(reading: PageReading, dpi: float) -> list[Box]:
    """Where words were surely read, and where burned regions stand: of a code an engine makes none, or a tall one.

    Of a short word the line tells: among words it is one.
    """
    found, short, lines = list[Box](), list[tuple[int, Box]](), Counter[int]()
    for word in reading.words:
        box = word.region.bounds
        if word.text == BLANK:
            found.append(box)
        elif word.confidence >= SURE and box.height <= TALL_IN * dpi:
            if sum(c.isalnum() and c not in LIKE_BARS for c in word.text) >= LEAST_READ:
                found.append(box)
                lines[word.line] += 1
            else:
                short.append((word.line, box))
    return found + [box for line, box in short if lines[line] >= LEAST_WORDS]
