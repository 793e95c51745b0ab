"""Streets without the number of a house: "off Lamoille Hwy", "(Idaho St)", "corner of 4th and Idaho"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_COMPASS: Final = r"(?:(?:[NSEW]|North|South|East|West)\.?\s)?"
_NOT_A_NAME: Final = (
    r"(?!(?:The|An?|On|At|Off|In|Near|From|To|This|That|My|His|Her|Our|Their|Your|Of|And|Or|No|Any|Every|Each|Some|Both"
    r"|Use|Uses|Used|Sold|Buys|Bought|Illicit|Street|Same|Other|Private|Dirt|Gravel|Wrong|Next|Home|Across|Cross)\b)"
)
_NAME: Final = rf"{_NOT_A_NAME}(?:[A-Z][a-z'’]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th))"
_CLEAR: Final = "Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Highway|Hwy|Parkway|Pkwy|Turnpike|Tpke"
_DOUBTFUL: Final = "Dr|Drive|Ct|Court|Way|Circle|Cir|Place|Pl|Terrace|Ter|Trail|Trl|Pike|Loop|Alley|Square|Sq"
_NOT_MORE: Final = r"(?![\w-])(?!['’]s)(?!\.?\s[A-Z][a-z])"
"""A capital behind it makes it a clinic on that street, or the title of a doctor."""
_ROAD: Final = Searcher(
    rf"(?<![\w'’/.-]){_COMPASS}(?:{_NAME}\s){{1,2}}(?:{_CLEAR})(?![\w-])\.?(?!\s(?i:drug|rage|test|noise|safe|value|name|clothes|food|smart))",
    needs=rf"\s(?:{_CLEAR})(?![\w-])",
    within=100,
)
_LOUD: Final = Searcher(
    r"(?<![\w'’/.-])(?!THE\b|ON\b|AT\b|OF\b|OFF\b)(?:[A-Z]{3,20}|\d{1,3}(?:ST|ND|RD|TH))\s(?:STREET|AVENUE|AVE|BLVD|HWY|PKWY)(?![\w-])"
)
_SAINT: Final = Searcher(
    rf"(?:(?<![\w])(?:on|off|near|along|down|up|from|at|to|of|and|by)\s|[(,]\s?)(?P<road>{_COMPASS}(?:{_NAME}\s){{1,2}}St)"
    rf"{_NOT_MORE}"
)
_ON: Final = Searcher(
    rf"(?<![\w])(?:lives?|living|lived|resides?|house|home|apartment|walks?|walking|parked|fell|down|up|off)\s(?:on\s|off\s|near\s|along\s)?"
    rf"(?P<road>{_COMPASS}(?:{_NAME}\s){{1,2}}(?:{_DOUBTFUL})){_NOT_MORE}"
)
_SUFFIX: Final = rf"(?:\s(?:{_CLEAR}|St|{_DOUBTFUL})(?![\w-]))?"
_CORNER: Final = Searcher(
    r"(?<![\w])(?:[Cc]orner|[Ii]ntersection|[Cc]rossing|[Jj]unction)\sof\s"
    rf"(?P<road>{_COMPASS}{_NAME}(?:\s{_NAME})?{_SUFFIX}\s(?:and|&)\s{_COMPASS}{_NAME}(?:\s{_NAME})?{_SUFFIX})(?![\w-])"
)


class RoadRecognizer(TextRecognizer):
    """A name and a suffix that only streets have; suffixes that are words too count behind "lives on" and its like."""

    KINDS = (Kind.STREET,)

    def find(self, text: str) -> Iterator[Match]:
        for rule in (_ROAD, _LOUD):
            for hit in rule.finditer(text):
                yield Match(hit.start(), hit.end(), Kind.STREET, 0.6)
        for rule in (_SAINT, _ON, _CORNER):
            for hit in rule.finditer(text):
                yield Match(hit.start("road"), hit.end("road"), Kind.STREET, 0.6)
