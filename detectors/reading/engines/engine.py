"""What the house needs of a recognition engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from detectors.geometry import Box, Quad
from detectors.pages import Pixels


@dataclass(frozen=True, slots=True)
class EngineWord:
    """A word in the frame of the raster that the engine was given. `confidence` runs from 0 to 100."""

    text: str = field(repr=False)
    confidence: float
    box: Box
    line: int
    """Numbers lines in the engine's reading order from 0."""


class Engine(Protocol):
    """One recognition engine in one process. Not thread-safe: each process owns its own."""

    @property
    def name(self) -> str:
        """Engine and version, for the event's method field."""
        ...

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        """Words of a gray raster (height, width), low confidences included, in reading order.

        Raises RedoubtError(READER_FAILED).
        """
        ...


class LineEngine(Protocol):
    """An engine of another kind, which tells where text stands before it reads it. Not thread-safe either."""

    @property
    def name(self) -> str:
        """Engine and version."""
        ...

    def text_regions(self, gray: Pixels, sure: float = ...) -> list[Quad]:
        """Where text stands on a gray raster (height, width), a line or a part of one each.

        Raises RedoubtError(READER_FAILED).
        """
        ...

    def words_in(self, gray: Pixels, regions: Sequence[Quad]) -> list[EngineWord]:
        """The words in these regions, in the order of lines. Raises RedoubtError(READER_FAILED)."""
        ...

    def texts_at(self, gray: Pixels, regions: Sequence[Quad]) -> list[tuple[str, float]]:
        """What stands in each of these regions, read along its first side, and how sure its least sure letter is, 0 to
        100: 0 where nothing stands. Raises RedoubtError(READER_FAILED)."""
        ...
