"""Recognizes a page: takes the words of its text layer where the pixels prove them, reads the rest, accounts for its
ink, and looks again where too much of that went unread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box, Quad
from detectors.pages import LayerState, PageRaster, PageReading, TextLayer
from detectors.pictures.look import read_picture
from detectors.pictures.picture import is_picture
from detectors.reading.engines.engine import Engine, LineEngine
from detectors.reading.lines import read_again
from detectors.reading.other_engine import compared, worth_asking
from detectors.reading.pieces import read_pieces
from detectors.reading.read import read_page
from detectors.reading.renewed import renewed
from detectors.reading.text_layer.proof import SURE, LayerWord, Proof, agrees, prove
from detectors.reading.text_layer.remainder import ROOM_IN, beside_lines, read_with, remainder, without
from detectors.reading.text_layer.small_print import small_print
from detectors.reading.text_layer.straight import nothing_but_lines
from detectors.reading.twice import borne_out, filled
from detectors.reading.views.grain import COARSE_DPI
from detectors.reading.views.skew import has_print
from detectors.reading.views.skew import ink as print_of
from detectors.reading.views.view import likely_dpi, to_gray
from detectors.visual.ink.accounting import InkReport, unexplained
from detectors.visual.ink.hidden import barely_marked, turned_up
from detectors.visual.ink.seen import Sights
from detectors.visual.marks.checkboxes import without_checkboxes
from detectors.visual.marks.find import marks
from detectors.words.doubt import doubtful

LOOK_AGAIN_SHARE: Final = 0.05
"""Share of the page's ink that no confident word explains, above which the engine has lost whole lines."""
COARSE_LOOK_AGAIN_SHARE: Final = 0.01
"""The same where strokes are hardly wider than a pixel: a line of names in ten was lost below the other. A second look
costs there as much as there is print in doubt."""
LOOK_AGAIN_UNREAD: Final = 0.1
"""The same for the share of words that nobody could read; of more the page goes to a person, who costs more."""
COARSE_LOOK_AGAIN_UNREAD: Final = 0.02
"""The same of a coarse page: of 5 forms that are hardly in doubt, 22 of 557 clean words burned before and 10 after, for
.3 seconds each."""
OTHER_LOOK_UNREAD: Final = 0.08
"""The same after two looks: another engine reads words in doubt, a hundredth of a second each."""
DARK: Final = 128
"""Gray level of print, as far as its share of the page is told."""
SOFTENING_PX: Final = 1.0
"""Sigma of the blur for the second look. On sparse pages with sensor noise Tesseract takes the grain for a picture
and reads nothing; softened, it reads every line."""
COARSE_SOFTENING_PX: Final = 0.6
"""The same on pages whose strokes are hardly wider than a pixel."""


def recognize(
    page: PageRaster, engine: Engine, other: Callable[[], LineEngine] | None = None
) -> tuple[PageReading, InkReport]:
    """The words of the page, and what of its ink they leave unexplained, with every code on it.

    The text layer counts only where it is proven; a page whose layer lies, or cannot be proven, is read as a scan is.
    A picture of a body, and what of a page two looks leave in doubt, is read by the `other` engine, which is loaded
    where it is called; without one a picture counts as a page, whose ink nothing explains. Raises
    RedoubtError(READER_FAILED), and MISCONFIGURED as `other` does.
    """
    if other is not None and is_picture(page.pixels, page.source):
        return read_picture(page, other())
    state = LayerState.NONE
    if page.layer is not None and page.dpi > 0:
        proof = prove(to_gray(page.pixels), page.dpi, page.layer, engine)
        state = proof.state
        if state is LayerState.PROVEN:
            reading, ink = _with_layer(page, page.layer, proof, engine)
            if ink.share <= LOOK_AGAIN_SHARE:
                return reading, ink
            state = LayerState.UNPROVEN
    if (blank := _ink_of_blank(page, engine)) is not None:
        if not barely_marked(to_gray(page.pixels), likely_dpi(page), page.lossy):
            return replace(_unread(page, engine), layer=state), blank
        page = replace(page, pixels=turned_up(page.pixels))
    reading, ink = _by_engine(without_checkboxes(page, likely_dpi(page)), engine, other)
    ink = _with_small_print(ink, page, reading)
    return replace(reading, layer=state), _with_marks(ink, page, reading)


def _with_small_print(ink: InkReport, page: PageRaster, reading: PageReading) -> InkReport:
    """What was drawn and is no text of the file's shows apart from that, whatever becomes of its layer."""
    if page.layer is None or page.layer.bare is None or not page.dpi:
        return ink
    drawn = replace(page, pixels=page.layer.bare.pixels(), layer=None)
    return replace(ink, regions=(*ink.regions, *small_print(drawn, page.layer.pictures, ink.regions, reading.words)))


def _ink_of_blank(page: PageRaster, engine: Engine) -> InkReport | None:
    """The account of a page without ink but for specks, on which an engine finds nothing; None of others."""
    gray = to_gray(page.pixels)
    if has_print(print_of(gray)):
        return None
    ink = unexplained(page, _unread(page, engine))
    return None if ink.share or ink.blobs or ink.rulings or ink.regions else ink


def _unread(page: PageRaster, engine: Engine) -> PageReading:
    return PageReading(page.width, page.height, page.dpi, (), "", engine.name)


def _by_engine(
    page: PageRaster, engine: Engine, other: Callable[[], LineEngine] | None
) -> tuple[PageReading, InkReport]:
    """What the engine reads, twice where the first look is poor, and what another engine makes of its words where the
    two leave too many in doubt."""
    reading, sights = read_page(page, engine), Sights(page)
    ink = unexplained(page, reading, sights)
    coarse = likely_dpi(page) <= COARSE_DPI
    share, words = (
        (COARSE_LOOK_AGAIN_SHARE, COARSE_LOOK_AGAIN_UNREAD) if coarse else (LOOK_AGAIN_SHARE, LOOK_AGAIN_UNREAD)
    )
    if ink.share <= share and len(doubtful(reading)) <= words * len(reading.words):
        return reading, ink
    both, ink = _twice(page, engine, coarse, reading, ink, sights)
    doubts = doubtful(both)
    asked = worth_asking(both, doubts) if len(doubts) > OTHER_LOOK_UNREAD * len(both.words) else []
    if other is None or not asked:
        return both, ink
    surer = compared(page, both, asked, other())
    return surer, ink if surer is both else unexplained(page, surer, sights)


def _twice(
    page: PageRaster, engine: Engine, coarse: bool, reading: PageReading, ink: InkReport, sights: Sights
) -> tuple[PageReading, InkReport]:
    """A poor first reading and what a second look makes of it: by pieces where the page is coarse, else of another
    view; of two whole readings the one that explains more of the ink, and what the other bears out of it."""
    places = [*ink.regions, *(reading.words[index].region for index in doubtful(reading))]
    if coarse and (pieces := read_pieces(page, engine, reading, places)):
        both = renewed(reading, pieces)
        return both, unexplained(page, both, sights)
    again = _look_again(page, engine, coarse, reading, places)
    ink_again = unexplained(page, again, sights)
    if ink_again.share < ink.share:
        reading, again, ink = again, reading, ink_again
    both = filled(borne_out(reading, again), again)
    return both, ink if both == reading else unexplained(page, both, sights)


def _look_again(
    page: PageRaster, engine: Engine, coarse: bool, first: PageReading, places: Sequence[Quad]
) -> PageReading:
    """A reading of another view: of the lines where ink went unread or words are doubtful, or of all where most are."""
    as_it_fell = coarse and not page.bilevel
    if not as_it_fell:
        sigma = COARSE_SOFTENING_PX if coarse else SOFTENING_PX
        soft = np.asarray(cv2.GaussianBlur(to_gray(page.pixels), (0, 0), sigma), np.uint8)
        page = replace(page, pixels=soft, bilevel=False)
    again = read_again(page, engine, first, places, in_even_light=not as_it_fell)
    return again or read_page(page, engine, in_even_light=not as_it_fell)


def _with_layer(page: PageRaster, layer: TextLayer, proof: Proof, engine: Engine) -> tuple[PageReading, InkReport]:
    """The proven words, and the engine's where they leave anything; most born-digital pages have nothing left.

    The ink is accounted for on every page: colours of one luma and pale print leave nothing that an engine reads. A
    word of the layer that nothing bears out and the engine does not read as told is unexplained ink, whatever lies
    over it.
    """
    bare = without(page, proof.words)
    lines = without(bare, proof.unproven) if proof.unproven else bare
    if not layer.pictures.size and nothing_but_lines(lines.pixels, page.dpi):
        reading = read_with(page, proof.words, beside_lines(bare, [word.box for word in proof.unproven]), engine)
        return reading, _of_lines(page, bare, lines, _doubtful(proof, reading))
    unread = [Box.around(((left, top), (right, bottom))) for left, top, right, bottom in layer.pictures.tolist()]
    unread += [word.box for word in proof.unproven]
    left = remainder(bare, unread)
    reading = read_with(page, proof.words, left, engine)
    # Without the words, for dense print looks like paper, and the paper between its lines then like ink.
    ink = _of_the_whole(unexplained(left.bare, reading), page, left.bare)
    small = small_print(left.bare, layer.pictures, ink.regions, reading.words)
    ink = replace(ink, regions=(*ink.regions, *small, *_doubtful(proof, reading)))
    return reading, _with_marks(ink, left.bare, reading) if left.regions else ink


def _of_lines(page: PageRaster, bare: PageRaster, lines: PageRaster, doubtful: tuple[Quad, ...]) -> InkReport:
    """The account of a page on which words and straight lines are all there is; those that are `doubtful` stand on
    `bare` and not on `lines`."""
    whole, rest = _dark(page), _dark(lines)
    unread = _dark(bare) - rest if doubtful else 0
    return InkReport(
        unread / max(whole, 1), whole / (page.width * page.height), 0.0, rest / max(whole, 1), 0.0, doubtful
    )


def _dark(raster: PageRaster) -> int:
    return int(np.count_nonzero(to_gray(raster.pixels) < DARK))


def _of_the_whole(ink: InkReport, page: PageRaster, bare: PageRaster) -> InkReport:
    """An account of a page without its words, with its shares those of all its ink."""
    dark = ink.dark + (_dark(page) - _dark(bare)) / (page.width * page.height)
    part = ink.dark / dark if dark > 0 else 1.0
    return replace(
        ink,
        share=ink.share * part,
        dark=dark,
        specks=ink.specks * part,
        rulings=ink.rulings * part,
        blobs=ink.blobs * part,
    )


def _doubtful(proof: Proof, reading: PageReading) -> tuple[Quad, ...]:
    """Where words of the layer stand that nothing bears out, with the room that each takes for its own."""
    boxes = [word.box for word in proof.unproven if not _read_again(word, reading)]
    grown = (box.grown(round(ROOM_IN * reading.dpi)).clipped(reading.width_px, reading.height_px) for box in boxes)
    return tuple(Quad.of(box) for box in grown if box)


def _read_again(told: LayerWord, reading: PageReading) -> bool:
    """Whether the engine is sure that the page shows the word that the layer tells there."""
    there = [word for word in reading.words if not word.glyphs and _within(told.box, word.region.bounds)]
    return (
        bool(there) and all(w.confidence >= SURE for w in there) and agrees(told.text, "".join(w.text for w in there))
    )


def _within(around: Box, box: Box) -> bool:
    """Whether most of a box lies in the other."""
    return 2 * around.overlap(box) > box.area


def _with_marks(ink: InkReport, page: PageRaster, reading: PageReading) -> InkReport:
    """What else is on the page: codes with the lines that say the same, photographs, handwriting."""
    return replace(ink, marks=marks(page, reading))
