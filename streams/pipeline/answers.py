"""What a person decided about an earlier copy of a document, as the pipeline takes it: more to burn, and the doubts
that the person answered. Nothing here makes a copy show more than the last one did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading
from policies.attack.report import Residual
from policies.decisions import Action, Decision
from streams.fates import FATES, Fate

ANSWERABLE: Final = frozenset(reason for reason, fate in FATES.items() if fate is Fate.REVIEW)
"""What may be in doubt until a person has looked. A broken structure or a known value that can still be read is no
doubt, and no word of anybody's sets it aside."""
SAME: Final = 0.8
"""Share of a residual finding that the place shown to the person must have covered for the answer to hold for it."""
RULE: Final = "reviewer"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a page: `page` counts from 0, the box is in source pixels."""

    page: int
    box: Box
    kind: Kind


@dataclass(frozen=True, slots=True)
class Answers:
    """`burn` goes black. `doubts` are set aside, residual findings only where one of `seen` shows them.

    Raises ValueError for a doubt that nobody may answer.
    """

    burn: tuple[Mark, ...] = ()
    doubts: frozenset[Reason] = frozenset()
    seen: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if not self.doubts <= ANSWERABLE:
            raise ValueError("nobody may answer this")

    def decisions(self, readings: Sequence[PageReading]) -> list[Decision]:
        """The marked places as decisions to burn. Raises RedoubtError(INVALID_EVENT) for a place that is on no page:
        whoever marked it meant something, which would stay readable."""
        if not all(_is_on_a_page(mark, readings) for mark in self.burn):
            raise RedoubtError(Reason.INVALID_EVENT)
        found = [finding for mark in self.burn for finding in findings_at(mark, readings[mark.page], Layer.REVIEWER)]
        return [Decision(finding, Action.BURN, RULE) for finding in found]

    def unanswered(
        self, residuals: Sequence[Residual], doubts: Sequence[Reason]
    ) -> tuple[list[Residual], list[Reason]]:
        """What is left of what the attacker found and of what else was in doubt."""
        return [r for r in residuals if not self._answers(r)], [d for d in doubts if d not in self.doubts]

    def _answers(self, residual: Residual) -> bool:
        if residual.reason not in self.doubts:
            return False
        box = residual.region.bounds
        return any(
            (mark.page, mark.kind) == (residual.page, residual.kind) and mark.box.overlap(box) >= SAME * box.area
            for mark in self.seen
        )


def _is_on_a_page(mark: Mark, readings: Sequence[PageReading]) -> bool:
    if mark.page >= len(readings):
        return False
    page = readings[mark.page]
    return mark.box.clipped(page.width_px, page.height_px) is not None


def findings_at(mark: Mark, reading: PageReading, layer: Layer) -> Iterator[Finding]:
    """The place itself, and the words of each line under it, so that the record loses them too."""
    yield Finding(mark.page, mark.kind, 1.0, layer, (Quad.of(mark.box),))
    lines: dict[int, list[int]] = {}
    for index, word in enumerate(reading.words):
        bounds = word.region.bounds
        if bounds.overlap(mark.box) * 2 > bounds.area:
            lines.setdefault(word.line, []).append(index)
    for words in lines.values():
        first, last = reading.words[words[0]], reading.words[words[-1]]
        span = Span(first.start, last.end, mark.kind, 1.0, layer)
        regions = tuple(reading.words[index].region for index in words)
        yield Finding(mark.page, mark.kind, 1.0, layer, regions, tuple(words), span)
