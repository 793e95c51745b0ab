"""What a PDF page says is printed on it, glyph by glyph, in the pixels of its rendering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pymupdf
from numpy.typing import NDArray

from detectors.drawing import Drawing
from detectors.pages import MAX_CODE, MAX_GLYPHS, MAX_PICTURES, MAX_PLACE_PX, Pixels, TextLayer
from streams.decode.without_text import others_within, without_text

_LEVEL: Final = 0.001
"""How far the direction of level print may be off, as the sine of its angle."""
_BLANKS: Final = frozenset(map(ord, " \t\r\n\u00a0"))
_IGNORED: Final = 3
"""Text that is not painted."""
_POINTS: Final = 6
"""Numbers of a glyph: its origin and its box."""


def text_layer(
    page: Any,
    trace: Sequence[dict[str, Any]],
    images: list[dict[str, Any]],
    dpi: float,
    drawn: Any,
    place: Any,
    shown: Pixels,
) -> TextLayer | None:
    """The glyphs that stand level on the page as it is shown, where its pictures lie, and what it shows without its
    text: that much, without a glyph, where all print leans or stands on its head. None where that is nothing, or more
    than anyone puts on a page. `trace` is what `get_texttrace` tells of it, `drawn` its display list and `shown` what a
    pixmap of that shows, which lies in `place`.

    Nothing is left out for being hidden, white or clipped: whether a glyph can be seen is for the pixels to say.
    """
    turn = page.rotation_matrix
    codes: list[int] = []
    points: list[tuple[float, ...]] = []
    others: list[tuple[float, ...]] = []
    for span in trace:
        x, y = span["dir"]
        across, down = x * turn.a + y * turn.c, x * turn.b + y * turn.d
        if len(codes) + len(others) + len(span["chars"]) > MAX_GLYPHS:
            return None
        if across <= 0 or abs(down) > _LEVEL or span["wmode"]:
            others += [box for code, _, _, box in span["chars"] if code not in _BLANKS and span["type"] != _IGNORED]
            continue
        codes += [code for code, _, _, _ in span["chars"]]
        points += [(*origin, *box) for _, _, origin, box in span["chars"]]
    if not (codes or others) or len(images) > MAX_PICTURES:
        return None
    to_pixels = turn * pymupdf.Matrix(dpi / 72, dpi / 72)
    told = np.array(points, np.float64).reshape(-1, _POINTS)
    base = _mapped(told[:, :2], to_pixels)[:, 1:]
    places = _bounded(np.concatenate([base, _cells(told[:, 2:], to_pixels)], axis=1))
    pictures = np.array([info["bbox"] for info in images], np.float64).reshape(-1, 4)
    numbers = np.array(codes, np.int64).clip(0, MAX_CODE).astype(np.uint32)
    cells = places[:, 1:].astype(np.float64)
    beside = others_within(_cells(np.array(others, np.float64).reshape(-1, 4), to_pixels), cells)
    if beside is None:
        return None
    bare, over = without_text(drawn, dpi, place, shown, cells)
    if bare is None and not codes:
        return None
    covered = np.flatnonzero(over | beside).astype(np.uint32)
    drawing = None if bare is None else Drawing.of(bare)
    return TextLayer(numbers, places, _bounded(_cells(pictures, to_pixels)), bare=drawing, covered=covered)


def _mapped(points: NDArray[np.float64], matrix: Any) -> NDArray[np.float64]:
    turned: NDArray[np.float64] = points @ np.array([[matrix.a, matrix.b], [matrix.c, matrix.d]])
    moved: NDArray[np.float64] = turned + np.array([matrix.e, matrix.f])
    return moved


def _cells(boxes: NDArray[np.float64], matrix: Any) -> NDArray[np.float64]:
    """Boxes of points as boxes of pixels; quarter turns keep them upright."""
    one, other = _mapped(boxes[:, :2], matrix), _mapped(boxes[:, 2:], matrix)
    return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)


def _bounded(places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Cells further off are drawn in: they are outside any page as well."""
    return np.nan_to_num(places, nan=MAX_PLACE_PX).clip(-MAX_PLACE_PX, MAX_PLACE_PX).astype(np.float32)
