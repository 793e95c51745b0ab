"""How far a sentence and a section reach in a text that an engine read, line by line."""

from __future__ import annotations

import re
from typing import Final

_ABBREVIATION: Final = re.compile(
    r"(?<![^\W_])(?:[A-Za-z]|dr|mr|mrs|ms|st|vs|pt|pts|hx|dx|rx|tx|no|nos|approx|e\.g|i\.e|etc|inc|jr|sr|prof|fig|max|min)$",
    re.I,
)
"""Before a full stop that ends no sentence."""
_LONGEST: Final = 12
_STOP: Final = re.compile(r"[.;!?]+[\"')\]]*(?=\s)")
_ENDS: Final = re.compile(r"[.;:!?]\s*$")
_GOES_ON: Final = re.compile(r"\s*[a-z(]")
_HEAD: Final = re.compile(r"[ \t]*([A-Z][A-Za-z /&,()'’-]{1,48}):(?:[ \t]|$)", re.M)
_CAPITALS: Final = re.compile(r"^[ \t]*[A-Z][A-Z /&,()'’-]{2,48}:?[ \t]*$", re.M)
_SECTION: Final = re.compile(
    r"(?<![^\W_])(?:history|hx|medications?|meds|allerg\w+|assessment|plan|exam\w*|review|labs?|laboratory|results?|vitals?"
    r"|vital signs|hpi|chief complaint|impression|subjective|objective|immunizations?|diagnos[ei]s|disposition"
    r"|signed|signature|follow|physical|patient|provider|name|date|procedure|imaging|recommendations?|hospital course"
    r"|condition|instructions?)(?![^\W_])",
    re.I,
)
"""Words of the headings that open another section; others stand within one."""


_REACH: Final = 2_000
"""Characters that a sentence reaches to either side at most: a text without stops and line ends is no prose."""


_SECTION_REACH: Final = 8_000
"""Two full pages."""


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around these half-open offsets, or the sentences.

    A line's end ends it unless the next line goes on in lower case and this one does not end in a stop.
    """
    begin, furthest = start, max(0, start - _REACH)
    while True:
        line = max(text.rfind("\n", furthest, begin) + 1, furthest)
        if cut := _last_stop(text, line, begin):
            return cut, _end(text, end)
        before = max(text.rfind("\n", furthest, max(line - 1, 0)) + 1, furthest)
        begin = line
        if line == furthest or _ENDS.search(text[before : line - 1]) or not _GOES_ON.match(text, line):
            return begin, _end(text, end)
        begin = line - 1


def section_at(text: str, end: int) -> int:
    """Where the section ends whose heading ends at this offset: before the next heading, or with the text."""
    stop = min(len(text), end + _SECTION_REACH)
    capitals = next((m.start() for m in _CAPITALS.finditer(text, end, stop) if m.start() > end), stop)
    heads = _HEAD.finditer(text, end, capitals)
    return next(
        (m.start() for m in heads if m.start() > end and _at_line(text, m.start()) and _SECTION.search(m[1])), capitals
    )


def _at_line(text: str, at: int) -> bool:
    return not at or text[at - 1] == "\n"


def _last_stop(text: str, line: int, at: int) -> int:
    """Behind the last stop between a line's start and an offset; 0 where there is none."""
    cuts = [m.end() for m in _STOP.finditer(text, line, at) if not _shortens(text, m.start())]
    return cuts[-1] + 1 if cuts else 0


def _shortens(text: str, stop: int) -> bool:
    """Whether what stands before a full stop is an abbreviation."""
    return _ABBREVIATION.search(text[max(0, stop - _LONGEST) : stop]) is not None


def _end(text: str, end: int) -> int:
    furthest = min(len(text), end + _REACH)
    while True:
        line = text.find("\n", end, furthest)
        line = furthest if line < 0 else line
        for stop in _STOP.finditer(text, end, min(line + 1, len(text))):
            if not _shortens(text, stop.start()):
                return stop.end()
        if line == furthest or _ENDS.search(text[end:line]) or not _GOES_ON.match(text, line + 1):
            return line
        end = line + 1
