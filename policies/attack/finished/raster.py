"""The pixels that a reader of the finished copy sees, and whether the burned regions in them are solid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box, Quad
from detectors.pages import Pixels
from policies.attack.finished import jpeg

MAX_PIXELS: Final = 200_000_000
"""No page limit lets more than this in; more can only be a decompression bomb."""
LOSSY_BLACK: Final = 16
"""Levels from black that JPEG may add inside a region."""
LOSSY_RIM_BLACK: Final = 40
"""The same in blocks that the region's edge cuts, where a hard edge against white paper rings."""
RIM_PX: Final = 8
"""One JPEG block."""
FLAT: Final = 2
"""Levels between the darkest and the lightest pixel of a block that is burned throughout: coded, black is one level."""
SLACK_PX: Final = 0.05
"""A pixel is asked to be black where the region overlaps it by more than this: rounding of corners, no more."""
PAPER_SIDES_IN: Final = (4.0, 20.0)
"""A short side outside says that the page size is made up; letter is then assumed."""
LETTER_SHORT_SIDE_IN: Final = 8.5

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page of the finished copy: decoded image pixels, and the resolution that its page size implies."""

    pixels: Pixels = field(repr=False)
    dpi: float
    lossy: bool
    luma: jpeg.Table | None = field(default=None, repr=False)
    """By which brightness was divided where the page is a JPEG."""


def paper_dpi(page: FinishedPage) -> float:
    """The page's resolution, or a letter page's where its size is made up."""
    short = min(page.pixels.shape[:2])
    shortest, longest = PAPER_SIDES_IN
    return page.dpi if shortest <= short / max(page.dpi, 1.0) <= longest else short / LETTER_SHORT_SIDE_IN


def finished_page(finished: bytes, page: int, *, quick: bool = False) -> FinishedPage:
    """Decodes the one image of a page, as a viewer does; with `quick` a JPEG by another decoder, in half the time, so
    that two have seen a copy that is read again. Raises RedoubtError(UNREADABLE_PAGE) where it cannot be decoded."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    try:
        with pymupdf.open(stream=finished, filetype="pdf") as document:
            if document.is_repaired or page >= document.page_count:
                raise RedoubtError(Reason.UNREADABLE_PAGE)
            return _decoded(document, page, quick)
    except RedoubtError:
        raise
    except (RuntimeError, ValueError, IndexError) as error:  # what MuPDF raises on broken files
        raise RedoubtError(Reason.UNREADABLE_PAGE) from error
    finally:
        # MuPDF remembers what it decoded, up to 256 MB, also of files that are closed.
        pymupdf.TOOLS.store_shrink(100)


def _decoded(document: pymupdf.Document, page: int, quick: bool) -> FinishedPage:
    loaded = document[page]
    images = loaded.get_images(full=True)
    if len(images) != 1:
        raise RedoubtError(Reason.FORBIDDEN_OBJECT)
    xref, _, width, height, *_ = images[0]
    filters = images[0][8]
    if width * height > MAX_PIXELS:
        raise RedoubtError(Reason.UNREADABLE_PAGE)
    dpi = width / (loaded.mediabox.width / 72.0)
    data = document.xref_stream_raw(xref) if filters == "DCTDecode" else b""
    luma = jpeg.luma_table(data) if data else None
    if quick and data:
        return FinishedPage(_of_jpeg(data, width, height), float(dpi), True, luma)
    pixmap = pymupdf.Pixmap(document, xref)
    if pixmap.alpha or pixmap.n not in (1, 3):
        raise RedoubtError(Reason.FORBIDDEN_OBJECT)
    rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
    pixels = rows[:, : pixmap.width * pixmap.n].reshape(pixmap.height, pixmap.width, pixmap.n)
    plain = pixels[:, :, 0] if pixmap.n == 1 else pixels
    return FinishedPage(np.ascontiguousarray(plain), float(dpi), "DCT" in str(filters), luma)


def _of_jpeg(data: bytes, width: int, height: int) -> Pixels:
    """Gray (height, width) or RGB (height, width, 3), as the data has it."""
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.shape not in ((height, width), (height, width, 3)):
        raise RedoubtError(Reason.UNREADABLE_PAGE)
    return np.asarray(found if found.ndim == 2 else cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)


def coverage(quad: Quad, width_px: int, height_px: int, slack_px: float = SLACK_PX) -> tuple[Box, Mask] | None:
    """The pixels that a region touches, as a mask over a box of the page; None where it lies outside.

    Exact for convex regions by separating axes: the box gives the upright ones, the edges the others.
    """
    bounds = Box(
        *(int(np.floor(min(c) + slack_px)) for c in zip(*quad.corners, strict=True)),
        *(int(np.ceil(max(c) - slack_px)) for c in zip(*quad.corners, strict=True)),
    ).clipped(width_px, height_px)
    if bounds is None:
        return None
    ys, xs = np.arange(bounds.top, bounds.bottom)[:, None], np.arange(bounds.left, bounds.right)[None, :]
    touched = np.ones((bounds.height, bounds.width), np.bool_)
    for (ax, ay), (bx, by) in zip(quad.corners, quad.corners[1:] + quad.corners[:1], strict=True):
        along_x, along_y = bx - ax, by - ay
        if not along_x or not along_y:
            continue
        length = float(np.hypot(along_x, along_y))
        # the pixel's corner that lies farthest inside this edge; inside is to the right on a clockwise walk
        reach = max(-along_y, 0.0) + max(along_x, 0.0)
        touched &= (along_x * (ys - ay) - along_y * (xs - ax) + reach) / length > slack_px
    return bounds, touched


def covered(quads: Iterable[Quad], width_px: int, height_px: int) -> Mask:
    """All burned pixels of a page, shape (height, width)."""
    mask = np.zeros((height_px, width_px), np.bool_)
    for quad in quads:
        if found := coverage(quad, width_px, height_px):
            box, touched = found
            mask[box.top : box.bottom, box.left : box.right] |= touched
    return mask


def share(
    sums: np.ndarray[tuple[int, ...], np.dtype[np.int32]], left: float, top: float, right: float, bottom: float
) -> float:
    """The share of a box that is burned."""
    height, width = sums.shape[0] - 1, sums.shape[1] - 1
    x0, x1 = min(max(round(left), 0), width), min(max(round(right), 0), width)
    y0, y1 = min(max(round(top), 0), height), min(max(round(bottom), 0), height)
    if x0 >= x1 or y0 >= y1:
        return 0.0
    inside = int(sums[y1, x1]) - int(sums[y0, x1]) - int(sums[y1, x0]) + int(sums[y0, x0])
    return inside / ((x1 - x0) * (y1 - y0))


def shares(mask: Mask) -> NDArray[np.float32]:
    """What of each block of eight by eight pixels is set, from 0 to 1; blocks past the edge repeat it."""
    below, right = -mask.shape[0] % RIM_PX, -mask.shape[1] % RIM_PX
    whole = cv2.copyMakeBorder(mask.view(np.uint8), 0, below, 0, right, cv2.BORDER_REPLICATE)
    # Eight pixels of 0 or 1 are one number of eight bytes, and no byte of a sum of eight of these runs over.
    rows = np.asarray(whole).view(np.uint64).reshape(whole.shape[0] // RIM_PX, RIM_PX, -1).sum(axis=1)
    counts = (rows * _OF_EACH_BYTE) >> np.uint64(64 - RIM_PX)
    return np.asarray(counts.astype(np.float32) / np.float32(RIM_PX * RIM_PX), np.float32)


_OF_EACH_BYTE: Final = np.uint64(0x0101010101010101)
"""Times a number of eight bytes, their sum is in the highest."""


def brightest(pixels: Pixels) -> Pixels:
    """Of each pixel the lightest channel; numpy takes twenty times as long."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _even(light: Pixels, burned: NDArray[np.float32]) -> bool:
    """Whether nothing shines through the blocks that are burned throughout."""
    ys, xs = np.nonzero(burned[: light.shape[0] // RIM_PX, : light.shape[1] // RIM_PX] == 1)
    if not len(ys):
        return True
    blocks = np.lib.stride_tricks.sliding_window_view(light, (RIM_PX, RIM_PX))[ys * RIM_PX, xs * RIM_PX]
    return int(np.ptp(blocks.reshape(len(blocks), -1), axis=1).max()) <= FLAT


def _any_light(pixels: Pixels, quad: Quad) -> bool:
    found = coverage(quad, pixels.shape[1], pixels.shape[0])
    if found is None:
        return False
    box, touched = found
    return bool(pixels[box.top : box.bottom, box.left : box.right][touched].any())


def solid(page: FinishedPage, quads: Iterable[Quad]) -> bool:
    """Whether every pixel of every region is black, as far as the page's compression allows to say."""
    height, width = page.pixels.shape[:2]
    if not page.lossy:
        return not any(_any_light(page.pixels, quad) for quad in quads)
    light = brightest(page.pixels)
    burned = covered(quads, width, height)
    if not burned.any():
        return True
    if not _even(light, shares(burned)):
        return False
    if int(light[burned].max()) <= LOSSY_BLACK:
        return True
    core = cv2.erode(burned.astype(np.uint8), np.ones((2 * RIM_PX + 1,) * 2, np.uint8), borderValue=1).astype(np.bool_)
    rim = burned & ~core
    deep = int(light[core].max()) if core.any() else 0
    return deep <= LOSSY_BLACK and int(light[rim].max()) <= LOSSY_RIM_BLACK
