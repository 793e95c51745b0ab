"""Whether a place of the text lies within one of many others, asked many times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from detectors.findings import Span


class Covered:
    """Made of spans that may overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        places = sorted((span.start, span.end) for span in spans)
        self._starts = [start for start, _ in places]
        self._reach = list(accumulate((end for _, end in places), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether one of the spans has all of the half-open place."""
        before = bisect_right(self._starts, start)
        return before > 0 and end <= self._reach[before - 1]
