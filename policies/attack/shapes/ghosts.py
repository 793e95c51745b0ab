"""What JPEG smeared of covered ink over the blocks that a box cuts.

Sources: Farid, "Exposing Digital Forgeries from JPEG Ghosts", IEEE TIFS 2009; ITU-T T.81, A.3. Eight by eight samples
are coded as one: a block that was coded once with ink in it keeps that ink's ringing in the part that a box leaves
open, and coding it again, black half and all, does not take it away. A block without ink does not ring. So the open
part may show what coding plain paper beside black gives, and the paper's own grain; both are computed from the
finished copy. Where grain hides the ringing, the lattice still tells: if a page's coefficients were divided before,
the grain beside a box was divided together with what the box covers, and candidates can be tried against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import Pixels
from policies.attack.finished import jpeg
from policies.attack.finished.jpeg import BLOCK, Table
from policies.attack.finished.raster import FinishedPage, Mask, shares
from policies.attack.looks import Look
from policies.attack.report import Residual

HALO: Final = 2
"""Pixels about ink that are its own soft edge."""
INK_SHARE: Final = 0.2
"""Of the contrast between paper and ink: what is darker is a neighbour's ink, and tells nothing of what is covered."""
LEAST_CONTRAST: Final = 80.0
DARKEST: Final = 0.5
"""Percentile of the page's open pixels that is its ink."""
LEAST_PIXELS: Final = 12
"""Fewer open pixels of plain paper in a block tell nothing."""
SAMPLED: Final = 8
"""Each eighth block of each eighth row tells how even the paper is."""
COMPARED: Final = 3
"""Each third of each third tells whether the page was coded before."""
USUAL: Final = 0.95
LOUDER: Final = 1.6
"""Times the grain of nineteen in twenty blocks of plain paper."""
LEAST_LEVELS: Final = 2.0
"""Root mean square, in gray levels: less is the rounding of two codings."""
LEAST_BLOCKS: Final = 4
LEAST_SHARE: Final = 0.12
"""Of the blocks that a box cuts. Dirt and a fold make one or two ring; a name rings all along its box."""

Places = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns of blocks."""
_HELD: Final = slice(HALO, HALO + BLOCK)


def residuals(page: FinishedPage, burned: Sequence[Quad], black: Mask, look: Look) -> list[Residual]:
    """The open part of the blocks about each box beside which a ghost stands; `black` are the pixels of `burned`.

    Of the lattice only the first look at a page asks: what it brings back is burned, and the blocks that boxes cut from
    then on never held what was covered.
    """
    found = []
    for quad in ghosts(page, burned, black, lattice=look.near is None):
        box = quad.bounds
        left, top = box.left // BLOCK * BLOCK, box.top // BLOCK * BLOCK
        right, bottom = -(-box.right // BLOCK) * BLOCK, -(-box.bottom // BLOCK) * BLOCK
        rims = (
            (left, top, right, box.top),
            (left, box.bottom, right, bottom),
            (left, top, box.left, bottom),
            (box.right, top, right, bottom),
        )
        found += [Quad.of(Box(*rim)) for rim in rims if rim[0] < rim[2] and rim[1] < rim[3]]
    return [Residual(look.page, Kind.INK, quad, Reason.RESIDUAL_FINDING, False) for quad in found]


def ghosts(page: FinishedPage, burned: Sequence[Quad], black: Mask, *, lattice: bool = True) -> tuple[Quad, ...]:
    """The boxes beside which something of what they cover can still be told."""
    grid = _Grid.of(page, black)
    at = _places((grid.share > 0) & (grid.share < 1) & _under(burned, grid.share.shape))
    if not at[0].size:
        return ()
    apart, told = np.zeros(grid.share.shape, np.float32), np.zeros(grid.share.shape, np.bool_)
    apart[at], told[at] = _apart(grid, at)
    found = _haunted(burned, apart, told, LEAST_LEVELS)
    if any(found) and not (lattice and _coded_before(grid)):
        found = _haunted(burned, apart, told, max(LOUDER * _grain(grid), LEAST_LEVELS))
    return tuple(quad for quad, haunted in zip(burned, found, strict=True) if haunted)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A page in whole blocks, with a halo around it; `share` is what of each block is burned, from 0 to 1, `darkest`
    the level of its ink."""

    gray: Pixels = field(repr=False)
    burned: Mask = field(repr=False)
    share: NDArray[np.float32] = field(repr=False)
    darkest: float
    luma: Table | None = field(repr=False)

    @classmethod
    def of(cls, page: FinishedPage, burned: Mask) -> Self:
        pixels = page.pixels
        gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        height, width = gray.shape
        sides = (HALO, -height % BLOCK + HALO, HALO, -width % BLOCK + HALO)
        wide = np.asarray(cv2.copyMakeBorder(gray, *sides, cv2.BORDER_REPLICATE), np.uint8)
        mask = np.asarray(cv2.copyMakeBorder(burned.view(np.uint8), *sides, cv2.BORDER_REPLICATE), np.uint8)
        some = gray[::SAMPLED, ::SAMPLED][~burned[::SAMPLED, ::SAMPLED]]
        darkest = float(np.percentile(some, DARKEST)) if some.size else 0.0
        return cls(wide, mask.view(np.bool_), shares(burned), darkest, page.luma)

    def windows(self, plane: NDArray[Any], at: Places) -> NDArray[Any]:
        """The blocks that begin there, each with its halo, shape (n, 12, 12)."""
        side = BLOCK + 2 * HALO
        return np.lib.stride_tricks.sliding_window_view(plane, (side, side))[at[0] * BLOCK, at[1] * BLOCK]

    def open(self, each: int) -> Places:
        """Each such block of each such row that no box touches."""
        rows, columns = self.share.shape
        ys, xs = (found.ravel() for found in np.mgrid[0:rows:each, 0:columns:each])
        free = self.share[ys, xs] == 0
        return ys[free], xs[free]


def _under(burned: Sequence[Quad], shape: tuple[int, ...]) -> Mask:
    """The blocks that these boxes touch."""
    found = np.zeros(shape, np.bool_)
    for quad in burned:
        found[_area(quad.bounds)] = True
    return found


def _area(box: Box) -> tuple[slice, slice]:
    """The blocks that a box touches."""
    top, left = max(box.top // BLOCK, 0), max(box.left // BLOCK, 0)
    return slice(top, max(-(-box.bottom // BLOCK), 0)), slice(left, max(-(-box.right // BLOCK), 0))


def _places(where: Mask) -> Places:
    rows, columns = np.nonzero(where)
    return rows, columns


def _grain(grid: _Grid) -> float:
    """What the paper of this page is from even, where nothing is near."""
    apart, told = _apart(grid, grid.open(SAMPLED))
    return float(np.quantile(apart[told], USUAL)) if told.any() else 0.0


def _coded_before(grid: _Grid) -> bool:
    return jpeg.coded_before(grid.windows(grid.gray, grid.open(COMPARED))[:, _HELD, _HELD], grid.luma)


def _apart(grid: _Grid, at: Places) -> tuple[NDArray[np.float32], Mask]:
    """How far the open paper of each block is from plain paper coded beside what is black there: root mean square, in
    gray levels; and whether there is enough of it."""
    seen, black = grid.windows(grid.gray, at).astype(np.float32), grid.windows(grid.burned, at)
    paper = np.where(black, 0, seen).max(axis=(1, 2), initial=0)[:, None, None]
    ink = ~black & (seen < paper - INK_SHARE * np.maximum(paper - grid.darkest, LEAST_CONTRAST))
    bare = ~(black[:, _HELD, _HELD] | _near(ink))
    seen, black, ink = seen[:, _HELD, _HELD], black[:, _HELD, _HELD], ink[:, _HELD, _HELD]
    count = bare.sum(axis=(1, 2))
    number = np.maximum(count, 1)[:, None, None]
    level = np.where(bare, seen, 0).sum(axis=(1, 2), keepdims=True) / number
    off = seen - jpeg.coded(np.where(black, 0, np.where(ink, seen, level)), grid.luma)
    off -= np.where(bare, off, 0).sum(axis=(1, 2), keepdims=True) / number
    spread = np.where(bare, off * off, 0).sum(axis=(1, 2)) / number[:, 0, 0]
    return np.sqrt(spread).astype(np.float32), count >= LEAST_PIXELS


def _near(ink: Mask) -> Mask:
    """Where ink stands within the halo, shape (n, 8, 8) of (n, 12, 12)."""
    reach = range(2 * HALO + 1)
    rows = np.logical_or.reduce([ink[:, down : down + BLOCK] for down in reach])
    return np.asarray(np.logical_or.reduce([rows[:, :, across : across + BLOCK] for across in reach]))


def _haunted(burned: Sequence[Quad], apart: NDArray[np.float32], told: Mask, limit: float) -> list[bool]:
    """For each box whether enough of the blocks that its edges cut are further apart than that."""
    found = []
    for quad in burned:
        area = _area(quad.bounds)
        loud = int((told[area] & (apart[area] > limit)).sum())
        found.append(loud >= max(LEAST_BLOCKS, LEAST_SHARE * int(told[area].sum())))
    return found
