"""Texts longer than any page, searched in pieces: memory stays flat, and time grows as the text does.

Neighbouring pieces share OVERLAP_CHARS, so that an identifier across a border stands whole in one of them, with what
stands around it. What either piece finds in the part that they share holds: coverage only grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from detectors.findings import Span
from detectors.spans.merge import merge

PIECE_CHARS: Final = 60_000
"""Some twenty pages: what all layers say of as many fits in a few megabytes."""
OVERLAP_CHARS: Final = 4_000
"""A page: longer than any identifier, and than most tables whose head says what their columns hold."""


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """(offset, piece) pairs in text order, cut at line feeds or blanks where there are any. One for a short text."""
    start = 0
    while len(text) - start > PIECE_CHARS:
        end = _cut(text, start + PIECE_CHARS)
        yield start, text[start:end]
        start = _cut(text, end - OVERLAP_CHARS)
    yield start, text[start:]


def joined(text: str, found: Iterable[tuple[int, list[Span]]]) -> list[Span]:
    """Disjoint spans over the whole text from each piece's offset and spans, both in text order."""
    spans: list[Span] = []
    for offset, own in found:
        shifted = _moved(own, offset)
        shared: list[Span] = []
        while spans and spans[-1].end > offset:
            shared.append(spans.pop())
        if not shared:
            spans += shifted
            continue
        known_to = max(span.end for span in shared)
        twice = [*shared, *(span for span in shifted if span.start < known_to)]
        first = min(span.start for span in twice)
        last = max(span.end for span in twice)
        spans += _moved(merge(text[first:last], _moved(twice, -first)), first)
        spans += [span for span in shifted if span.start >= known_to]
    return spans


def _moved(spans: Iterable[Span], by: int) -> list[Span]:
    if by == 0:
        return list(spans)
    return [replace(span, start=span.start + by, end=span.end + by) for span in spans]


def _cut(text: str, index: int) -> int:
    """A little before the index: behind a line feed, else behind a blank, else there."""
    for mark in ("\n", " "):
        at = text.rfind(mark, index - OVERLAP_CHARS // 2, index)
        if at >= 0:
            return at + 1
    return index
