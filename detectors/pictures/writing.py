"""Finds what is written into a picture: what a detector of text takes for it, on views that make it stand out.

An engine that reads pages finds little here, so another kind says where writing stands and what it says. Writing is
what reads as two letters or more, however unsurely, and what is shaped like a line although nobody reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord, LineEngine
from detectors.words.on_pictures import is_thread, tells_nobody

MAX_SIDE_PX: Final = 2_000
"""The text detector's own limit: larger views it makes smaller again."""
TIMES: Final = 2.0
"""Print of eight pixels is found at sixteen."""
GROUND_PX: Final = 31
"""No stroke is half as wide at the view's scale: a median so wide takes writing away and leaves its ground."""
CONTRAST: Final = 3.0
"""Times that a difference from the ground is shown."""
FINE, COARSE = 1.0, 1.2
"""Sigmas that even grain out, in pixels of the frame: letters as fine as speckle stand out on the enlarged view, and
those that colours or grain run through on one of the frame's own size."""
COLOURED: Final = 40
"""Levels by which a pixel's channels differ where it has a colour."""
WITHIN: Final = 0.8
"""Of what a soft view shows, so much lies where a sharp one has read it: it says nothing more."""
FAINT: Final = 0.35
"""How sure the detector of text must be of a box: print of eight pixels in speckle is faint."""
LEAST_SURE: Final = 20.0
"""Confidence below which letters are what the recognizer makes of anatomy."""
LOW, LARGE_SURE = 0.05, 50.0
"""Share of the frame's shorter side up to which writing is low: of higher lines, which are easily read, the confidence
is as much, unless it has several letters, and one that nobody reads is the rim of something."""
SEVERAL: Final = 4
"""Letters, all different: rims are read as two or three, or as one again and again."""
LARGE: Final = 0.12
"""The same for a single letter; two so high are hips and shoulders, unless they are read as surely as print."""
SURE: Final = 90.0
"""Confidence from which a line's words are what they were read as."""
LINE: Final = 2.5
"""Times as long as high is a line, though nobody reads it."""
APART: Final = 1.2
"""Times their height is what words of one line stand apart."""
SHARED: Final = 0.5
"""Of the lower one's height, what two words of one line have in common."""
ALIKE: Final = 2.5
"""Times as high as the other is no word of its line."""
DOWN, NARROW = 0.6, 1.3
"""The same for what stands below the other; letters in a line are no more than this many times as high as wide."""


_Range = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A frame made ready to be looked at, gray (height, width): `factor` of its pixels per one of the frame, `turned`
    by a quarter so that what runs up the frame lies, or `soft`, on which letters are found and hardly read."""

    pixels: Pixels
    factor: float
    soft: bool = False
    turned: bool = False

    def in_frame(self, box: Box) -> Box:
        """A box of the view in pixels of the frame."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        if self.turned:
            width = self.pixels.shape[0]
            left, top, right, bottom = width - bottom, left, width - top, right
        return Box.around(((left / self.factor, top / self.factor), (right / self.factor, bottom / self.factor)))


@dataclass(frozen=True, slots=True)
class Written:
    """A line of writing in source pixels. Words have boxes in source pixels, and any line number.

    `harmless`: it is surely read, on every view that shows it, as what tells nobody.
    """

    boxes: tuple[Box, ...]
    words: tuple[EngineWord, ...] = field(repr=False)
    harmless: bool

    @property
    def sure(self) -> bool:
        return all(word.confidence >= SURE for word in self.words)


@dataclass(frozen=True, slots=True)
class _Piece:
    """`text` is its letters and digits alone."""

    box: Box
    words: tuple[EngineWord, ...] = field(repr=False)
    text: str = field(repr=False)
    soft: bool

    @property
    def sure(self) -> float:
        return sum(w.confidence for w in self.words) / len(self.words) if self.words else 0.0

    @property
    def letters(self) -> int:
        return len(self.text)


def writing(pixels: Pixels, engine: LineEngine) -> list[Written]:
    """The lines written into a frame, gray (height, width) or RGB. Raises RedoubtError(READER_FAILED)."""
    side = min(pixels.shape[:2])
    pieces = [piece for view in views(pixels) for piece in _pieces(view, engine)]
    pieces = [piece for piece in pieces if _is_writing(piece, side)]
    return [_line(members, pixels.shape) for members in _lines(pieces)]


def views(pixels: Pixels) -> Iterator[View]:
    """The frame enlarged, and what stands out from its ground there; its grain evened out, turned too; its colours."""
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    large, own = (min(times, MAX_SIDE_PX / max(gray.shape)) for times in (TIMES, 1.0))
    yield View(_scaled(gray, large), large)
    yield View(standing_out(_scaled(pixels, large)), large)
    even = _scaled(np.asarray(cv2.GaussianBlur(gray, (0, 0), FINE), np.uint8), own)
    yield View(even, own, soft=True)
    yield View(np.ascontiguousarray(np.rot90(even)), own, soft=True, turned=True)
    yield View(_scaled(np.asarray(cv2.GaussianBlur(gray, (0, 0), COARSE), np.uint8), large), large, soft=True)
    if pixels.ndim == 3 and (colours := pixels.max(axis=2) - pixels.min(axis=2)).max() >= COLOURED:
        yield View(_scaled(np.asarray(colours, np.uint8), large), large, soft=True)


def _scaled(pixels: Pixels, factor: float) -> Pixels:
    size = (max(round(pixels.shape[1] * factor), 1), max(round(pixels.shape[0] * factor), 1))
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def standing_out(pixels: Pixels) -> Pixels:
    """How far each pixel is from the ground around it, in its farthest channel: yellow on pink is as bright as that."""
    found = np.zeros(pixels.shape[:2], np.uint8)
    for channel in cv2.split(pixels):
        ground = cv2.medianBlur(channel, GROUND_PX)
        found = np.maximum(found, cv2.absdiff(channel, ground))
    return np.asarray(cv2.convertScaleAbs(found, alpha=CONTRAST), np.uint8)


def _pieces(view: View, engine: LineEngine) -> Iterator[_Piece]:
    for region in engine.text_regions(view.pixels, FAINT):
        words = tuple(
            EngineWord(word.text, word.confidence, view.in_frame(word.box), word.line)
            for word in engine.words_in(view.pixels, [region])
        )
        text = "".join(c for word in words for c in word.text if c.isalnum())
        yield _Piece(view.in_frame(region.bounds), words, text, view.soft)


def _is_writing(piece: _Piece, side: int) -> bool:
    short, long = min(piece.box.width, piece.box.height), _long(piece.box) >= LINE
    if is_thread([piece.text]) and piece.box.height > piece.box.width:
        return False
    if piece.letters == 2 and short > LARGE * side:
        return piece.sure >= SURE
    if piece.letters > 1:
        low = short <= LOW * side or len(set(piece.text.lower())) >= SEVERAL
        return piece.sure >= (LEAST_SURE if low else LARGE_SURE)
    if piece.letters == 1 and not long:
        return short <= LARGE * side and piece.sure >= LARGE_SURE and not piece.soft
    return long and short <= LOW * side


def _lines(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces that stand in one line, or over each other on two views."""
    found: list[list[_Piece]] = []
    for piece in pieces:
        near = [line for line in found if any(_together(other, piece) for other in line)]
        found = [line for line in found if line not in near]
        found.append([piece, *(other for line in near for other in line)])
    return found


def _together(a: _Piece, b: _Piece) -> bool:
    """Whether they are the same on two views, or one continues the other."""
    return a.box.overlap(b.box) >= SHARED * min(a.box.area, b.box.area) or _goes_on(a, b)


def _goes_on(a: _Piece, b: _Piece) -> bool:
    """Whether one continues the other along a line that lies, or one that stands: a single letter does either, but two
    over each other are clips."""
    lying, standing = (all(piece.letters == 1 or fits(piece.box) for piece in (a, b)) for fits in (_lies, _stands))
    p, q = a.box, b.box
    if lying and _beside((p.left, p.right), (q.left, q.right), (p.top, p.bottom), (q.top, q.bottom), APART):
        return True
    if not standing or a.letters == b.letters == 1:
        return False
    return _beside((p.top, p.bottom), (q.top, q.bottom), (p.left, p.right), (q.left, q.right), DOWN)


def _lies(box: Box) -> bool:
    return box.height <= NARROW * box.width


def _stands(box: Box) -> bool:
    return box.width <= NARROW * box.height


def _beside(along: _Range, other_along: _Range, across: _Range, other_across: _Range, apart: float) -> bool:
    """Whether two ranges follow one another, at most so many of their heights apart, and share theirs across."""
    low, high = sorted((across[1] - across[0], other_across[1] - other_across[0]))
    shared = min(across[1], other_across[1]) - max(across[0], other_across[0])
    gap = max(along[0], other_along[0]) - min(along[1], other_along[1])
    return high <= ALIKE * low and shared >= SHARED * low and gap <= apart * high


def _between(a: Box, b: Box) -> Box:
    """The gap between two words of a line, as high as both."""
    whole = a.union(b)
    if min(a.bottom, b.bottom) > max(a.top, b.top):
        left, right = sorted((a, b), key=lambda box: box.left)
        return Box(min(left.right, right.left), whole.top, max(left.right, right.left) + 1, whole.bottom)
    above, below = sorted((a, b), key=lambda box: box.top)
    return Box(whole.left, min(above.bottom, below.top), whole.right, max(above.bottom, below.top) + 1)


def _line(members: Sequence[_Piece], shape: tuple[int, ...]) -> Written:
    boxes = [member.box for member in members]
    # What lies between two pieces of a line is a part of it that the detector lost.
    pairs = combinations(members, 2)
    boxes += [_between(a.box, b.box) for a, b in pairs if not a.box.overlap(b.box) and _goes_on(a, b)]
    regions = tuple(found for box in boxes if (found := box.grown(1).clipped(shape[1], shape[0])))
    words = list[EngineWord]()
    for member in sorted(members, key=lambda m: -m.sure):
        words += [w for w in member.words if not any(w.box.overlap(t.box) > SHARED * w.box.area for t in words)]
    words.sort(key=lambda word: word.box.left)
    return Written(regions, tuple(words), _is_harmless(members))


def _is_harmless(members: Sequence[_Piece]) -> bool:
    """Whether every view tells the same harmless words, or there is no more than a single letter. A soft view is not
    asked about what a sharp one has read."""
    sharp = [member.box for member in members if not member.soft]
    members = [m for m in members if not m.soft or max(map(m.box.overlap, sharp), default=0) < WITHIN * m.box.area]
    if all(member.letters == 1 and _long(member.box) < LINE for member in members):
        return all(a.box.overlap(b.box) for a, b in combinations(members, 2))
    return all(m.words and m.sure >= SURE and tells_nobody([word.text for word in m.words]) for m in members)


def _long(box: Box) -> float:
    return max(box.width, box.height) / min(box.width, box.height)
