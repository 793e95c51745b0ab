"""A few pages of a document, as they come out of one decoding child."""

from __future__ import annotations

from dataclasses import dataclass, field

from detectors.pages import PageRaster


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages that follow one another, and how many the whole document has."""

    pages: tuple[PageRaster, ...] = field(repr=False)
    total: int
