"""What the house needs of a recognition engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from detectors.geometry import Box
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
