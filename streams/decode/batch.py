"""A few pages of a document, as they come out of one decoding child."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag

from detectors.pages import PageRaster


class Flaw(IntFlag):
    """What is the matter with a document that can be shown all the same."""

    NONE = 0
    MENDED = 1
    """Broken, and mended by guessing: pages, or parts of them, may be missing."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages that follow one another, how many the whole document has, and what showed of its flaws meanwhile."""

    pages: tuple[PageRaster, ...] = field(repr=False)
    total: int
    flaws: Flaw = Flaw.NONE
