"""What was torn off an identifier: by itself it proves nothing, and an engine may be sure of it; beside what was found
it is the rest of it."""

from __future__ import annotations

from collections.abc import Mapping

from detectors.findings import Kind
from detectors.pages import PageReading
from detectors.torn.fallen import addresses, cut_by_a_line, numbers
from detectors.torn.remnants import remnants
from detectors.torn.scraps import scraps


def torn_off(reading: PageReading, found: Mapping[int, Kind]) -> frozenset[int]:
    """The words that burn with those that were `found`, by index into the reading's words."""
    words = reading.words
    whole = dict.fromkeys(numbers(words), Kind.CARD) | dict.fromkeys(addresses(words), Kind.URL) | dict(found)
    beside = scraps(reading, whole)
    rest = remnants(reading, dict.fromkeys(beside, Kind.UNREADABLE) | whole)
    torn = (whole.keys() - found.keys()) | beside | rest
    return frozenset(torn | cut_by_a_line(words, whole.keys() | torn))
