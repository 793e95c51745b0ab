"""Days in the shorthand of charts: six or eight figures behind what was done that day, and a day behind a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.dates import plausible
from detectors.patterns.search.searcher import Searcher

_DONE: Final = (
    r"admit(?:ted)?|adm|admission|readmit(?:ted)?|d/?c(?:['’]?d)?|discharged?|disch|surgery|sx|dos|dob|doa|dod|bday|birth"
    r"|born|birthday|visit(?:ed)?|seen|appt|lmp|edd|procedure|f/?u|follow[ -]?up|died|expired|deceased|transferred"
    r"|operated|delivered|consult(?:ed)?|(?:op|or|adm|dc|service|visit|surgery|procedure)\sdate"
)
_RUN_TOGETHER: Final = Searcher(
    rf"(?<![\w/-])(?:{_DONE})(?:\sdate)?(?:\s(?:on|of|was|is)|\s?[:=])?\s{{1,2}}(?P<day>\d{{6}}|\d{{8}})"
    r"(?![\w%/-])(?!\.\d)(?!\s?(?:units?|iu|mg|mcg|ml|g|kg|cells|copies|k|steps|times|usd|dollars)(?!\w))",
    re.I,
)
_NOTED: Final = Searcher(
    r"(?<![\w-])(?:(?:notes?|labs?|films?|scan|report|letter|order)\sof|dated)\s(?P<day>\d{4})(?![\w%/:.,-]\d|\w)"
    r"(?!\s?(?:h|hrs?|hours|units?|mg|ml|patients|pts|words|pages)(?!\w))",
    re.I,
)
_LISTED: Final = Searcher(
    r"(?<![\w-])(?:the\s(?=schedule|calendar)|(?:or|surgery|surgical|op|clinic|procedure|add-on|cath|lab|endo|waiting|wait|transplant)\s)"
    r"(?:list|schedule|board|calendar|roster)\s(?:for\s|on\s)?(?P<day>\d{1,2}/\d{1,2})(?![\d/.-])"
    r"(?!\s?(?:tabs?|tablets?|strength|points?|pain|power|mg|doses?|of|days|items?|questions?|correct|done)(?!\w))",
    re.I,
)


class ChartedDayRecognizer(TextRecognizer):
    """admit 040224, d/c 040924, dob 03121961, surgery 20240611; "see note of 0815"; "to the OR list 6/3"."""

    KINDS = (Kind.DATE,)

    def find(self, text: str) -> Iterator[Match]:
        for hit in _RUN_TOGETHER.finditer(text):
            if any(plausible(day, month, year) for day, month, year in _readings(hit["day"])):
                yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.55)
        for hit in _NOTED.finditer(text):
            if plausible(hit["day"][2:], hit["day"][:2]):
                yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.4)
        for hit in _LISTED.finditer(text):
            if plausible(*reversed(hit["day"].split("/"))):
                yield Match(hit.start("day"), hit.end("day"), Kind.DATE, 0.5)


def _readings(figures: str) -> Iterator[tuple[str, str, str]]:
    """The figures as day, month and year, the year last or, of eight, first."""
    yield figures[2:4], figures[:2], figures[4:]
    if len(figures) == 8:
        yield figures[6:], figures[4:6], figures[:4]
