"""What can still be read on a finished picture. Anatomy tells nobody; writing that is left does.

The views are not those that the writing was found on: its contrast is evened out by the noise around it, and an engine
of another kind reads it dark on white.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Pixels
from detectors.reading.engines.engine import Engine, EngineWord
from detectors.words.on_pictures import is_thread, tells_nobody
from policies.attack.finished.raster import FinishedPage, Mask, share
from policies.attack.readings.blanks import Piece, laid_out, with_blanks
from policies.attack.readings.other_engine import OtherEngine
from policies.attack.report import Residual

TIMES: Final = 1.5
MAX_SIDE_PX: Final = 2_000
AROUND_PX: Final = 12.0
"""Sigma of the neighbourhood that a pixel is held against, in pixels of the view."""
FLOOR: Final = 6.0
"""Levels of noise that are there at least: else coding's own would be turned up."""
SPREAD: Final = 45.0
VIEW_DPI: Final = 150
COVERED: Final = 0.5
"""A word that lies by more than this in burned regions is what is made of black boxes."""
EVEN: Final = 1.0
"""Sigma that takes grain away, in pixels of the page."""
COLOURED: Final = 40
"""Levels by which a pixel's channels differ where it has a colour."""
FAINT: Final = 0.4
"""How sure the detector of text must be that there is some: in doubt it is looked at."""
SURE: Final = 40.0
"""Confidence from which a line is writing; of the engine for pages the next, which makes words of any grain."""
LEAST_SURE, SEVERAL = 20.0, 4
"""The first is enough for so many different letters: no rim is read as these."""
LINE, LOW = 3.0, 0.05
"""What nobody reads is writing where it is this many times as long as high, and no higher than this share of the
frame's shorter side."""
SURE_OF_PAGES: Final = 75.0
LARGE: Final = 0.12
"""Share of the frame's shorter side from which the rims of something are taken for two letters."""
LEAST_LETTERS: Final = 2

Sums = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


def residuals(
    raster: FinishedPage, page: int, burned: Mask, regions: Sequence[Quad], engine: Engine, other: OtherEngine
) -> tuple[list[Residual], list[PageReading]]:
    """The lines that are left and may tell somebody, and what each engine read, to be held against what is known.

    Raises RedoubtError(READER_FAILED).
    """
    sums = cv2.integral(burned.astype(np.uint8))
    seen = [line for view in _views(raster.pixels) for line in _lines(view, other)]
    lines = [line for where, line in seen if _is_writing(where, line, min(raster.pixels.shape[:2]))]
    lines += _by_words(raster.pixels, engine)
    lines = [left for line in lines if (left := _uncovered(line, sums))]
    found = [
        Residual(page, Kind.UNREADABLE, Quad.of(_around(line)), Reason.RESIDUAL_FINDING, False)
        for line in lines
        if _letters(line) >= LEAST_LETTERS and not tells_nobody([word.text for word in line])
    ]
    found += [
        Residual(page, Kind.UNREADABLE, Quad.of(where), Reason.RESIDUAL_FINDING, False)
        for where, line in seen
        if _is_unread(where, line, min(raster.pixels.shape[:2])) and not _gone(where, sums)
    ]
    words = [
        Piece(word.text, word.confidence, Quad.of(word.box), float(number))
        for number, line in enumerate(lines)
        for word in line
    ]
    size = raster.pixels.shape[1], raster.pixels.shape[0]
    return found, [laid_out(with_blanks(words, regions), size, raster.dpi, other.name)]


def _views(pixels: Pixels) -> Iterator[tuple[Pixels, float, bool]]:
    """The lightest channel, and where there is colour the darkest and how far they are apart; without grain, and
    turned by a quarter; pixels of the view per one of the page, and whether it is turned."""
    planes = [pixels] if pixels.ndim == 2 else [pixels.max(axis=2), pixels.min(axis=2)]
    factor = min(TIMES, MAX_SIDE_PX / max(pixels.shape[:2]))
    for plane in planes:
        yield _evened(_scaled(plane, factor, cv2.INTER_LANCZOS4)), factor, False
    own = min(1.0, factor)
    even = _evened(_scaled(np.asarray(cv2.GaussianBlur(planes[0], (0, 0), EVEN), np.uint8), own, cv2.INTER_LINEAR))
    yield even, own, False
    yield np.ascontiguousarray(np.rot90(even, -1)), own, True
    if len(planes) > 1 and (colours := planes[0] - planes[1]).max() >= COLOURED:
        yield _evened(_scaled(colours, own, cv2.INTER_LINEAR)), own, False


def _scaled(plane: Pixels, factor: float, how: int) -> Pixels:
    size = (max(round(plane.shape[1] * factor), 1), max(round(plane.shape[0] * factor), 1))
    return np.asarray(cv2.resize(plane, size, interpolation=how if factor > 1 else cv2.INTER_AREA), np.uint8)


def _evened(plane: Pixels) -> Pixels:
    """Each pixel by how far it is from those around, in multiples of what these differ."""
    levels = plane.astype(np.float32)
    mean = cv2.GaussianBlur(levels, (0, 0), AROUND_PX)
    spread = np.sqrt(cv2.GaussianBlur((levels - mean) ** 2, (0, 0), AROUND_PX)) + FLOOR
    return np.asarray(np.clip(128 + SPREAD * (levels - mean) / spread, 0, 255), np.uint8)


def _lines(view: tuple[Pixels, float, bool], other: OtherEngine) -> Iterator[tuple[Box, list[EngineWord]]]:
    """Where text may stand on a view, and what is read there, in pixels of the page."""
    pixels, factor, turned = view

    def on_page(box: Box) -> Box:
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        if turned:
            left, top, right, bottom = top, pixels.shape[1] - right, bottom, pixels.shape[1] - left
        return _source(Box(left, top, right, bottom), factor)

    for region in other.text_regions(pixels, FAINT):
        words = other.words_in(pixels, [region])
        yield on_page(region.bounds), [EngineWord(w.text, w.confidence, on_page(w.box), w.line) for w in words]


def _is_writing(where: Box, line: Sequence[EngineWord], side: int) -> bool:
    text = "".join(c for word in line for c in word.text.lower() if c.isalnum())
    if is_thread([text]) and where.height > where.width:
        return False
    large = min(where.width, where.height) > LARGE * side
    if len(text) < LEAST_LETTERS + large:
        return False
    least = SURE_OF_PAGES if large else LEAST_SURE if len(set(text)) >= SEVERAL else SURE
    return sum(word.confidence for word in line) / len(line) >= least


def _is_unread(where: Box, line: Sequence[EngineWord], side: int) -> bool:
    short, long = sorted((where.width, where.height))
    return _letters(line) < LEAST_LETTERS and long >= LINE * short and short <= LOW * side


def _by_words(pixels: Pixels, engine: Engine) -> Iterator[list[EngineWord]]:
    """What the engine for pages reads of what stands out light, made dark on white, and of what stands out dark."""
    plane = pixels if pixels.ndim == 2 else np.asarray(pixels.max(axis=2), np.uint8)
    factor = min(TIMES, MAX_SIDE_PX / max(plane.shape))
    view = _scaled(plane, factor, cv2.INTER_CUBIC)
    stroke = np.ones((9, 9), np.uint8)
    stands_out = cv2.morphologyEx(view, cv2.MORPH_TOPHAT, stroke)
    dark_on_white = np.asarray(255 - cv2.convertScaleAbs(stands_out, alpha=2), np.uint8)
    for word in engine.words(dark_on_white, VIEW_DPI):
        if word.confidence >= SURE_OF_PAGES:
            yield [EngineWord(word.text, word.confidence, _source(word.box, factor), word.line)]


def _letters(line: Sequence[EngineWord]) -> int:
    return sum(c.isalnum() for word in line for c in word.text)


def _source(box: Box, factor: float) -> Box:
    return Box.around(((box.left / factor, box.top / factor), (box.right / factor, box.bottom / factor)))


def _uncovered(line: Sequence[EngineWord], sums: Sums) -> list[EngineWord]:
    return [word for word in line if not _gone(word.box, sums)]


def _gone(box: Box, sums: Sums) -> bool:
    return share(sums, box.left, box.top, box.right, box.bottom) > COVERED


def _around(line: Sequence[EngineWord]) -> Box:
    box = line[0].box
    for word in line:
        box = box.union(word.box)
    return box
