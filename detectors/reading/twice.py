"""Two readings of one page, taken from different views: where they agree on a word, it is as sure as the surer says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from detectors.geometry import Box
from detectors.pages import PageReading, Word

SAME_PLACE: Final = 0.5
"""Two words are one where their boxes share this much of the smaller one."""


def borne_out(reading: PageReading, again: PageReading) -> PageReading:
    """The first reading, its words as sure as the second is of the very same word at the same place.

    Nothing is read that was not read before, and no word becomes less sure; two readings that differ bear out nothing.
    """
    others: dict[str, list[Word]] = defaultdict(list)
    for word in again.words:
        others[word.text].append(word)
    words = []
    for word in reading.words:
        box = word.region.bounds
        same = [other.confidence for other in others.get(word.text, ()) if _is_there(other.region.bounds, box)]
        sure = max(same, default=0.0)
        words.append(replace(word, confidence=sure) if sure > word.confidence else word)
    return replace(reading, words=tuple(words))


def _is_there(other: Box, box: Box) -> bool:
    return other.overlap(box) >= SAME_PLACE * min(other.area, box.area)
