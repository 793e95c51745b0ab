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
_HANGS: Final = re.compile(
    r"(?:,|&|(?<![^\W_])(?:and|or|with|by|of|for|to|the|a|an|in|on|at|from|his|her|their|is|was|were|has|had|after|since"
    r"|(?:dr|mr|mrs|ms|prof)\.?))\s*$",
    re.I,
)
"""A line's end after which the sentence goes on, however the next line begins."""
_FIGURE: Final = re.compile(r"[ \t]*[~<>≥≤±]?\.?\d")
_MARK: Final = re.compile(r"[ \t]*\(?(\d{1,2})[.)](?=\s)")
_ROW: Final = re.compile(r"[ \t]*(\d{1,4}[/-]\d{1,2}(?:[/-]\d{1,4})?|\d{1,2}:\d\d|\d{4,6})(?!\w)")
"""What rows of a list or a table begin with: a day, a time, a year or a code."""
_NEIGHBOURS: Final = 3
"""Lines to either side in which the next item of a list begins."""
_NEAR: Final = 400
"""Characters that these lines have at most."""
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
_MEASURED: Final = re.compile(
    r"^[ \t]*(?:(?:hb)?a1c|bp|blood pressure|hr|heart rate|pulse|rr|resp\w*|temp\w*|spo2|o2 sat\w*|wt|weight|ht|height"
    r"|bmi|na|sodium|k|potassium|cl|chloride|co2|bun|creatinine|cr|e?gfr|glucose|calcium|ast|alt|alk phos|bilirubin"
    r"|albumin|wbc|rbc|hgb|hemoglobin|hct|hematocrit|plt|platelets?|mcv|inr|ptt?|tsh|ldl|hdl|cholesterol|triglycerides"
    r"|ferritin|psa|cbc|bmp|cmp|lactate|troponin)[ \t]*[:=]?[ \t]*[<>]?\d",
    re.I | re.M,
)
"""A line of laboratory values or vital signs."""
_BLANK: Final = re.compile(r"^[ \t]*$", re.M)


_REACH: Final = 2_000
"""Characters that a sentence reaches to either side at most: a text without stops and line ends is no prose."""


_SECTION_REACH: Final = 8_000
"""Two full pages."""


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around these half-open offsets, or the sentences. In doubt it goes on behind a line's end."""
    begin, furthest = start, max(0, start - _REACH)
    while True:
        line = max(text.rfind("\n", furthest, begin) + 1, furthest)
        if cut := _last_stop(text, line, begin):
            return cut, _end(text, end)
        if line == furthest or not _goes_on(text, line - 1):
            return line, _end(text, end)
        begin = line - 1


def section_at(text: str, end: int, run_in: bool = False) -> int:
    """Where the section ends whose heading ends at this offset: before the next heading, or with the text.

    One whose text begins on the heading's own line, `run_in`, ends at a blank line and before measured values, too.
    """
    stop = min(len(text), end + _SECTION_REACH)
    for ends in (_CAPITALS, *((_BLANK, _MEASURED) if run_in else ())):
        stop = next((m.start() for m in ends.finditer(text, end, stop) if m.start() > end), stop)
    heads = _HEAD.finditer(text, end, stop)
    return next(
        (m.start() for m in heads if m.start() > end and _at_line(text, m.start()) and _SECTION.search(m[1])), stop
    )


def _goes_on(text: str, line_end: int) -> bool:
    """Whether a sentence goes on behind this line's end: not after a stop, nor where another item of a list begins."""
    above = text[max(text.rfind("\n", 0, line_end) + 1, line_end - _REACH) : line_end]
    if _ENDS.search(above) and not _HANGS.search(above):
        return False
    if _GOES_ON.match(text, line_end + 1):
        return True
    if _FIGURE.match(text, line_end + 1):
        return not _is_item(text, line_end + 1)
    return bool(_HANGS.search(above)) and text[line_end + 1 : line_end + 2].strip() != ""


def _is_item(text: str, line: int) -> bool:
    """Whether the line that begins here with a figure is one of several: its neighbours are numbered, or rows as it."""
    mark, row = _MARK.match(text, line), _ROW.match(text, line)
    if not mark and not row:
        return False
    before = text[max(0, line - _NEAR) : line].split("\n")[-1 - _NEIGHBOURS : -1]
    behind = text[line : line + _NEAR].split("\n")[1 : 1 + _NEIGHBOURS]
    if mark:
        return any(m and abs(int(m[1]) - int(mark[1])) == 1 for m in map(_MARK.match, (*before, *behind)))
    shape = _shape(row[1]) if row else ""
    return any(m and _shape(m[1]) == shape for m in map(_ROW.match, (*before, *behind)))


def _shape(figures: str) -> str:
    """Numbers with separators alike however long they are; a code by its length."""
    return re.sub(r"\d+", "9", figures) if not figures.isdigit() else "9" * len(figures)


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
        if line == furthest or not _goes_on(text, line):
            return line
        end = line + 1
