"""The shape of black boxes: what is burned on a line becomes few boxes that tell little of what they hide.

The length of a box must not give a name away (Bland, Iyer and Levchenko, "Story Beyond the Eye: Glyph Positions Break
PDF Text Redaction", PETS 2023): ends snap to a grid of one line height, neighbours merge, and boxes of a line share
the line's height. A box stops at the next word that stays, but never inside what it must hide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Quad

Corners = NDArray[np.float64]
"""Shape (n, 4, 2)."""

MERGE_GAP: Final = 1.5
"""Line heights: words of one address or name stand closer, columns of a form further apart."""
PAD_ALONG: Final = 0.15
PAD_ACROSS: Final = 0.10
"""Line heights added around the ink: engines place boxes tightly, and a glyph's soft edge reaches further."""
MIN_PAD_PX: Final = 1.0
MAX_ANGLE: Final = math.radians(4.0)
"""Regions that run further apart in direction are not of one line."""
TALL: Final = 1.8
"""Line heights: a taller region is a graphic or ink, not a word of the line."""
MIN_STEP_PX: Final = 4.0
LEFT_FREE: Final = 0.8
"""Share of the gap to a word that stays which is left blank: a box that touches a letter spoils the word."""
_HAIR: Final = 1e-3
"""Outward, so that rounding in turned frames never leaves a part of the input outside."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Coordinates along (u) and across (v) a reading direction."""

    cos: float
    sin: float

    @classmethod
    def of(cls, angle: float) -> Self:
        quarter = round(angle / (math.pi / 2))
        if abs(angle - quarter * math.pi / 2) < 1e-9:
            return cls(*((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[quarter % 4])
        return cls(math.cos(angle), math.sin(angle))

    def spans(self, corners: Corners) -> NDArray[np.float64]:
        """Extents of regions, shape (n, 4): u0, u1, v0, v1."""
        u = corners[:, :, 0] * self.cos + corners[:, :, 1] * self.sin
        v = corners[:, :, 1] * self.cos - corners[:, :, 0] * self.sin
        return np.stack((u.min(1), u.max(1), v.min(1), v.max(1)), axis=1)

    def quad(self, box: Extent) -> Quad:
        def back(u: float, v: float) -> tuple[float, float]:
            return (u * self.cos - v * self.sin, u * self.sin + v * self.cos)

        return Quad((back(box.u0, box.v0), back(box.u1, box.v0), back(box.u1, box.v1), back(box.u0, box.v1)))


@dataclass(frozen=True, slots=True)
class Extent:
    u0: float
    u1: float
    v0: float
    v1: float

    @property
    def height(self) -> float:
        return self.v1 - self.v0

    def union(self, other: Extent) -> Extent:
        return Extent(min(self.u0, other.u0), max(self.u1, other.u1), min(self.v0, other.v0), max(self.v1, other.v1))

    def shares_line(self, other: Extent) -> bool:
        """Whether both stand on one line: half the lesser height in common, and neither much the taller."""
        a, b = self.height, other.height
        low, high = (a, b) if a < b else (b, a)
        return min(self.v1, other.v1) - max(self.v0, other.v0) >= low / 2 and high <= TALL * low


def shaped(burned: Sequence[Quad], kept: Sequence[Quad], words: Sequence[Quad] = ()) -> tuple[Quad, ...]:
    """Boxes that cover all of `burned`, and as little of `kept` as that allows. Pixels of one page.

    `words` are all words of the page, burned or not: the grid is theirs, so that burning one more word leaves the
    boxes of all other lines as they were.
    """
    if not burned:
        return ()
    staying = _corners(kept)
    typical = _typical_height(words or [*burned, *kept])
    return tuple(quad for angle, group in _by_direction(burned) for quad in _directed(angle, group, staying, typical))


def _corners(quads: Iterable[Quad]) -> Corners:
    return np.array([q.corners for q in quads], np.float64).reshape(-1, 4, 2)


def _typical_height(quads: Sequence[Quad]) -> float:
    heights = [math.dist(q.corners[0], q.corners[3]) for q in quads]
    return max(float(np.percentile(heights, 75)), 1.0)


def _by_direction(quads: Sequence[Quad]) -> list[tuple[float, list[Quad]]]:
    """Regions grouped by reading direction; a group's angle is that of its widest regions."""
    groups: list[tuple[float, list[Quad]]] = []
    for quad in sorted(quads, key=lambda q: (-math.dist(q.corners[0], q.corners[1]), q.corners)):
        for angle, members in groups:
            if abs(math.remainder(quad.angle - angle, math.tau)) <= MAX_ANGLE:
                members.append(quad)
                break
        else:
            groups.append((quad.angle, [quad]))
    return groups


def _directed(angle: float, quads: Sequence[Quad], staying: Corners, typical: float) -> list[Quad]:
    """The boxes of regions that run in about one direction."""
    frame = Frame.of(angle)
    kept = frame.spans(staying)
    extents = [Extent(*(float(x) for x in row)) for row in frame.spans(_corners(quads))]
    grown = [_grown(run, kept, typical) for run in _runs(extents, kept)]
    return [frame.quad(box) for box in _fused(grown, kept)]


def _runs(extents: Sequence[Extent], kept: NDArray[np.float64]) -> list[Extent]:
    """Neighbours on a line, joined where the gap is small and holds no word that stays."""
    runs: list[Extent] = []
    for extent in sorted(extents, key=lambda e: (e.u0, e.v0, e.u1, e.v1)):
        for i, run in enumerate(runs):
            gap = extent.u0 - run.u1
            if gap <= MERGE_GAP * max(run.height, extent.height) and run.shares_line(extent):
                joined = run.union(extent)
                if gap <= 0 or not _holds_kept(Extent(run.u1, extent.u0, joined.v0, joined.v1), kept):
                    runs[i] = joined
                    break
        else:
            runs.append(extent)
    return runs


def _holds_kept(gap: Extent, kept: NDArray[np.float64]) -> bool:
    if not len(kept):
        return False
    u, v = (kept[:, 0] + kept[:, 1]) / 2, (kept[:, 2] + kept[:, 3]) / 2
    return bool(((u > gap.u0) & (u < gap.u1) & (v > gap.v0) & (v < gap.v1)).any())


def _grown(run: Extent, kept: NDArray[np.float64], typical: float) -> Extent:
    """Padded, brought to the line's height and to the grid, and stopped at the words that stay."""
    height = min(run.height, TALL * typical)
    step = max(round(typical), MIN_STEP_PX)
    across = max(PAD_ACROSS * height, MIN_PAD_PX)
    along = max(PAD_ALONG * height, MIN_PAD_PX)
    v0, v1 = _line_band(run, kept, typical)
    wanted = Extent(
        math.floor((run.u0 - along) / step) * step,
        math.ceil((run.u1 + along) / step) * step,
        v0 - across,
        v1 + across,
    )
    return _stopped(run, wanted, kept)


def _line_band(run: Extent, kept: NDArray[np.float64], typical: float) -> tuple[float, float]:
    """Top and bottom of the line: those of its words, and at least the page's usual height."""
    v0, v1 = run.v0, run.v1
    if run.height > TALL * typical:
        return v0, v1
    if len(kept):
        heights = kept[:, 3] - kept[:, 2]
        middle = (kept[:, 2] + kept[:, 3]) / 2
        near = (kept[:, 0] < run.u1 + 8 * typical) & (kept[:, 1] > run.u0 - 8 * typical)
        mates = kept[near & (heights <= 1.3 * typical) & (np.abs(middle - (v0 + v1) / 2) < 0.4 * typical)]
        if len(mates):
            v0, v1 = min(v0, float(mates[:, 2].min())), max(v1, float(mates[:, 3].max()))
    missing = max(typical - (v1 - v0), 0.0)
    return v0 - missing / 2, v1 + missing / 2


def _stopped(run: Extent, wanted: Extent, kept: NDArray[np.float64]) -> Extent:
    """`wanted` drawn back from words that stay, as far as `run` allows: first along the line, then across it."""
    u0, u1, v0, v1 = wanted.u0, wanted.u1, wanted.v0, wanted.v1
    if len(kept):
        inside = np.minimum(kept[:, 3], run.v1) - np.maximum(kept[:, 2], run.v0)
        beside = kept[inside > 0.25 * (kept[:, 3] - kept[:, 2])]
        middle = (beside[:, 0] + beside[:, 1]) / 2
        before, after = beside[middle < (run.u0 + run.u1) / 2, 1], beside[middle > (run.u0 + run.u1) / 2, 0]
        u0 = (before + LEFT_FREE * np.maximum(run.u0 - before, 0)).max(initial=u0)
        u1 = (after - LEFT_FREE * np.maximum(after - run.u1, 0)).min(initial=u1)
        u0, u1 = min(u0, run.u0), max(u1, run.u1)
        crossed = kept[(kept[:, 0] < u1) & (kept[:, 1] > u0)]
        middle = (crossed[:, 2] + crossed[:, 3]) / 2
        above, below = crossed[middle < run.v0, 3], crossed[middle > run.v1, 2]
        v0 = (above + LEFT_FREE * np.maximum(run.v0 - above, 0)).max(initial=v0)
        v1 = (below - LEFT_FREE * np.maximum(below - run.v1, 0)).min(initial=v1)
    return Extent(
        min(float(u0), run.u0) - _HAIR,
        max(float(u1), run.u1) + _HAIR,
        min(float(v0), run.v0) - _HAIR,
        max(float(v1), run.v1) + _HAIR,
    )


def _fused(boxes: Sequence[Extent], kept: NDArray[np.float64]) -> list[Extent]:
    """Grown boxes of a line that now touch, made one."""
    fused: list[Extent] = []
    for box in sorted(boxes, key=lambda e: (e.u0, e.v0, e.u1, e.v1)):
        for i, other in enumerate(fused):
            if box.u0 <= other.u1 and other.shares_line(box):
                union = other.union(box)
                if not _covers_more_kept(union, other, box, kept):
                    fused[i] = union
                    break
        else:
            fused.append(box)
    return fused


def _covers_more_kept(union: Extent, a: Extent, b: Extent, kept: NDArray[np.float64]) -> bool:
    """Whether the corners that a union adds would cover a word that stays."""

    def hits(e: Extent) -> NDArray[np.bool_]:
        return (kept[:, 0] < e.u1) & (kept[:, 1] > e.u0) & (kept[:, 2] < e.v1) & (kept[:, 3] > e.v0)

    return bool((hits(union) & ~hits(a) & ~hits(b)).any()) if len(kept) else False
