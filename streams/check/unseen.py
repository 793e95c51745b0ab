"""Print that a page holds and does not show, in line with print that it does: in the colour of the paper, clipped away,
or beyond the edge to which the page was cropped.

Programs put much on a page that is not to be seen: marks for who signs, captions of pictures, the rest of a cell, a
printer's marks. None of that is a word in the midst of a line, a line in the midst of a paragraph or of the text's own
size at the text's margin, a social security number, or a patient's name by its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pymupdf

from streams.check.comments import tells_names
from streams.check.covers import DARK, Cover, holds
from streams.check.finding import Found, What
from streams.check.page import PLAIN, Glyph, Page, brightness, found_run, runs, spread

LEAST: Final = 4
_NEAR: Final = 1.2
"""Heights of the line between what is hidden and what is seen."""
_OF_A_SIZE: Final = 0.1
_SIGNS: Final = re.compile(r"[\\{}_<>|#@$~^\[\]*]|[^\W\d]/|/[^\W\d]|[^\W\d]\d|\d[^\W\d]")
"""What marks for programs have and names and numbers have not."""
_IDENTIFIES: Final = re.compile(
    r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|\b(?:ssn|dob|born|mrn)\W{0,3}\d[\d/.-]{4,}", re.IGNORECASE
)
"""A social security number, or figures by their label: no caption and no mark for a program, wherever it stands."""
_NAMED: Final = re.compile(r"\b(?i:patient|client|claimant|witness|victim|minor|name)\W{1,3}(.{4,40})")
_LINE_LETTERS: Final = 8
_LEADING: Final = 2.2
"""Heights from a line to the next one of its paragraph, at most."""
_MARGIN_PT: Final = 1.5
_BEYOND_PT: Final = 72.0


def unseen(page: Page, covers: Sequence[Cover]) -> Iterator[Found]:
    """What of a line shows nothing, though nothing lies over it."""

    def hidden(glyph: Glyph) -> bool:
        if glyph.invisible or any(holds(cover, glyph) for cover in covers):
            return False
        middle = page.middle(glyph)
        return len(middle) > 0 and spread(middle) <= PLAIN // 2 and brightness(middle) >= DARK

    gone = [run for run in runs(page.glyphs, hidden) if len(run) >= LEAST]
    if not gone:
        return
    taken = {id(glyph) for run in gone for glyph in run}
    seen = [g for g in page.glyphs if not g.invisible and id(g) not in taken and not hidden(g)]
    for run in gone:
        beside = _sides(run, seen)
        of_paper = all(abs(brightness(page.middle(g)) - g.gray) * 255 <= PLAIN for g in run)
        # What is clipped is often the end of a text that its cell has no room for.
        clipped = beside == {-1, 1} and not {g.number for g in run} & {g.number for g in seen}
        text = page.text_at(run)
        in_line = ((beside and of_paper) or clipped) and not _SIGNS.search(text)
        identifies = _IDENTIFIES.search(text) or ((named := _NAMED.search(text)) and tells_names(named[1]))
        if in_line or (of_paper and (identifies or _in_paragraph(run, seen))):
            yield from found_run(page, What.UNSEEN, run)


def _sides(run: Sequence[Glyph], seen: Sequence[Glyph]) -> set[int]:
    """On which sides of it, -1 or 1, print of its size is seen in its line."""
    first, last = run[0].box, run[-1].box
    high = first[3] - first[1]
    found = set()
    for glyph in seen:
        left, top, right, bottom = glyph.box
        alike = abs((bottom - top) / max(high, 1e-6) - 1) <= _OF_A_SIZE
        if glyph.level and run[0].level and alike and min(bottom, first[3]) - max(top, first[1]) >= 0.8 * high:
            found |= {-1} if 0 <= first[0] - right + 1 <= _NEAR * high + 1 else set()
            found |= {1} if 0 <= left - last[2] + 1 <= _NEAR * high + 1 else set()
    return found


def _in_paragraph(run: Sequence[Glyph], seen: Sequence[Glyph]) -> bool:
    """Whether it is the line that is missing between two lines that are seen: at their margin, of their size and as far
    from the one as from the other."""
    left, top, _, bottom = run[0].box
    high = bottom - top
    away = [
        glyph.box[1] - top
        for glyph in seen
        if glyph.level
        and abs(glyph.box[0] - left) <= _MARGIN_PT
        and abs((glyph.box[3] - glyph.box[1]) / max(high, 1e-6) - 1) <= _OF_A_SIZE
    ]
    above, below = max((y for y in away if y < 0), default=None), min((y for y in away if y > 0), default=None)
    if above is None or below is None or not run[0].level or len(run) < _LINE_LETTERS:
        return False
    return abs(below + above) <= _OF_A_SIZE * below <= _OF_A_SIZE * _LEADING * high


@dataclass(frozen=True, slots=True)
class _Line:
    box: Any
    letters: int
    size: float


def cropped_away(page: Page) -> Iterator[Found]:
    """Lines above or below the page's edge, as large and as far left as the page's own."""
    whole = pymupdf.Rect(page.page.mediabox)
    if page.page.rotation or (whole.height - page.page.rect.height) < 1:
        return
    lines = [
        _Line(pymupdf.Rect(span["bbox"]), sum(chr(code).isalnum() for code, *_ in span["chars"]), span["size"])
        for span in page.page.get_texttrace()
        if span["dir"][0] > 0.99 and span["type"] == 0
    ]
    inside = [line for line in lines if line.box in page.page.rect and line.letters]
    for line in lines:
        away = max(-line.box.y1, line.box.y0 - page.page.rect.height)
        alike = [
            own
            for own in inside
            if abs(own.box.x0 - line.box.x0) <= _MARGIN_PT and abs(own.size / line.size - 1) <= _OF_A_SIZE / 2
        ]
        if line.letters >= _LINE_LETTERS and 0 <= away <= _BEYOND_PT and len(alike) >= 2:
            x0, y0, x1, y1 = (round(side, 1) for side in line.box)
            yield Found(What.CROPPED_AWAY, page.page.number, (x0, y0, x1, y1), line.letters)
