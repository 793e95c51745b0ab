"""Reads a page: a view for the engine, and every word back in source pixels, in lines and in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, PageReading, Word
from detectors.reading.engines.engine import Engine, EngineWord
from detectors.reading.strays import with_strays
from detectors.reading.views.skew import has_print, ink, runs_down
from detectors.reading.views.view import View, laid, levelled, turned

POOR_CONFIDENCE: Final = 50.0
"""Mean confidence, by letters, below which the page may stand on its head: measured on dense pages, upright ones
read at 83 to 96, even under heavy noise, and turned ones at 14 to 19."""


TALL_SHARE: Final = 0.5
"""Share of the letters of longer words in boxes higher than wide, above which lines run down the view: Tesseract
reads print that was turned clockwise as well as upright print, but its words then face the wrong way."""
_LONGER: Final = 3


def read_page(page: PageRaster, engine: Engine, *, in_even_light: bool = True) -> PageReading:
    """Everything that the engine reads on the page, turned as it reads best; a coarse scan in even light or as it fell.

    One look where the first is good. Where it is poor, or its words run down, the page is turned: from its side
    where its lines run down, upside down where they run across. Raises RedoubtError(READER_FAILED).
    """
    view = laid(page, in_even_light=in_even_light)
    best = _look(view, engine)
    if not best.good and has_print(ink(view.gray)):
        for quarters in _turns(view, best):
            look = _look(turned(view, quarters), engine)
            best = max(best, look, key=lambda found: (found.good, not found.sideways, found.confidence))
            if best.good:
                break
    return placed(page, engine.name, best.view, with_strays(best.view.gray, best.words))


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    view: View
    words: tuple[EngineWord, ...]
    confidence: float
    sideways: bool

    @property
    def good(self) -> bool:
        return self.confidence >= POOR_CONFIDENCE and not self.sideways


def _look(view: View, engine: Engine) -> _Look:
    view = levelled(view)
    words = tuple(engine.words(view.gray, view.dpi))
    letters = sum(len(word.text) for word in words)
    confidence = sum(len(word.text) * word.confidence for word in words) / letters if letters else 0.0
    longer = [word for word in words if len(word.text) >= _LONGER]
    tall = sum(len(word.text) for word in longer if word.box.height > word.box.width)
    return _Look(view, words, confidence, tall > TALL_SHARE * max(sum(len(word.text) for word in longer), 1))


def _turns(view: View, first: _Look) -> tuple[int, ...]:
    """Quarters of a circle, clockwise, to try after a first look that was not good."""
    if first.sideways and first.confidence >= POOR_CONFIDENCE:
        return (3,)
    return (1, 3) if runs_down(ink(view.gray)) else (2,)


def placed(page: PageRaster, name: str, view: View, found: Sequence[EngineWord]) -> PageReading:
    """Words placed in source pixels; text joins them by a space, and lines by a line feed."""
    pieces: list[str] = []
    words: list[Word] = []
    offset = 0
    line, previous = -1, None
    for item in found:
        if item.line != previous:
            line, previous = line + 1, item.line
            separator = "\n" if words else ""
        else:
            separator = " "
        try:
            region = view.region(item.box)
        except ValueError:
            raise RedoubtError(Reason.READER_FAILED) from None
        start = offset + len(separator)
        offset = start + len(item.text)
        pieces += (separator, item.text)
        words.append(Word(item.text, item.confidence, region, line, start, offset))
    return PageReading(page.width, page.height, page.dpi, tuple(words), "".join(pieces), name)
