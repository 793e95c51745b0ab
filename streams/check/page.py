"""A page as the check looks at it: what it shows, and every glyph that is in the file, seen or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pymupdf
from numpy.typing import NDArray

from streams.check.finding import Found, What

DPI: Final = 144
"""A glyph of eight points has a cell of some 5 by 18 pixels, of which strokes take a third."""
MAX_SIDE_PX: Final = 4000
"""Larger sheets are looked at more coarsely."""
PLAIN: Final = 40
"""Gray levels between the 5th and the 95th percentile of what is of one colour, grain of a scan included."""
_MIDDLE: Final = 0.25
"""Of a cell's height, cut off above and below: there the strokes are, and there a box that is too low still covers."""

UNNAMED: Final = 0xFFFD
"""What MuPDF tells of a glyph of which the file does not say which letter it is."""
_FAR: Final = 3.0
"""Heights of a line between letters of which one is hidden for itself."""
_APART: Final = 0.2
"""Heights of a line between letters of two words."""
_HARMLESS: Final = re.compile(
    r"[x0]+|(?P<any>[^\W\d_])(?P=any){3,}|(?:b[1-9][a-f]?|ex\d)+"
    r"|(?=.*(?:redact|withheld|omitted|deleted|seal|confidential|privilege|exempt|responsive))"
    r"(?:redact(?:ed|ion)?|withheld|omitted|deleted|filed|sealed|confidential|privileged?|exempt(?:ions?)?\d?|nonresponsive"
    r"|underseal|b[1-9][a-f]?|ex\d|attorney|client|personal|private|information|data|name|text|for|from|by"
    r"|publication|release|filing|public|version|order|court|per)+",
    re.IGNORECASE,
)
"""What is put where the text was, as it reads without blanks and signs: X for each letter, words that say so, the
numbers of exemptions."""
_INVISIBLE: Final = 3
"""Text rendering mode 3 (ISO 32000-2, 9.3.6): what OCR programs put under a scan."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter or digit. `number` says when it was drawn; `box` in points of the unturned page."""

    code: int
    number: int
    box: tuple[float, float, float, float]
    gray: float
    """Of its colour, 0 to 1."""
    invisible: bool
    level: bool


class Page:
    """What one page of an open document shows and holds."""

    def __init__(self, page: Any) -> None:
        self.page = page
        longest = max(page.rect.width, page.rect.height, 1.0)
        self.scale = min(DPI / 72, MAX_SIDE_PX / longest)
        self.to_pixels = page.rotation_matrix * pymupdf.Matrix(self.scale, self.scale)

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """What it shows, annotations included, of shape (height, width, 3)."""
        pixmap = self.page.get_pixmap(
            matrix=pymupdf.Matrix(self.scale, self.scale), colorspace=pymupdf.csRGB, alpha=False
        )
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        return rows[:, : pixmap.width * 3].reshape(pixmap.height, pixmap.width, 3)

    @cached_property
    def glyphs(self) -> list[Glyph]:
        """Letters and digits in the order in which they were drawn."""
        told = []
        for span in self.page.get_texttrace():
            colour = span["color"] or (0.0,)
            invisible = span["type"] == _INVISIBLE or span["opacity"] <= 0
            level = abs(span["dir"][0]) >= abs(span["dir"][1])
            gray = (
                1 - min(1.0, sum(colour) - 2 * sum(colour[:3]) / 3) if len(colour) == 4 else sum(colour) / len(colour)
            )
            told += [
                Glyph(code, span["seqno"], tuple(box), gray, invisible, level)
                for code, _, _, box in span["chars"]
                if chr(code).isalnum() or code == UNNAMED
            ]
        return told

    @cached_property
    def _latest(self) -> dict[tuple[int, int, int], int]:
        """When a letter was last drawn to be seen, by its code and the middle of its cell in points."""
        return {(g.code, *_middle_of(g)): g.number for g in self.glyphs if not g.invisible}

    def is_drawn_again(self, glyph: Glyph) -> bool:
        """Whether the same letter was drawn at the same place later: whether it is seen is that one's matter."""
        return self._latest.get((glyph.code, *_middle_of(glyph)), -1) > glyph.number

    def text_at(self, run: Sequence[Glyph]) -> str:
        """All that the file says where these glyphs of one line stand, signs included, in the file's order."""
        place = pymupdf.Rect(run[0].box)
        for glyph in run[1:]:
            place |= pymupdf.Rect(glyph.box)
        numbers = {glyph.number for glyph in run}
        return "".join(
            chr(code)
            for span in self.page.get_texttrace()
            if span["seqno"] in numbers
            for code, _, _, box in span["chars"]
            if place.contains(pymupdf.Point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)) or not chr(code).isalnum()
        )

    def shown(self, box: Any) -> NDArray[np.uint8]:
        """The pixels of a place of the unturned page, of shape (n, 3); none where it lies outside."""
        return self.cut(box).reshape(-1, 3)

    def cut(self, box: Any) -> NDArray[np.uint8]:
        """The same of shape (height, width, 3), as the page is turned."""
        place = (pymupdf.Rect(box) * self.to_pixels).normalize()
        high, wide = self.pixels.shape[:2]
        left, right = max(0, round(place.x0)), min(wide, max(round(place.x1), round(place.x0) + 1))
        top, bottom = max(0, round(place.y0)), min(high, max(round(place.y1), round(place.y0) + 1))
        return self.pixels[top : max(top, bottom), left : max(left, right)]

    def middle(self, glyph: Glyph) -> NDArray[np.uint8]:
        """The pixels where a glyph's strokes are, if they are to be seen."""
        x0, y0, x1, y1 = glyph.box
        if glyph.level:
            cut = (y1 - y0) * _MIDDLE
            return self.shown((x0, y0 + cut, x1, y1 - cut))
        cut = (x1 - x0) * _MIDDLE
        return self.shown((x0 + cut, y0, x1 - cut, y1))

    def on_the_page(self, box: Any) -> tuple[float, float, float, float]:
        """A place of the unturned page as the reader sees it, in points."""
        turned = (pymupdf.Rect(box) * self.page.rotation_matrix).normalize()
        return (round(turned.x0, 1), round(turned.y0, 1), round(turned.x1, 1), round(turned.y1, 1))


def _middle_of(glyph: Glyph) -> tuple[int, int]:
    x0, y0, x1, y1 = glyph.box
    return round((x0 + x1) / 2), round((y0 + y1) / 2)


def spread(pixels: NDArray[np.uint8]) -> int:
    """Gray levels from the 5th to the 95th percentile, of the channel in which they are most."""
    ordered = np.sort(pixels, axis=0)
    low, high = ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20]
    return int((high.astype(int) - low).max())


def brightness(pixels: NDArray[np.uint8]) -> float:
    """The median as the eye weighs colours, 0 to 1 (ITU-R BT.601)."""
    return float(np.median(pixels @ np.array([0.299, 0.587, 0.114])) / 255)


def runs(glyphs: Iterable[Glyph], hidden: Callable[[Glyph], bool]) -> Iterator[list[Glyph]]:
    """Hidden glyphs that follow one another in one line."""
    run: list[Glyph] = []
    for glyph in glyphs:
        is_hidden = hidden(glyph)
        if run and not (is_hidden and _follows(run[-1], glyph, _FAR)):
            yield run
            run = []
        if is_hidden:
            run.append(glyph)
    if run:
        yield run


def words(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs that stand together."""
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and not _follows(word[-1], glyph, _APART):
            yield word
            word = []
        word.append(glyph)
    if word:
        yield word


def found_run(page: Page, what: What, run: Sequence[Glyph]) -> Iterator[Found]:
    """A run of hidden glyphs, unless it says only that something was taken out."""
    if not _HARMLESS.fullmatch("".join(chr(glyph.code) for glyph in run)):
        box = pymupdf.Rect(run[0].box)
        for glyph in run[1:]:
            box |= pymupdf.Rect(glyph.box)
        yield Found(what, page.page.number, page.on_the_page(box), len(run))


def _follows(one: Glyph, other: Glyph, apart: float) -> bool:
    """Whether both stand in one line, at most so many of its heights apart."""
    along, across = (0, 1) if one.level else (1, 0)
    a, b = one.box, other.box
    high = min(a[across + 2] - a[across], b[across + 2] - b[across])
    same_line = min(a[across + 2], b[across + 2]) - max(a[across], b[across]) > 0.4 * high
    return same_line and max(a[along], b[along]) - min(a[along + 2], b[along + 2]) <= apart * max(high, 1.0)
