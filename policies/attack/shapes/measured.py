"""What shows on a finished page without its being read: ghosts, cut letters, and widths that give a name away.

At depth `structure` nothing else looks at the pixels beside the boxes. Which words stand there is known on pages whose
own text was proven, glyph by glyph; on all others the attacker's own reading says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from detectors.geometry import Box, Quad, overlaps, sides_of
from detectors.pages import PageReading
from policies.attack.finished.raster import FinishedPage, Mask
from policies.attack.looks import Band, Look, beside
from policies.attack.readings.blanks import Piece, laid_out, with_blanks
from policies.attack.report import Residual, Secret
from policies.attack.shapes import cuts, ghosts, widths

TOUCHED: Final = 0.02
"""Of a word's box: one that a region takes more of was meant to burn, and what is left of it explains nothing."""


def residuals(
    raster: FinishedPage,
    burned: Sequence[Quad],
    black: Mask,
    rows: Sequence[Band],
    reading: PageReading,
    secrets: Sequence[Secret],
    look: Look,
) -> list[Residual]:
    """`black` are the pixels of the `burned` regions, `rows` those that are looked at, `reading` what stands there."""
    found = ghosts.residuals(raster, beside(burned, rows), black, look)
    found += cuts.residuals(raster, burned, black, rows, reading, look)
    found += widths.residuals(raster, reading, secrets, look.page)
    return found


def standing(raster: FinishedPage, proven: PageReading, burned: Sequence[Quad], black: Mask) -> PageReading:
    """A page's proven words without those that a region touches, and a blank for each region."""
    height, width = raster.pixels.shape[:2]
    bounds = [word.region.bounds for word in proven.words]
    near = overlaps(sides_of(bounds), sides_of([quad.bounds for quad in burned])).max(axis=1, initial=0).tolist()
    pieces = [
        Piece(word.text, word.confidence, word.region, float(word.line))
        for word, box, met in zip(proven.words, bounds, near, strict=True)
        if not met or _taken(box.clipped(width, height), black) <= TOUCHED
    ]
    return laid_out(with_blanks(pieces, burned), (width, height), raster.dpi, proven.engine)


def _taken(box: Box | None, black: Mask) -> float:
    """The share of a box that is burned."""
    return float(black[box.top : box.bottom, box.left : box.right].mean()) if box else 0.0
