"""What letters look like: a glyph that is like its letter in a common face, and like no other, needs no engine.

The table holds the letters of free faces (`draw_shapes`), each brought to one size and place. A glyph has to be nearer
to its letter there than to any other, by `MARGIN`, and none of its strokes may lie off those of that letter, or be
missing, by more than a tenth of its size: a bar or a gap that makes another letter of it is wider. Nothing is
remembered of a document, so that the same page is always proven by the same words.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

TABLE: Final = Path(__file__).parent / "shapes.npz"
SIDE: Final = 20
"""Pixels of a square that a shape is brought to."""
MARGIN: Final = 0.6
"""Share of the distance to the nearest other letter that the distance to its own may be. Of 8,003 kinds of glyphs on 37
pages, in eight families of which five are not in the table, .93 were proven; told to be each of the 82 other letters,
9 of 656,246 were: l as 1, ø as Ø, i as I, 0 as O and 5 as s, which no shape tells in every face."""
FARTHEST: Final = 0.06
"""Squared distance from its own letter, of 4 at most; the median of those kinds has .004."""
ONE_SHAPE: Final = 0.004
"""Squared distance of one letter drawn at two sizes; in one face no other letters come so near but I and 1."""
STRAY: Final = 0.35
"""Share of full ink that may lie further than a pixel of the square from all ink of the other."""
STROKE_FROM: Final = (0.35, 0.5, 0.65)
"""Shares of full ink from which a shape of the table shows a stroke: so coarse, some are merged at one and not at
another."""
MOST_CROSSED: Final = 5
"""Strokes that a straight line through a sign crosses that is not in the table, as more than one letter in a cell."""
FAINT: Final = 0.1
"""Share of a glyph's ink from which other print in its cell is seen."""
SERIF_PX: Final = 2
"""Rows in which serifs and notches of some face add strokes that the coarser table does not show; print is higher."""
LEVELS: Final = 15
_SPREAD: Final = 0.21
"""Of the square's side, the standard deviation of a shape's ink."""
_WAVES: Final = 8
_SOFT: Final = 1.0
"""A Gaussian of a pixel, laid on the waves that are compared."""
_EDGE: Final = 4
_TWINS: Final = (
    *("OoQ", "Il|!¡ı", "cC", "sS", "vV", "wW", "xX", "zZ", "kK", "uU", "pP", "øØ"),
    *(",'`", "-_", "({[", ")}]"),
)
"""Letters that are told apart by their size or not at all, and signs that say the same. No digit is among them."""
_ROUND: Final = ("0", "O")
"""The zero of one face is the O of another: each has to look like itself, but not to be nearer to it than to the other.
No engine is held to that either (`detectors.reading.text_layer.proof.agrees`)."""

Shapes = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Shapes in the order of their letters: `shapes` (n, SIDE, SIDE), `waves` (n, 64); and where each letter starts."""

    shapes: Shapes = field(repr=False)
    waves: Shapes = field(repr=False)
    letters: dict[str, int] = field(repr=False)
    starts: NDArray[np.int64] = field(repr=False)
    crossed: NDArray[np.int64] = field(repr=False)
    """Most strokes of each letter that a level and an upright line cross, shape (letters, 2)."""


def overfull(pictures: Shapes, text: str) -> NDArray[np.bool_]:
    """Whether more strokes lie side by side in pictures (n, height, width), ink from 0 to 1, than in the letter that
    they are said to be, in any face: print within a letter's cell, dark or light, is too thin to be seen in its shape.
    """
    table = _table()
    place = table.letters.get(letter(text))
    most = np.full(2, MOST_CROSSED) if place is None else table.crossed[place]
    found = np.zeros(len(pictures), np.bool_)
    for least in (FAINT, 0.5):
        found |= (_crossed(pictures >= least, SERIF_PX + 1) > most).any(axis=1)
    return found


def _crossed(ink: NDArray[np.bool_], lines: int = 1) -> NDArray[np.int64]:
    """How many strokes of masks (n, height, width) that many rows, and columns, cross at least, shape (n, 2)."""
    across = (ink[:, :, 1:] & ~ink[:, :, :-1]).sum(axis=2) + ink[:, :, 0]
    down = (ink[:, 1:] & ~ink[:, :-1]).sum(axis=1) + ink[:, 0]
    found = [np.sort(counts, axis=1)[:, -min(lines, counts.shape[1])] for counts in (across, down)]
    return np.stack(found, axis=1).astype(np.int64)


def alike(pictures: Sequence[Shapes], texts: Sequence[str]) -> tuple[NDArray[np.bool_], list[int]]:
    """Whether each picture, its ink from 0 to 1, looks like the one letter that it is said to be; and for each of the
    others the first that has its shape and is said to be the same, or itself."""
    table = _table()
    found = np.zeros(len(pictures), np.bool_)
    firsts = list(range(len(pictures)))
    places = [table.letters.get(letter(text), -1) for text in texts]
    told = [index for index, place in enumerate(places) if place >= 0]
    shapes = _normal([pictures[index] for index in told])
    kept = [(index, shape) for index, shape in zip(told, shapes, strict=True) if shape is not None]
    if not kept:
        return found, firsts
    chosen = np.array([index for index, _ in kept])
    ours = np.stack([shape for _, shape in kept])
    own = np.array([places[index] for index, _ in kept])
    vectors = waves(ours)
    near = vectors @ table.waves.T
    nearest = 2 - 2 * np.maximum.reduceat(near, table.starts, axis=1)
    rows = np.arange(len(own))
    apart = nearest[rows, own]
    nearest[rows, own] = np.inf
    for one, other in (_ROUND, _ROUND[::-1]):
        nearest[own == table.letters[one], table.letters[other]] = np.inf
    like = (apart <= FARTHEST) & (apart <= MARGIN * nearest.min(axis=1))
    ends = [*table.starts.tolist()[1:], len(table.shapes)]
    likely = np.flatnonzero(like)
    best = [(first := int(table.starts[own[row]])) + int(near[row, first : ends[own[row]]].argmax()) for row in likely]
    like[likely] = _strokes_agree(ours[likely], table.shapes[best])
    found[chosen] = like
    leaders: dict[str, list[int]] = {}
    for row in np.flatnonzero(~like).tolist():
        for leader in leaders.setdefault(texts[chosen[row]], []):
            same = 2 - 2 * float(vectors[row] @ vectors[leader]) <= ONE_SHAPE
            if same and _strokes_agree(ours[[row]], ours[[leader]])[0]:
                firsts[chosen[row]] = int(chosen[leader])
                break
        else:
            leaders[texts[chosen[row]]].append(row)
    return found, firsts


def distances(pictures: Sequence[Shapes], texts: Sequence[str]) -> NDArray[np.float32]:
    """Squared distance, from 0 to 4, of each picture to the nearest form of the letter that it is said to be, in any
    face; NaN where the table has no such letter, or the picture no ink."""
    table = _table()
    found = np.full(len(pictures), np.nan, np.float32)
    known = [index for index, text in enumerate(texts) if letter(text) in table.letters]
    shapes = dict(zip(known, _normal([pictures[index] for index in known]), strict=True))
    told = {index: shape for index, shape in shapes.items() if shape is not None}
    if not told:
        return found
    chosen, vectors = np.array(list(told)), waves(np.stack(list(told.values())))
    own = np.array([table.letters[letter(texts[index])] for index in told])
    ends = np.append(table.starts[1:], len(table.shapes))
    for place in np.unique(own):
        forms = table.waves[table.starts[place] : ends[place]]
        found[chosen[own == place]] = 2 - 2 * (vectors[own == place] @ forms.T).max(axis=1)
    return found


def letter(text: str) -> str:
    """What a glyph's text is compared as: letters without accents, those that differ by their size as one."""
    return _plain(text) if len(text) == 1 else ""


@lru_cache(maxsize=1024)
def _plain(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)[0]
    return next((twins[0] for twins in _TWINS if plain in twins), plain)


def normal(ink: Shapes) -> Shapes | None:
    """A picture (height, width) of ink from 0 to 1, moved and scaled by its own mass; None where there is none."""
    return _normal([ink])[0]


def _normal(pictures: Sequence[Shapes]) -> list[Shapes | None]:
    """The same of each; those of one size are measured together."""
    found: list[Shapes | None] = [None] * len(pictures)
    sizes: dict[tuple[int, ...], list[int]] = {}
    for number, picture in enumerate(pictures):
        sizes.setdefault(picture.shape, []).append(number)
    for (height, width), members in sizes.items():
        stack = np.stack([pictures[number] for number in members])
        # Mass, its moment, and the second one, along either side.
        across = (stack.sum(axis=1, dtype=np.float64) @ _moments(width)).tolist()
        down = (stack.sum(axis=2, dtype=np.float64) @ _moments(height)).tolist()
        for number, (mass, x, xx), (_, y, yy) in zip(members, across, down, strict=True):
            if mass > 0.5:
                found[number] = _moved(pictures[number], mass, (x, y), xx + yy)
    return found


def _moved(ink: Shapes, mass: float, moments: tuple[float, float], second: float) -> Shapes:
    x, y = moments[0] / mass, moments[1] / mass
    spread = math.sqrt(max(second / mass - x * x - y * y, 0.0))
    scale = SIDE * _SPREAD / (spread + 0.3)
    middle = (SIDE - 1) / 2
    move = np.array([[scale, 0, middle - x * scale], [0, scale, middle - y * scale]], np.float32)
    if scale < 0.7:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.35 / scale), np.float32)
    return np.asarray(cv2.warpAffine(ink, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR), np.float32)


@lru_cache(maxsize=256)
def _moments(side: int) -> NDArray[np.float64]:
    at = np.arange(side, dtype=np.float64)
    return np.stack([np.ones(side), at, at * at], axis=1)


def waves(shapes: Shapes) -> Shapes:
    """The long waves of shapes (n, SIDE, SIDE), as vectors (n, 64) of length 1."""
    found = (_BASIS @ shapes @ _BASIS.T).reshape(len(shapes), -1)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _basis() -> Shapes:
    """Cosines over the square, the shorter ones the less."""
    wave, place = np.arange(_WAVES)[:, None], np.arange(SIDE)[None, :] + 0.5
    height = np.exp(-((np.pi * wave / SIDE * _SOFT) ** 2) / 2) * np.where(wave, 1.0, math.sqrt(0.5))
    return np.asarray(np.cos(np.pi * wave * place / SIDE) * height, np.float32)


_BASIS: Final = _basis()


def _strokes_agree(ones: Shapes, others: Shapes) -> NDArray[np.bool_]:
    """Of pairs of shapes (n, SIDE, SIDE), whether no stroke of either lies where the other has none."""
    found = np.ones(len(ones), np.bool_)
    pair = [shapes / np.maximum(shapes.max(axis=(1, 2), initial=0), 0.1)[:, None, None] for shapes in (ones, others)]
    for a, b in (pair, pair[::-1]):
        found &= (a - _widened(b)).max(axis=(1, 2), initial=0) <= STRAY
    return found


def _widened(shapes: Shapes) -> Shapes:
    """At each pixel the most of it and its four neighbours."""
    found = shapes.copy()
    for here, there in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[:, :, 1:], np.s_[:, :, :-1])):
        np.maximum(found[here], shapes[there], out=found[here])
        np.maximum(found[there], shapes[here], out=found[there])
    return found


@lru_cache(maxsize=1)
def _table() -> _Table:
    with np.load(TABLE) as stored:
        codes, packed = stored["codes"], stored["shapes"]
    shapes = packed.astype(np.float32) / LEVELS
    names = np.array([letter(chr(code)) for code in codes.tolist()])
    order = np.argsort(names, kind="stable")
    letters, starts = np.unique(names[order], return_index=True)
    crossed = np.max([_crossed(shapes[order] >= least) for least in STROKE_FROM], axis=0)
    return _Table(
        shapes[order],
        waves(shapes[order]),
        {name: index for index, name in enumerate(letters.tolist())},
        starts.astype(np.int64),
        np.maximum.reduceat(crossed, starts, axis=0),
    )
