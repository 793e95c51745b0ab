"""Frames of one series: what is written on one of them mostly stands on all, and is seen better on some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from detectors.geometry import Quad
from detectors.pages import PageReading
from detectors.visual.ink.accounting import InkReport

SURE: Final = 60.0
"""Confidence from which a line that was read on one frame burns on the others: what grain is taken for changes."""


def on_every_frame(readings: Sequence[PageReading], ink: Sequence[InkReport]) -> list[InkReport]:
    """The accounts, of which each picture's burns what was read on any picture of its size."""
    lines: dict[tuple[int, int], dict[Quad, None]] = {}
    sizes = [(reading.width_px, reading.height_px) if reading.picture else None for reading in readings]
    for size, reading, report in zip(sizes, readings, ink, strict=True):
        if size is not None:
            lines.setdefault(size, {}).update(dict.fromkeys(_read(reading, report)))
    return [
        report if size is None else replace(report, regions=tuple(dict.fromkeys((*report.regions, *lines[size]))))
        for size, report in zip(sizes, ink, strict=True)
    ]


def _read(reading: PageReading, report: InkReport) -> list[Quad]:
    words = [w.region.bounds for w in reading.words if w.confidence >= SURE and sum(map(str.isalnum, w.text)) > 1]
    return [region for region in report.regions if any(region.bounds.overlap(word) for word in words)]
