"""Which glyphs of a page look alike: what is proven of one then holds for all of its kind.

Two glyphs are of one kind where the file says the same of both, and where their pictures, each brought back to whole
pixels and blurred by little, differ by less than `ALIKE` at every pixel. At 8 points on 200 dpi, over eight faces, the
same letter differs from itself by .36 at most, mostly by nothing; no letter or digit comes nearer than .32 to another
but I, l and 1. What is drawn in a letter's place, or over it, makes a kind of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels
from detectors.reading.text_layer.shapes import alike, overfull
from detectors.reading.text_layer.words import Ints, LayerGlyphs

INVISIBLE: Final = -1
LEAST_CONTRAST: Final = 40
"""Gray levels between a glyph's ink and its paper, below which print is too pale to be sure that anyone sees it."""
ALIKE: Final = 0.3
"""Share of the contrast by which pictures of one glyph may differ anywhere, for it stands between the pixels."""
FINEST_PX: Final = 22
"""In lower cells letters come nearer to each other than that: there they are alike only where they are the same."""
LEAST_PX: Final = 16
"""Lower cells, of type under six points at 200 dpi, are too coarse to be told by their shape."""
ROOMY_PX: Final = 33
"""In higher cells, of type from about 12 points at 200 dpi, there is room for print beside a letter's strokes."""
MOST_KINDS: Final = 128
"""Kinds of one letter at one size; of print that is set there are a dozen. What is left over is compared with nothing
and of no kind but its own: a page that an adversary drew takes no longer for that, and less of it is proven."""
_BLUR: Final = (0.166, 0.668, 0.166)
"""A Gaussian of .6 pixels."""
_STEPS: Final = ((48, 1), (24, 2), (0, 4))
"""Up to which size MuPDF sets glyphs at how many places within a pixel."""
_INK: Final = 0.15
"""Share of the contrast from which a pixel belongs to the glyph's box."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the page shows of each glyph: the number of its kind, from 0, INVISIBLE where there is no ink in its cell or
    no cell on the page; and its ink's box (left, top, right, bottom) in whole pixels, shape (n, 4). `known` are the
    kinds that look like what they are said to be in a common face, `overfull` those whose cells show more strokes than
    their letter has: nothing proves that these show nothing else."""

    kinds: Ints = field(repr=False)
    ink: Ints = field(repr=False)
    known: frozenset[int] = frozenset()
    overfull: frozenset[int] = frozenset()


def seen(gray: Pixels, glyphs: LayerGlyphs) -> Seen:
    """`gray` is the page."""
    found = np.full(len(glyphs), INVISIBLE, np.int64)
    ink = np.rint(glyphs.cells).astype(np.int64)
    between = _between(glyphs)
    leading: list[tuple[int, str, NDArray[np.float32]]] = []
    strange: set[int] = set()
    count = 0
    for size in _pictures(gray, glyphs, between[:, 0].tolist()):
        pictures, first = size.pictures, size.members[size.first]
        contrast, levels = _contrast(pictures), _levels(pictures)
        shares = np.asarray(levels / np.maximum(contrast, 1)[:, None, None], np.float32)
        numbers = np.full(len(first), INVISIBLE, np.int64)
        groups = list(_parted(_by_text(glyphs, first), shares))
        several = any(len(rows) > 1 for _, rows, _ in groups)
        aligned = _aligned(pictures, between[first]) if several else levels
        visible = (contrast >= LEAST_CONTRAST).tolist()
        for text, rows, full in groups:
            if len(rows) == 1:
                # Most letters of a size look one way throughout.
                if not visible[rows[0]]:
                    continue
                chosen, kinds = rows, 1
                numbers[rows[0]] = count
            else:
                own, leaders = _alike(aligned[rows], contrast[rows])
                numbers[rows] = np.where(own == INVISIBLE, INVISIBLE, own + count)
                chosen, kinds = [rows[leader] for leader in leaders], int(own.max(initial=INVISIBLE)) + 1
            if full:
                strange |= set(numbers[rows].tolist())
            elif levels.shape[1] >= LEAST_PX:
                leading += [(count + n, text, shares[row]) for n, row in enumerate(chosen)]
            count += kinds
        members, which = size.members, size.which
        shown = numbers[which] != INVISIBLE
        found[members] = numbers[which]
        ink[members[shown]] = (size.starts + _bounds(levels, contrast)[which])[shown]
    like, firsts = alike([picture for _, _, picture in leading], [text for _, text, _ in leading])
    known = (kind for (kind, _, _), proven in zip(leading, like.tolist(), strict=True) if proven)
    # Of one letter at several sizes, one has to be read.
    stands = np.arange(count + 1)
    for (kind, _, _), leader in zip(leading, firsts, strict=True):
        stands[kind] = leading[leader][0]
    return Seen(
        np.where(found == INVISIBLE, INVISIBLE, stands[found]), ink, frozenset(known), frozenset(strange - {INVISIBLE})
    )


def _by_text(glyphs: LayerGlyphs, indices: Ints) -> dict[str, list[int]]:
    """The places among these glyphs of those of each text."""
    places: dict[str, list[int]] = {}
    for place, index in enumerate(indices.tolist()):
        places.setdefault(glyphs.texts[index], []).append(place)
    return places


def _parted(by_text: dict[str, list[int]], shares: NDArray[np.float32]) -> Iterator[tuple[str, list[int], bool]]:
    """The places of each text, those whose cells are overfull apart from the others; `shares` are of full ink."""
    for text, rows in by_text.items():
        if shares.shape[1] < ROOMY_PX:
            yield text, rows, False
            continue
        # The neighbours' ink reaches into the outer columns.
        full = overfull(shares[rows][:, :, 1:-1], text)
        for said in (False, True):
            if chosen := [row for row, told in zip(rows, full.tolist(), strict=True) if told is said]:
                yield text, chosen, said


def _between(glyphs: LayerGlyphs) -> NDArray[np.float32]:
    """How far right and down of whole pixels each glyph was set, shape (n, 2)."""
    cells = glyphs.cells
    height = (cells[:, 3] - cells[:, 1])[:, None]
    steps = np.select([height >= size for size, _ in _STEPS], [float(step) for _, step in _STEPS])
    off = cells[:, :2] - np.rint(cells[:, :2])
    across = np.zeros((len(glyphs), 2), np.float32)
    across[:, 0] = (np.rint(off * steps) / steps)[:, 0]
    return across


@dataclass(slots=True)
class _Size:
    """Glyphs of one size, where their cells start (left, top, left, top), and which picture each shows, for one text
    at one place within a pixel; those pictures, shape (n, height, width), and which of the glyphs shows each first."""

    members: Ints
    starts: Ints
    which: Ints
    pictures: NDArray[np.uint8]
    first: Ints


def _pictures(gray: Pixels, glyphs: LayerGlyphs, shifts: Sequence[float]) -> Iterator[_Size]:
    """The glyphs size by size, those beside the page left out; `shifts` are how far right of whole pixels each is."""
    height, width = gray.shape
    cells = glyphs.cells
    size = np.maximum(np.rint(cells[:, 2:] - cells[:, :2]), 1).astype(np.int64)
    start = np.rint(cells[:, :2]).astype(np.int64)
    # Glyphs are set on whole rows of pixels: where the base line falls, not where the cell begins.
    start[:, 1] = np.rint(glyphs.bases) - np.rint(glyphs.bases - cells[:, 1])
    inside = (start >= 0).all(axis=1) & (start[:, 0] + size[:, 0] <= width) & (start[:, 1] + size[:, 1] <= height)
    sizes: dict[tuple[int, int], list[int]] = {}
    wide, high = size.T.tolist()
    for index in np.flatnonzero(inside).tolist():
        sizes.setdefault((wide[index], high[index]), []).append(index)
    texts = glyphs.texts
    for (across, down), members in sizes.items():
        chosen = np.array(members, np.int64)
        corners = start[chosen]
        windows = np.lib.stride_tricks.sliding_window_view(gray, (down, across))[corners[:, 1], corners[:, 0]]
        shown, area = windows.tobytes(), down * across
        numbers: dict[tuple[str, float, bytes], int] = {}
        which = [
            numbers.setdefault((texts[i], shifts[i], shown[at : at + area]), len(numbers))
            for i, at in zip(members, range(0, len(shown), area), strict=True)
        ]
        whiches = np.array(which, np.int64)
        first = np.flatnonzero(np.diff(np.maximum.accumulate(whiches), prepend=-1))
        yield _Size(chosen, np.tile(corners, 2), whiches, windows[first], first)


def _contrast(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Gray levels between the lightest and the darkest pixel of each."""
    flat = pictures.reshape(len(pictures), -1)
    found: NDArray[np.float32] = np.subtract(flat.max(axis=1), flat.min(axis=1), dtype=np.float32)
    return found


def _aligned(pictures: NDArray[np.uint8], off: NDArray[np.float32]) -> NDArray[np.float32]:
    """The pictures (n, height, width) moved back by these parts of a pixel (right, down), and blurred."""
    moved = pictures.astype(np.float32)
    for axis, share in ((2, off[:, 0]), (1, off[:, 1])):
        if share.any():
            # a positive share takes from the pixel after, a negative one from the one before
            near = np.where((share > 0)[:, None, None], _next(moved, axis, 1), _next(moved, axis, -1))
            weight = np.abs(share)[:, None, None]
            moved = moved * (1 - weight) + near * weight
    for axis in (1, 2):
        moved = _BLUR[0] * _next(moved, axis, -1) + _BLUR[1] * moved + _BLUR[2] * _next(moved, axis, 1)
    # The neighbours' ink reaches into the outer columns.
    return moved[:, :, 1:-1] if moved.shape[2] > _NARROW else moved


_NARROW: Final = 4


def _next(pictures: NDArray[np.float32], axis: int, step: int) -> NDArray[np.float32]:
    """At each pixel the next one along the axis; at the edge the same."""
    found = np.empty_like(pictures)
    after, before = (slice(1, None), slice(None, -1)) if step > 0 else (slice(None, -1), slice(1, None))
    edge = slice(-1, None) if step > 0 else slice(None, 1)
    if axis == 2:
        found[:, :, before], found[:, :, edge] = pictures[:, :, after], pictures[:, :, edge]
    else:
        found[:, before], found[:, edge] = pictures[:, after], pictures[:, edge]
    return found


def _alike(aligned: NDArray[np.float32], contrast: NDArray[np.float32]) -> tuple[Ints, list[int]]:
    """Numbers of the kinds of aligned pictures, from 0, INVISIBLE where one shows nothing; and the pictures that stand
    for the first `MOST_KINDS` kinds."""
    numbers = np.full(len(aligned), INVISIBLE, np.int64)
    flat = aligned.reshape(len(aligned), -1)
    most = ALIKE if aligned.shape[1] >= FINEST_PX else 0.0
    left = np.flatnonzero(contrast >= LEAST_CONTRAST)
    leaders: list[int] = []
    while len(left) and len(leaders) < MOST_KINDS:
        leader = int(left[0])
        apart = np.abs(flat[left] - flat[leader]).max(axis=1)
        taken = apart <= most * np.minimum(contrast[left], contrast[leader])
        numbers[left[taken]] = len(leaders)
        leaders.append(leader)
        left = left[~taken]
    numbers[left] = np.arange(len(leaders), len(leaders) + len(left))
    return numbers, leaders


def _levels(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How far each pixel is from the paper of its picture, dark on light or light on dark."""
    flat = pictures.reshape(len(pictures), -1)
    light, dark = flat.max(axis=1), flat.min(axis=1)
    paper = np.where(flat.mean(axis=1) * 2 >= light.astype(np.float32) + dark, light, dark)
    return np.asarray(np.abs(pictures.astype(np.float32) - paper[:, None, None]), np.float32)


def _bounds(levels: NDArray[np.float32], contrast: NDArray[np.float32]) -> Ints:
    """The box (left, top, right, bottom) of each picture's ink."""
    ink = np.asarray(levels >= _INK * np.maximum(contrast, 1)[:, None, None])
    across, down = np.asarray(ink.any(axis=1)), np.asarray(ink.any(axis=2))
    edges = (across.argmax(axis=1), down.argmax(axis=1))
    ends = (ink.shape[2] - across[:, ::-1].argmax(axis=1), ink.shape[1] - down[:, ::-1].argmax(axis=1))
    return np.stack([*edges, *ends], axis=1).astype(np.int64)
