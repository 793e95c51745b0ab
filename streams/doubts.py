"""When a page was read too badly for anyone to say that its copy is clean."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from detectors.errors import Reason
from detectors.pages import PageReading
from detectors.visual.ink import InkReport

INK_SHARE_FOR_REVIEW: Final = 0.10
"""Share of a page's ink that no confident word explains. Painting that much black leaves nothing of use, and an
engine that lost a tenth of the ink has lost whole lines: a person looks."""
MEAN_CONFIDENCE_FOR_REVIEW: Final = 55.0
"""Mean word confidence, 0 to 100; legible scans read at 80 and more."""
MIN_WORDS: Final = 5
"""Fewer words tell nothing of the page: a near-blank page is judged by its ink alone."""


def doubts(read: Sequence[tuple[PageReading, InkReport]]) -> tuple[Reason, ...]:
    """Reasons to hold the document for a person's eye, whatever the attacker finds."""
    reasons: list[Reason] = []
    if any(ink.share > INK_SHARE_FOR_REVIEW for _, ink in read):
        reasons.append(Reason.UNEXPLAINED_INK)
    if any(
        len(reading.words) >= MIN_WORDS
        and fmean(word.confidence for word in reading.words) < MEAN_CONFIDENCE_FOR_REVIEW
        for reading, _ in read
    ):
        reasons.append(Reason.UNREADABLE_PAGE)
    return tuple(reasons)
