"""How far a partition is done when documents finish out of order. Pure: no broker in it.

A committed offset alone would either lose the slow document in front or repeat the fast ones behind it. So each
commit carries the lowest unfinished offset and, as the offset's metadata, the later offsets already finished.

The text form is `1` and, for each finished range beyond the offset, its distance from the end of the range before
it and its length: `1:gap+length,gap+length`, both in base 36. Version first, so that a later form can be told apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, Self

from detectors.errors import Reason, RedoubtError

METADATA_LIMIT_BYTES: Final = 4096
"""The broker's default `offset.metadata.max.bytes`."""
ROOM_BYTES: Final = 32
"""What one more document may add: two numbers below 36**13 and their marks, with something to spare."""
GROWTH_BYTES: Final = 5
"""What the end of a document that is unfinished now adds at most. It splits a gap between finished ranges, or makes
one range a digit longer; a gap holds unfinished documents only, fewer than 36**2 of them, so it has two digits."""

_FORM = re.compile(r"1(?::[0-9a-z]{1,13}\+[0-9a-z]{1,13}(?:,[0-9a-z]{1,13}\+[0-9a-z]{1,13})*)?")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Progress:
    """`low` is the lowest unfinished offset; `done` are half-open ranges beyond it, sorted, apart from each other."""

    low: int
    done: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        edge = self.low
        if edge < 0:
            raise ValueError("an offset is not negative")
        for start, end in self.done:
            if not edge < start < end:
                raise ValueError("finished ranges stand sorted, apart and beyond the lowest unfinished offset")
            edge = end

    def is_done(self, offset: int) -> bool:
        """Whether the record at this offset is finished (and shall be skipped when it is delivered again)."""
        if offset < self.low:
            return True
        at = bisect_right(self.done, offset, key=lambda r: r[0]) - 1
        return at >= 0 and offset < self.done[at][1]

    def finished(self, start: int, end: int | None = None) -> Self:
        """With [start, end) finished too; `end` is start + 1 where not given. Finishing twice changes nothing."""
        start, end = max(start, self.low), start + 1 if end is None else end
        if start >= end:
            return self
        kept: list[tuple[int, int]] = []
        for left, right in self.done:
            if right < start or end < left:
                kept.append((left, right))
            else:
                start, end = min(start, left), max(end, right)
        if start <= self.low:
            return type(self)(end, tuple(sorted(kept)))
        return type(self)(self.low, tuple(sorted([*kept, (start, end)])))

    def to_metadata(self) -> str:
        edge, parts = self.low, []
        for start, end in self.done:
            parts.append(f"{_base36(start - edge)}+{_base36(end - start)}")
            edge = end
        return "1:" + ",".join(parts) if parts else "1"

    def has_room(self, taken: int) -> bool:
        """Whether one more document may be begun and the metadata still fits, in whatever order all those finish that
        are unfinished now. Every offset below `taken` is finished or at work."""
        unfinished = max(taken, self.low) - self.low - sum(end - start for start, end in self.done)
        return len(self.to_metadata()) + GROWTH_BYTES * unfinished + ROOM_BYTES <= METADATA_LIMIT_BYTES

    @classmethod
    def from_metadata(cls, low: int, metadata: str | None) -> Self:
        """Raises RedoubtError(MISCONFIGURED) for text that this version did not write: guessing would repeat or
        lose documents, so the worker must not start on it."""
        if not metadata:
            return cls(low)
        if not _FORM.fullmatch(metadata):
            raise RedoubtError(Reason.MISCONFIGURED)
        done, edge = [], low
        for part in metadata[2:].split(",") if len(metadata) > 1 else []:
            gap, length = (int(number, 36) for number in part.split("+"))
            done.append((edge + gap, edge + gap + length))
            edge += gap + length
        try:
            return cls(low, tuple(done))
        except ValueError:
            raise RedoubtError(Reason.MISCONFIGURED) from None


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
