"""Time: one deadline a document, handed down through every stage, and what each stage took of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from detectors.errors import Reason, RedoubtError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        return cls(time.monotonic() + seconds)

    def later(self, seconds: float) -> Deadline:
        return Deadline(self.at_s + seconds)

    def left_s(self) -> float:
        """Seconds left. Raises RedoubtError(DEADLINE) once there are none."""
        left = self.at_s - time.monotonic()
        if left <= 0:
            raise RedoubtError(Reason.DEADLINE)
        return left


class StageClock:
    """Wall seconds a stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[stage] = time.perf_counter() - start
