"""Redactions that a document brought along and that do not hold: made to hold, and told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detectors.errors import Reason
from detectors.findings import Finding, Kind, Layer
from detectors.pages import PageReading
from streams.pipeline.answers import Mark, findings_at
from streams.pipeline.chart import Seen


def hardened(pages: Sequence[Seen], readings: Sequence[PageReading]) -> list[Finding]:
    """What burns the places, and the words read under them."""
    marks = [Mark(number, box, Kind.REDACTION) for number, page in enumerate(pages) for box in page.redactions]
    return [finding for mark in marks for finding in findings_at(mark, readings[mark.page], Layer.VISUAL)]


def brought(pages: Iterable[Seen]) -> tuple[Reason, ...]:
    """Somebody meant something to be hidden, which may stand elsewhere in the document as well: a person looks."""
    return (Reason.INCOMING_REDACTION,) if any(page.redactions for page in pages) else ()
