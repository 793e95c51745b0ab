"""Burning: solid black pixels in a new raster. Coverage only ever grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box, Quad, overlaps, sides_of
from detectors.levels import level_at
from detectors.pages import PageRaster, PageReading, Pixels
from policies.decisions import Action, Decision
from policies.masking.boxes import shaped
from policies.masking.edges import cut
from policies.masking.enclosed import enclosed

Mask = NDArray[np.bool_]

LUMA_BLOCK_PX: Final = 8
CHROMA_BLOCK_PX: Final = 16
"""ITU-T T.81: a block of samples is coded as one, so ink inside a region rings through all of the block; with the
usual 4:2:0 subsampling a block of colour spans 16 pixels."""
RINGING: Final = 0.3
"""Share of the contrast between paper and ink that ringing and noise stay under; what is darker is somebody's ink."""
MIN_CONTRAST: Final = 80
"""Gray levels between paper and ink taken for granted where a page holds too little ink to tell."""
DARKEST: Final = 0.5
"""Percentile of a page's levels that is its ink; a few pixels may be darker."""
MOSTLY_INK: Final = 0.6
"""Where more of a block's rest is dark, that is no neighbour's stroke but a dark ground, and it is burned."""
COVERED: Final = 0.5
"""A word of which burned regions cover this share of its box is not kept readable."""
SLACK: Final = 1e-6


def regions(reading: PageReading, decisions: Sequence[Decision], page: PageRaster) -> tuple[Quad, ...]:
    """The boxes to burn on one page, quantised and merged; `decisions` are those of this page.

    Boxes stop at words that stay. Everything that the decisions act upon lies inside the boxes.
    Raises RedoubtError(MASKER_FAILED) where the reading is of another page.
    """
    if (reading.width_px, reading.height_px) != (page.width, page.height):
        raise RedoubtError(Reason.MASKER_FAILED)
    acted = [d.finding for d in decisions if d.action is not Action.KEEP]
    burned = [quad for finding in acted for quad in finding.regions]
    named = {index for finding in acted for index in finding.words}
    burned += [reading.words[index].region for index in sorted(named)]
    if not burned:
        return ()
    words = [word.region for word in reading.words]
    written = [quad for finding in acted if finding.kind is Kind.HANDWRITING for quad in finding.regions]
    burned += cut(page.pixels, list(dict.fromkeys([*(words[index] for index in sorted(named)), *written])))
    burned += enclosed(page.pixels, burned, words)
    others = [word.region for index, word in enumerate(reading.words) if index not in named]
    hidden = _hidden([quad.bounds for quad in others], [quad.bounds for quad in burned])
    kept = [quad for quad, gone in zip(others, hidden, strict=True) if not gone]
    return shaped(tuple(dict.fromkeys(burned)), kept, words)


def merged(regions: Sequence[Quad], page: PageRaster) -> tuple[Quad, ...]:
    """The same for regions that no reading explains; those that lie outside the page are left out."""
    inside = (quad for quad in regions if quad.bounds.clipped(page.width, page.height))
    return shaped(tuple(dict.fromkeys(inside)), ())


def burn(page: PageRaster, regions: Sequence[Quad]) -> PageRaster:
    """A new raster in which every pixel that a region touches is 0.

    Where the source pixels came out of a JPEG, what the ink inside smeared over the rest of its blocks goes too: that
    rest becomes plain paper, but for a neighbour's ink, and is burned where it is dark ground. Burning all of it
    would hide no more, and at 80 dpi would take a tenth of the words that stay.
    """
    pixels = page.pixels.copy()
    if page.lossy and not page.bilevel and regions:
        mask = covered(regions, page.width, page.height)
        if mask.any():
            pixels[_without_ringing(pixels, mask)] = 0
    else:
        for box, touched in _each(regions, page.width, page.height):
            pixels[box.top : box.bottom, box.left : box.right][touched] = 0
    return PageRaster(pixels, page.dpi, page.bilevel, page.lossy)


def covered(regions: Sequence[Quad], width_px: int, height_px: int) -> Mask:
    """All pixels whose square a region touches, shape (height, width)."""
    mask = np.zeros((height_px, width_px), np.bool_)
    for box, touched in _each(regions, width_px, height_px):
        mask[box.top : box.bottom, box.left : box.right] |= touched
    return mask


def _each(regions: Sequence[Quad], width_px: int, height_px: int) -> Iterator[tuple[Box, Mask]]:
    """Of each region that lies on the page the box around it, and which of its pixels it touches."""
    for quad in regions:
        box = quad.bounds.clipped(width_px, height_px)
        if box is not None:
            yield box, _touched(quad, box)


def _touched(quad: Quad, box: Box) -> Mask:
    """Exact for convex regions, by separating axes: the bounds give the upright ones, the edges the others."""
    touched = np.ones((box.height, box.width), np.bool_)
    xs = np.arange(box.left, box.right, dtype=np.float64)[None, :]
    ys = np.arange(box.top, box.bottom, dtype=np.float64)[:, None]
    for (ax, ay), (bx, by) in zip(quad.corners, quad.corners[1:] + quad.corners[:1], strict=True):
        along_x, along_y = bx - ax, by - ay
        if along_x and along_y:
            # from the corner of the pixel that lies farthest inside; inside is to the right, walking clockwise
            reach = max(-along_y, 0.0) + max(along_x, 0.0)
            touched &= along_x * (ys - ay) + reach + SLACK > along_y * (xs - ax)
    return touched


def _hidden(words: Sequence[Box], burned: Sequence[Box]) -> list[bool]:
    """For each word whether one burned box alone takes it."""
    places = sides_of(words)
    areas = (places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1])
    taken = overlaps(places, sides_of(burned)).max(axis=1, initial=0) >= COVERED * areas
    return [bool(gone) for gone in taken]


def _without_ringing(pixels: Pixels, mask: Mask) -> Mask:
    """Cleans the rest of the blocks that the mask cuts, in place; returns the mask, grown where they are dark."""
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    if pixels.ndim == 3:
        colourless = _pixels_of(_share(mask, CHROMA_BLOCK_PX) > 0, CHROMA_BLOCK_PX, mask.shape) & ~mask
        pixels[colourless] = gray[colourless][:, None]
    burned = _share(mask, LUMA_BLOCK_PX)
    # What follows is of the blocks that the mask cuts alone, a tenth of the page.
    down, across = np.nonzero((burned > 0) & (burned < 1))
    at = down, across
    paper = _paper(gray, mask, burned)[at][:, None, None]
    darkest = min(level_at(gray[::3, ::3], DARKEST), level_at(gray[mask], DARKEST))
    rest = ~_blocks(mask, at, 1).astype(np.bool_)
    ink = rest & (_blocks(gray, at, 0) < paper - RINGING * np.maximum(paper - darkest, MIN_CONTRAST))
    spared = ink.sum(axis=(1, 2)) <= MOSTLY_INK * rest.sum(axis=(1, 2))
    number, *within = np.nonzero(rest & ~ink & spared[:, None, None])
    rows, columns = (place[number] * LUMA_BLOCK_PX + inside for place, inside in zip(at, within, strict=True))
    plain = paper[number, 0, 0].astype(np.uint8)
    pixels[rows, columns] = plain if pixels.ndim == 2 else plain[:, None]
    grown = mask.copy()
    for row, column in zip(*(places[~spared] * LUMA_BLOCK_PX for places in at), strict=True):
        grown[row : row + LUMA_BLOCK_PX, column : column + LUMA_BLOCK_PX] = True
    return grown


def _blocks(plane: Pixels | Mask, at: tuple[NDArray[np.intp], NDArray[np.intp]], beyond: int) -> Pixels:
    """These blocks of the grid, shape (n, 8, 8), with `beyond` past the page's edge."""
    block, (height, width) = LUMA_BLOCK_PX, plane.shape
    padded = cv2.copyMakeBorder(
        plane.view(np.uint8), 0, -height % block, 0, -width % block, cv2.BORDER_CONSTANT, value=float(beyond)
    )
    grid = padded.reshape(padded.shape[0] // block, block, -1, block)
    return np.asarray(grid[at[0], :, at[1]], np.uint8)


def _paper(gray: Pixels, mask: Mask, burned: NDArray[np.float32]) -> NDArray[np.float32]:
    """The level of the paper around each block: the lightest mean of a block nearby that no burned pixel touches.

    A block that one does touch holds what the ink inside smeared over it, and so would a level taken from it: only
    where there is no other block, the rest of it must do. `burned` is the share of each block that the mask takes.
    """
    bare = np.multiply(gray, ~mask, dtype=np.uint8)
    light = _means(bare, LUMA_BLOCK_PX)
    rest = np.where(burned < 0.9, light / np.maximum(1 - burned, 0.1), 0).astype(np.float32)
    near = np.ones((7, 7), np.uint8)
    clean = cv2.dilate(np.where(burned == 0, rest, 0).astype(np.float32), near)
    return np.asarray(np.where(clean > 0, clean, cv2.dilate(rest, near)), np.float32)


def _means(values: Pixels, block: int) -> NDArray[np.float32]:
    """The mean of each block of the grid that starts at the top left; past the page's edge counts as 0."""
    height, width = values.shape
    padded = cv2.copyMakeBorder(values, 0, -height % block, 0, -width % block, cv2.BORDER_CONSTANT, value=0)
    size = (padded.shape[1] // block, padded.shape[0] // block)
    # So many times as much has whole numbers for its means, and those are had faster than others.
    times = block * block
    means = cv2.resize(padded.astype(np.uint16) * np.uint16(times), size, interpolation=cv2.INTER_AREA)
    return np.asarray(means, np.float32) / np.float32(times)


def _share(mask: Mask, block: int) -> NDArray[np.float32]:
    return _means(mask.view(np.uint8), block)


def _pixels_of(blocks: NDArray[np.bool_], block: int, shape: tuple[int, ...]) -> Mask:
    """The pixels of these blocks, of the page's shape."""
    return blocks.repeat(block, axis=0).repeat(block, axis=1)[: shape[0], : shape[1]]
