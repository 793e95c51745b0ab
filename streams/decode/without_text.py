"""What a PDF page shows without its text objects: all ink that no glyph of its text layer makes.

MuPDF draws the page a second time and leaves text out, then sets the text on that. Where this is not the page, ink lies
over letters, or shows through them alone. Text that clips, or is filled with a pattern, paints no letters of its own
and stays: so do the paths of a coloured Type 3 glyph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pymupdf
from numpy.typing import NDArray

from detectors.pages import Pixels
from streams.decode.rasters import bands

OVER: Final = 8
"""Levels by which the page may differ from its text on the rest of it: rounding makes one or two of them."""
LOW_PX: Final = 3
"""Rows of a cell that differ where a ruling runs over letters; no print is so low."""
LEAST_PX: Final = 3
WHITE, COLOURED = 255, 3
"""A level, and the dimensions of pixels in colour."""
OTHERS_SHARE: Final = 0.25
"""Share of a glyph that is told nowhere, as one that leans, from which it lies in a told one's cell."""
MOST_PAIRS: Final = 16_000_000
"""Of glyphs that are told and such; nobody prints so many that lean among as many that do not."""
_TEXT: Final = ("fill_text", "stroke_text")
_REST: Final = (
    *("fill_path", "stroke_path", "fill_shade", "fill_image", "fill_image_mask"),
    *("begin_tile", "end_tile"),
)
"""Of text in a pattern a layer tells the first tile alone: only that is set."""
_ROWS: Final = 256

Cells = NDArray[np.float64]
"""Boxes (left, top, right, bottom) of shape (n, 4), in pixels of the rendering."""


def without_text(
    drawn: Any, dpi: float, place: Any, shown: Pixels, cells: Cells
) -> tuple[Pixels | None, NDArray[np.bool_]]:
    """The page without its text, of the shape of `shown`, None where that is white paper; and in which cells something
    shows that is not the text on the rest of the page. What shows only together with text, as through letters that
    mask it, counts as the rest.

    `drawn` is the page's display list, `shown` what a pixmap of it shows that lies in `place`: without colour the page
    is drawn in gray, which takes a third of the time.
    """
    pixmap = _paper(place, coloured=shown.ndim == COLOURED)
    _draw(drawn, dpi, _TEXT, pixmap)
    bare = None if _samples(pixmap).min() == WHITE else _samples(pixmap).copy()
    # The text comes onto the same pixmap.
    _draw(drawn, dpi, _REST, pixmap)
    unlike = _unlike(shown, _samples(pixmap))
    if unlike:
        bare = np.full_like(shown, WHITE) if bare is None else bare
        for row, there in unlike.items():
            bare[row, there] = shown[row, there]
    return bare, _holding(unlike, cells)


def others_within(others: Cells, cells: Cells) -> NDArray[np.bool_] | None:
    """In which cells some of the other glyphs lie; None where there are too many of both."""
    found = np.zeros(len(cells), np.bool_)
    if len(others) * len(cells) > MOST_PAIRS:
        return None
    for begin in range(0, len(others), _ROWS):
        some = others[begin : begin + _ROWS, None]
        wide, high = (
            (np.minimum(some[..., side + 2], cells[:, side + 2]) - np.maximum(some[..., side], cells[:, side])).clip(0)
            for side in (0, 1)
        )
        area = ((some[..., 2] - some[..., 0]) * (some[..., 3] - some[..., 1])).clip(1e-6)
        found |= (wide * high >= OTHERS_SHARE * area).any(axis=0)
    return found


def _paper(place: Any, *, coloured: bool) -> Any:
    """A white pixmap in that place."""
    mupdf = pymupdf.mupdf
    space = mupdf.fz_device_rgb() if coloured else mupdf.fz_device_gray()
    pixmap = mupdf.fz_new_pixmap_with_bbox(space, mupdf.FzIrect(*place), mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, WHITE)
    return pymupdf.Pixmap("raw", pixmap)


def _draw(drawn: Any, dpi: float, left_out: Iterable[str], pixmap: Any) -> None:
    """Draws the page onto the pixmap, but for what a device is asked for by these names."""
    mupdf = pymupdf.mupdf
    device = mupdf.fz_new_draw_device(mupdf.FzMatrix(dpi / 72, 0, 0, dpi / 72, 0, 0), pixmap.this)
    for name in left_out:
        # MuPDF passes by what a device does not know how to draw.
        setattr(device.m_internal, name, None)
    everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    mupdf.fz_run_display_list(drawn.this, device, mupdf.FzMatrix(), everywhere, mupdf.FzCookie())
    mupdf.fz_close_device(device)


def _samples(pixmap: Any) -> Pixels:
    """The pixmap's own, of shape (height, width) in gray or (height, width, 3), as long as it lives."""
    found = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.width, pixmap.n)
    return found if pixmap.n == COLOURED else found[..., 0]


def _unlike(one: Pixels, other: Pixels) -> dict[int, NDArray[np.bool_]]:
    """By row, at which pixels the two differ by more than rounding; rows that do nowhere are left out."""
    found = {}
    differ = [
        rows.start + int(row)
        for rows in bands(len(one))
        if (parts := one[rows] != other[rows]).any()
        for row in np.flatnonzero(parts.reshape(len(parts), -1).any(axis=1))
    ]
    for row in differ:
        apart = np.maximum(one[row], other[row]) - np.minimum(one[row], other[row])
        if (far := (apart > OVER).reshape(one.shape[1], -1).any(axis=1)).any():
            found[row] = far
    return found


def _holding(unlike: dict[int, NDArray[np.bool_]], cells: Cells) -> NDArray[np.bool_]:
    """Which cells hold more of it than a ruling makes."""
    found = np.zeros(len(cells), np.bool_)
    if not unlike:
        return found
    rows = np.array(list(unlike))
    counts = np.cumsum(np.pad(np.stack(list(unlike.values())), ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    left, right = (np.rint(cells[:, side]).astype(np.int64).clip(0, counts.shape[1] - 1) for side in (0, 2))
    for index in np.flatnonzero((cells[:, 1] <= rows[-1]) & (cells[:, 3] >= rows[0])).tolist():
        some = np.searchsorted(rows, (cells[index, 1], cells[index, 3]))
        held = counts[some[0] : some[1], right[index]] - counts[some[0] : some[1], left[index]]
        found[index] = np.count_nonzero(held) > LOW_PX and int(held.sum()) > LEAST_PX
    return found
