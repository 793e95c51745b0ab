"""Boxes and regions. Pixels, origin top left; boxes are integer and half-open; rounding only ever grows."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Self, overload

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
Homography = NDArray[np.float64]
"""A 3 x 3 projective map between two pixel frames."""


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """An axis-aligned rectangle of whole pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if self.right <= self.left or self.bottom <= self.top:
            raise ValueError(f"empty box {self.left},{self.top},{self.right},{self.bottom}")

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def area(self) -> int:
        return self.width * self.height

    @classmethod
    def around(cls, points: Iterable[Point]) -> Self:
        """The smallest box that holds all points, rounded outward and at least one pixel wide."""
        xs, ys = zip(*points, strict=True)
        left, top = math.floor(min(xs)), math.floor(min(ys))
        return cls(left, top, max(math.ceil(max(xs)), left + 1), max(math.ceil(max(ys)), top + 1))

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def overlap(self, other: Box) -> int:
        """Shared area in pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0

    def grown(self, by_px: int) -> Box:
        return Box(self.left - by_px, self.top - by_px, self.right + by_px, self.bottom + by_px)

    def clipped(self, width_px: int, height_px: int) -> Box | None:
        """The part inside a page of that size; None where nothing is inside."""
        left, top = max(self.left, 0), max(self.top, 0)
        right, bottom = min(self.right, width_px), min(self.bottom, height_px)
        return Box(left, top, right, bottom) if left < right and top < bottom else None


@dataclass(frozen=True, slots=True)
class Boxes(Sequence[Box]):
    """Many boxes as their numbers: the letters of a page would be thousands of objects."""

    sides: bytes = field(repr=False)
    """Left, top, right and bottom of each, as C ints."""

    @classmethod
    def of(cls, boxes: Sequence[Box]) -> Self:
        if isinstance(boxes, cls):
            return boxes
        return cls(array("i", [side for b in boxes for side in (b.left, b.top, b.right, b.bottom)]).tobytes())

    def numbers(self) -> Iterator[tuple[int, int, int, int]]:
        """The sides of each."""
        sides = iter(array("i", self.sides))
        return zip(sides, sides, sides, sides, strict=True)

    def __len__(self) -> int:
        return len(self.sides) // _BOX_BYTES

    @overload
    def __getitem__(self, index: int) -> Box: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Box, ...]: ...
    def __getitem__(self, index: int | slice) -> Box | tuple[Box, ...]:
        return tuple(self)[index]

    def __iter__(self) -> Iterator[Box]:
        return (Box(*sides) for sides in self.numbers())


def sides_of(boxes: Sequence[Box]) -> NDArray[np.int64]:
    """Left, top, right and bottom of each, shape (n, 4)."""
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.int64).reshape(-1, 4)


def overlaps(some: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Shared area in pixels of each pair of boxes, shape (some, others); all at once, for a page has thousands."""
    a, b = some[:, None, :], others[None, :, :]
    across = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    down = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    return np.asarray(np.maximum(across, 0) * np.maximum(down, 0), np.int64)


_BOX_BYTES: Final = 4 * array("i").itemsize


@dataclass(frozen=True, slots=True)
class Quad:
    """A convex quadrilateral; corners in reading order: top left, top right, bottom right, bottom left."""

    corners: Corners
    bounds: Box = field(init=False, repr=False, compare=False)
    """The smallest box around it: every word of every page is asked for its own, over and over."""

    def __post_init__(self) -> None:
        # Without loops: a page has a thousand of these.
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.corners
        if not math.isfinite(ax + ay + bx + by + cx + cy + dx + dy):
            raise ValueError("a corner is not finite")
        # How the way turns at b, c, d and a.
        abx, aby, bcx, bcy = bx - ax, by - ay, cx - bx, cy - by
        cdx, cdy, dax, day = dx - cx, dy - cy, ax - dx, ay - dy
        turns = (abx * bcy - aby * bcx, bcx * cdy - bcy * cdx, cdx * day - cdy * dax, dax * aby - day * abx)
        least = min(turns)
        if least < 0 and least < -1e-6 * (1 + max(-least, *turns)):
            raise ValueError("corners are not convex and clockwise")
        left, top = math.floor(min(ax, bx, cx, dx)), math.floor(min(ay, by, cy, dy))
        right, bottom = math.ceil(max(ax, bx, cx, dx)), math.ceil(max(ay, by, cy, dy))
        object.__setattr__(self, "bounds", Box(left, top, max(right, left + 1), max(bottom, top + 1)))

    @classmethod
    def of(cls, box: Box) -> Self:
        left, top, right, bottom = (float(v) for v in (box.left, box.top, box.right, box.bottom))
        return cls(((left, top), (right, top), (right, bottom), (left, bottom)))

    @property
    def angle(self) -> float:
        """The reading direction in radians: 0 is left to right, positive turns clockwise on the page."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.corners
        return math.atan2((by - ay) + (cy - dy), (bx - ax) + (cx - dx))

    def mapped(self, homography: Homography) -> Quad:
        """The same region in another frame. Raises ValueError where the map turns it inside out."""
        # Three numbers a row in Python: arrays so small cost ten times their arithmetic.
        (xx, xy, x1), (yx, yy, y1), (wx, wy, w1) = np.asarray(homography, float).tolist()

        def there(point: Point) -> Point:
            x, y = point
            w = wx * x + wy * y + w1
            if not w:
                raise ValueError("a corner is not finite")
            return (xx * x + xy * y + x1) / w, (yx * x + yy * y + y1) / w

        a, b, c, d = self.corners
        return Quad((there(a), there(b), there(c), there(d)))


def enclosing(quads: Iterable[Quad]) -> Quad:
    """The smallest rectangle that holds all quads, turned to their mean reading direction."""
    quads = list(quads)
    angle = math.atan2(sum(math.sin(q.angle) for q in quads), sum(math.cos(q.angle) for q in quads))
    along = (math.cos(angle), math.sin(angle))
    across = (-along[1], along[0])
    points = [p for q in quads for p in q.corners]
    us = [x * along[0] + y * along[1] for x, y in points]
    vs = [x * across[0] + y * across[1] for x, y in points]

    def back(u: float, v: float) -> Point:
        return (u * along[0] + v * across[0], u * along[1] + v * across[1])

    left, right, top, bottom = min(us), max(us), min(vs), max(vs)
    return Quad((back(left, top), back(right, top), back(right, bottom), back(left, bottom)))
