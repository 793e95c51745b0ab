"""A hit of a recognizer, without Presidio."""

from __future__ import annotations

from typing import NamedTuple

from detectors.findings import Kind


class Match(NamedTuple):
    """Half-open character offsets into the text, the kind, and a score from 0 to 1. A tuple: a page has hundreds."""

    start: int
    end: int
    kind: Kind
    score: float
