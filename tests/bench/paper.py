"""The kinds of paper that the bench goes over."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain, islice

from streams.canaries.documents import LOW_SCAN_DPI, Difficulty, Format, SyntheticDocument, generate

_MANY = 1_000
"""Drawn from, and made only as far as they are taken."""


class Paper(StrEnum):
    CLEAN_SCAN = "clean scan"
    POOR_SCAN = "poor scan"
    """By turns noisy or skewed at 150 to 300 dpi, and at 80 to 110 dpi."""
    FAX = "fax"
    BORN_DIGITAL = "born-digital"
    MIXED = "mixed"
    """Born-digital and scanned pages in one file."""


def drawn(seed: int, kind: Paper, count: int) -> list[SyntheticDocument]:
    """The same seed gives the same documents."""
    return list(islice(_endless(seed, kind), count))


def _endless(seed: int, kind: Paper) -> Iterator[SyntheticDocument]:
    match kind:
        case Paper.CLEAN_SCAN:
            found = generate(seed, _MANY, [Format.SCANNED_PDF])
            return (document for document in found if document.difficulty is Difficulty.CLEAN)
        case Paper.POOR_SCAN:
            usual = generate(seed, _MANY, [Format.SCANNED_PDF])
            poor = (document for document in usual if document.difficulty is Difficulty.POOR)
            low = generate(seed + 1, _MANY, [Format.SCANNED_PDF], LOW_SCAN_DPI)
            return chain.from_iterable(zip(poor, low, strict=False))
        case Paper.FAX:
            return generate(seed, _MANY, [Format.FAX_TIFF])
        case Paper.BORN_DIGITAL:
            return generate(seed, _MANY, [Format.BORN_DIGITAL_PDF])
        case Paper.MIXED:
            return generate(seed, _MANY, [Format.MIXED_PDF])
