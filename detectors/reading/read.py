"""Reads a page: a view for the engine, and every word back in source pixels, in lines and in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, PageReading, Word
from detectors.reading.engine import Engine, EngineWord
from detectors.reading.views import View, prepare


def read_page(page: PageRaster, engine: Engine) -> PageReading:
    """Everything that the engine reads on the page. Raises RedoubtError(READER_FAILED)."""
    view = prepare(page)
    return _reading(page, engine.name, view, engine.words(view.gray, view.dpi))


def _reading(page: PageRaster, name: str, view: View, found: Sequence[EngineWord]) -> PageReading:
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
