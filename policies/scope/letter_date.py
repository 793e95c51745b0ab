"""The date at the head of a letter or a note: its own, alone on its line or behind "Date:"."""

from __future__ import annotations

import re
from typing import Final

from detectors.findings import Span

_FIRST_LINES: Final = 12
"""A letterhead of name, address and telephone stands above, and what the paper is called."""
_LABEL: Final = re.compile(r"\s*(?:(?:(?:letter|note|report) )?dated?\s?[:.]?\s{0,3})?", re.I)
_REST: Final = re.compile(r"[ \t.]*(?:\n|$)")
_ANOTHERS: Final = re.compile(
    r":\s*$|(?<![^\W_])(?:birth|dob|born|print|fax|sign|receiv|request|expir|due|since|effective|onset|page)", re.I
)
_ADDRESSED: Final = re.compile(r"^[ \t]*(?:dear\b|to whom it may)", re.I | re.M)


def is_at_the_head(text: str, span: Span) -> bool:
    """Whether nothing but "Date:" stands on the date's line, one of the first, nor what calls it another on the line
    above it."""
    line = text.rfind("\n", 0, span.start) + 1
    if not _LABEL.fullmatch(text, line, span.start) or not _REST.match(text, span.end):
        return False
    above = [one for one in text[:line].split("\n") if one.strip()]
    return len(above) < _FIRST_LINES and not (above and _ANOTHERS.search(above[-1]))


def opens_a_letter(text: str, span: Span) -> bool:
    """Whether somebody is addressed behind the date."""
    return _ADDRESSED.search(text, span.end) is not None
