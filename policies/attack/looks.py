"""Where the attacker looks: at every page whole, and after that only where the copy reads differently than before.

Why lines near the change suffice: the pixels that the masker is given are the same in every round, so that outside
the newly burned regions, and the JPEG blocks they touch, the new file shows what the file before showed. There the
attacker has read every line whole, in its context, and found nothing, or its finding is one of the regions looked at
again. A new box can change how its own line is taken apart, and its neighbours'; it cannot change a line further off.
What a finding teaches is looked for on the rest of its page when it is made (`reread_page`), and in the product's own
reading of every page before the next round. The check of the structure covers the whole of the file that stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from detectors.geometry import Box, Quad
from detectors.pages import PageReading
from policies.attack.report import Claim, Depth, Residual

MARGIN_IN: Final = 0.3
"""Two lines of usual print on either side: the region's own line is seen whole where the page leans by two degrees."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page to attack, counted from 0: all of it, or, where `near` is given, the lines of print at those regions.

    A page that is looked at is read again whatever `depth` says; a second engine reads for the two deepest alone. Where
    the words on it are `proven` it is not read: what needs no reading is looked for, and no more. On a
    `picture` writing is looked for, at any depth by a second engine too.
    """

    page: int
    near: tuple[Quad, ...] | None = None
    depth: Depth = Depth.REREAD
    proven: PageReading | None = field(default=None, repr=False)
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a page over its full width, half-open, in pixels of the finished page."""

    top: int
    bottom: int


def where_to_look(
    before: Claim | None, after: Claim, residuals: Sequence[Residual], depth: Depth = Depth.REREAD
) -> list[Look]:
    """Every page whole where nothing was attacked `before`; else where pages were burned further since, or where that
    attack found its `residuals`.

    Raises ValueError where the claims are of different documents.
    """
    if before is None:
        return [Look(page, depth=depth) for page in range(len(after.burned))]
    looks = []
    for page, (old, new) in enumerate(zip(before.burned, after.burned, strict=True)):
        near = [*(r.region for r in residuals if r.page == page), *(region for region in new if region not in old)]
        if near:
            looks.append(Look(page, tuple(dict.fromkeys(near)), depth))
    return looks


def bands(look: Look, height_px: int, dpi: float) -> list[Band]:
    """The rows of print to read, from top to bottom, without overlap; `dpi` is the finished page's.

    All of the page where a region runs down it: the line that it changes does so as well.
    """
    margin = round(MARGIN_IN * dpi)
    if look.near is None or any(_runs_down(region.bounds, margin) for region in look.near):
        return [Band(0, height_px)]
    found: list[Band] = []
    for bounds in sorted((region.bounds for region in look.near), key=lambda b: b.top):
        top, bottom = max(bounds.top - margin, 0), min(bounds.bottom + margin, height_px)
        if found and top <= found[-1].bottom:
            found[-1] = Band(found[-1].top, max(bottom, found[-1].bottom))
        elif top < bottom:
            found.append(Band(top, bottom))
    return found


def beside(quads: Sequence[Quad], rows: Sequence[Band], reach_px: int = 0) -> list[Quad]:
    """Those of the regions that come so near to one of the bands."""
    return [
        quad
        for quad, box in ((quad, quad.bounds) for quad in quads)
        if any(band.top - reach_px < box.bottom and box.top < band.bottom + reach_px for band in rows)
    ]


def _runs_down(box: Box, least_px: int) -> bool:
    """Whether a region is a word of print that was turned by a quarter; a single upright letter is lower."""
    return box.height > max(box.width, least_px)
