"""Shapes that only damage explains: dates no calendar has, addresses with commas, long codes that no rule knows.

The patterns of `detectors.patterns` ask a value to be valid, and a misread digit makes it invalid. On a page that was
read from pixels the shape alone is enough: what looks like an identifier once burns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind, Layer, Span

SHAPE: Final = 0.6
"""Surer than a guess, less sure than every rule that checks what it finds."""

_D: Final = r"[\dOolI|SB§%$Z&]"
"""A digit, or what Tesseract makes of one."""
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATES: Final = (
    re.compile(rf"(?<![\w./-]){_D}{{1,2}}([/.-]){_D}{{1,2}}[/.-]{_D}{{4}}(?![\w/-])"),
    re.compile(rf"(?<![\w./-]){_D}{{1,2}}([/-]){_D}{{1,2}}\1{_D}{{2}}(?![\w/-])"),
    re.compile(rf"(?<![\w./-]){_D}{{4}}([/.-]){_D}{{1,2}}[/.-]{_D}{{1,2}}(?![\w/-])"),
    re.compile(rf"(?<!\w){_MONTH}[.,]? {_D}{{1,2}}(?:st|nd|rd|th)?[.,;]{{0,2}} {_D}{{4}}(?!\w)"),
    re.compile(rf"(?<!\w){_MONTH} {_D}{{5,6}}(?!\w)"),
)
_ADDRESS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,3}){3}(?![\d.,]\d)")
_CODE: Final = re.compile(r"(?<![\w.,])[A-Za-z]{0,6}[-#]?\d[A-Za-z\d]*(?:[-/][A-Za-z\d]+){0,4}(?![\w]|[.,]\d)")
_CODE_DIGITS: Final = 6
"""Doses, laboratory values and procedure codes have five digits at most."""
_MIXED_LENGTH, _MIXED_DIGITS = 7, 4
_RANGE: Final = re.compile(r"\d{1,6}[-/]\d{1,6}")
"""Reference ranges and blood pressures: as many digits as an identifier has."""
_COUNT: Final = re.compile(r"\d{1,2}0{4,}|\d{1,3}(?:000)+")
"""Units of heparin come in hundred thousands."""
_PROCEDURE: Final = re.compile(r"[A-Z]?\d{4,5}-[A-Z\d]{2}")
"""A CPT or HCPCS code with its modifier."""


def spans(text: str) -> list[Span]:
    """What has the shape of a date, an internet address or a long code in `text`."""
    found = [*_dates(text), *_codes(text)]
    found += [_span(m, Kind.IP_ADDRESS) for m in _ADDRESS.finditer(text) if not _thousands(m[0])]
    return found


def mended(text: str) -> str:
    """The same text, as long, with a bar or digit that stands for an initial between two names read as a letter."""
    return _INITIAL.sub(lambda m: m[1] + _LETTERS[m[2]] + m[3], text)


_LETTERS: Final = {"|": "I", "1": "I", "0": "O", "5": "S", "8": "B", "[": "I", "]": "J", "!": "I"}
_INITIAL: Final = re.compile(r"(\b[A-Z][A-Za-z'’-]+,? )([|0158\[\]!])(\.? [A-Z][A-Za-z'’-]+\b|\.(?= |$))")


def _dates(text: str) -> Iterator[Span]:
    for pattern in _DATES:
        for m in pattern.finditer(text):
            if sum(c.isdigit() for c in m[0]) >= 3:
                yield _span(m, Kind.DATE)


def _codes(text: str) -> Iterator[Span]:
    for m in _CODE.finditer(text):
        code = m[0]
        digits = sum(c.isdigit() for c in code)
        harmless = _RANGE.fullmatch(code) or _COUNT.fullmatch(code) or _PROCEDURE.fullmatch(code)
        mixed = digits >= _MIXED_DIGITS and len(code) >= _MIXED_LENGTH and any(c.isupper() for c in code)
        if (digits >= _CODE_DIGITS or mixed) and not harmless:
            yield _span(m, Kind.OTHER_ID)


def _thousands(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) is not None


def _span(m: re.Match[str], kind: Kind) -> Span:
    return Span(m.start(), m.end(), kind, SHAPE, Layer.PATTERN)
