"""What a person's decision teaches: text that was missed, or that was taken for an identifier and is none.

A decision holds places and no text. The text is read where it stood, off the copy that the person was shown: what was
missed can still be read there, and so can a false alarm, which burns nothing while a person is asked. Examples are PHI:
they are kept sealed under their document's data key, and end with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box
from detectors.pages import PageReading
from streams.events import Grounds, Place, ReviewChoice, ReviewDecided

_NO_TEXT = frozenset(
    {Kind.INK, Kind.UNREADABLE, Kind.REDACTION, Kind.BARCODE, Kind.HANDWRITING, Kind.PICTURE, Kind.SENSITIVE}
)


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled piece of a line. `start` and `end` are half-open offsets in `line`; `missed` or wrongly found."""

    line: str = field(repr=False)
    start: int
    end: int
    kind: Kind
    missed: bool
    document_id: str
    reviewer: str

    @property
    def text(self) -> str:
        return self.line[self.start : self.end]


def teaches(decided: ReviewDecided) -> bool:
    """Whether the decision says of any text what it is: of others, only whether a copy may go out."""
    missed = decided.choice is ReviewChoice.BURN and decided.why is Grounds.MISSED_IDENTIFIER
    return missed or (decided.choice is ReviewChoice.RELEASE and decided.why is Grounds.FALSE_ALARM)


def examples(decided: ReviewDecided, read: Callable[[int], PageReading]) -> Iterator[Example]:
    """Those of one decision; `read` reads a page of the copy that was shown, which counts from 0."""
    if not teaches(decided):
        return
    missed = decided.choice is ReviewChoice.BURN
    places = decided.places if missed else decided.task.places
    readings: dict[int, PageReading] = {}
    for place in places:
        if place.kind in _NO_TEXT or (not missed and place.reason is not Reason.RESIDUAL_FINDING):
            continue
        if place.page not in readings:
            readings[place.page] = read(place.page)
        for line, start, end in _under(readings[place.page], place):
            yield Example(line, start, end, place.kind, missed, decided.document_id, decided.reviewer)


def sealed_form(found: Sequence[Example]) -> bytes:
    """As it is kept, sealed."""
    return json.dumps([asdict(example) for example in found]).encode()


def from_sealed_form(content: bytes) -> list[Example]:
    """Raises RedoubtError(INVALID_EVENT)."""
    try:
        entries: list[dict[str, Any]] = json.loads(content)
        return [Example(**{**entry, "kind": Kind(entry["kind"])}) for entry in entries]
    except (ValueError, TypeError, KeyError):
        pass
    # Raised outside the handler: the chained exception would quote the text.
    raise RedoubtError(Reason.INVALID_EVENT)


def _under(reading: PageReading, place: Place) -> Iterator[tuple[str, int, int]]:
    """The words of each line that lie under a place for the most part, in their line."""
    box = Box(place.left, place.top, place.right, place.bottom)
    lines: dict[int, list[int]] = {}
    for index, word in enumerate(reading.words):
        bounds = word.region.bounds
        if bounds.overlap(box) * 2 > bounds.area:
            lines.setdefault(word.line, []).append(index)
    for words in lines.values():
        start, end = reading.words[words[0]].start, reading.words[words[-1]].end
        begin = reading.text.rfind("\n", 0, start) + 1
        stop = reading.text.find("\n", end)
        line = reading.text[begin : stop if stop >= 0 else len(reading.text)]
        yield line, start - begin, end - begin
