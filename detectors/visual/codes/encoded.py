"""What codes say, searched in the text of every page: a wristband names the record number that a letter prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from detectors.findings import Kind, Layer, Span
from detectors.spans.merge import merge

LEAST_CHARS: Final = 5
"""A shorter number also counts doses and pages."""
SCORE: Final = 0.9
MOST_CHARS: Final = 200
_PARTS: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z]|[-./](?=[0-9A-Za-z]))+")


def identifiers(values: Iterable[str]) -> tuple[str, ...]:
    """The numbers that codes hold, folded to capitals and digits, the longest first; words without a digit are none."""
    found: set[str] = set()
    for value in values:
        for part in _PARTS.findall(value[:MOST_CHARS]):
            for form in (part, part.lstrip("ABCDabcdMRNmrn"), part.rstrip("ABCDabcd")):
                folded = "".join(c for c in form if c.isalnum()).upper()
                if len(folded) >= LEAST_CHARS and sum(c.isdigit() for c in folded) * 2 >= len(folded):
                    found.add(folded)
    return tuple(sorted(found, key=lambda v: (-len(v), v)))


def with_encoded(text: str, spans: Sequence[Span], known: Sequence[str]) -> Sequence[Span]:
    """The spans and those of known values in the text, in whatever spacing; disjoint, in text order."""
    found: list[Span] = []
    for value in known:
        loose = r"[ \t./-]?".join(map(re.escape, value))
        for match in re.finditer(rf"(?<![0-9A-Za-z]){loose}(?![0-9A-Za-z])", text, re.IGNORECASE):
            found.append(Span(match.start(), match.end(), Kind.OTHER_ID, SCORE, Layer.SPREAD))
    return merge(text, [*spans, *found]) if found else spans
