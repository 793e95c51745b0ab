"""A flat HTML page on sheets of paper: every heading, paragraph and picture whole, tables broken between rows.

Each block is laid out by itself. Left to break a long text over pages, the library (PyMuPDF's Story) loses its place
at some breaks within tables: it then begins anew, and never ends.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final

import pymupdf

PAPER: Final = pymupdf.paper_rect("letter")
_MARGIN_PT: Final = 48
_LEFT, _TOP, _RIGHT, _BOTTOM = _MARGIN_PT, _MARGIN_PT, PAPER.x1 - _MARGIN_PT, PAPER.y1 - _MARGIN_PT
_ENDLESS_PT: Final = 1e6
_BARE: Final = "body { margin: 0; }"
"""Blocks bring their own margins."""
_ROWS: Final = 24
"""Of a table in one piece, each with the headings of its columns."""
_BLOCK: Final = re.compile(r"(?=<(?:h[1-3]|p|table|img)\b)")
_ROW: Final = re.compile(r"<tr>.*?</tr>", re.S)


class _Block:
    """One piece of the page: `kind` is how its tag begins, `height_pt` what it takes of a sheet."""

    def __init__(self, html: str, style: str, images: pymupdf.Archive) -> None:
        self.html = html
        self.kind = html.lstrip("<")[:2]
        self._story = pymupdf.Story(html, user_css=style + _BARE, archive=images)
        _, filled = self._story.place(pymupdf.Rect(_LEFT, 0, _RIGHT, _ENDLESS_PT))
        self.height_pt: float = pymupdf.Rect(filled).y1

    def draw(self, device: pymupdf.DeviceWrapper, top_pt: float) -> None:
        self._story.reset()
        self._story.place(pymupdf.Rect(_LEFT, top_pt, _RIGHT, top_pt + _ENDLESS_PT))
        self._story.draw(device)


def paged(html: str, style: str, images: pymupdf.Archive) -> bytes:
    """A PDF of the body's blocks, none of which stands within another. One that is higher than a sheet is cut off."""
    body = html.partition("<body>")[2].partition("</body>")[0]
    blocks = [block for text in _BLOCK.split(body) if text.strip() for block in _whole(text.strip(), style, images)]
    raw = io.BytesIO()
    writer = pymupdf.DocumentWriter(raw)
    for sheet in _sheets(blocks):
        device = writer.begin_page(PAPER)
        for block, top_pt in sheet:
            block.draw(device, top_pt)
        writer.end_page()
    writer.close()
    return raw.getvalue()


def _whole(text: str, style: str, images: pymupdf.Archive) -> Iterator[_Block]:
    """The block, a table in pieces that a sheet can hold."""
    rows = _ROW.findall(text) if text.startswith("<table") else []
    if len(rows) < 2:
        yield _Block(text, style, images)
        return
    head, rest, most = rows[0], rows[1:], _ROWS
    while rest:
        piece = _Block(f"<table>{head}{''.join(rest[:most])}</table>", style, images)
        if piece.height_pt > (_BOTTOM - _TOP) / 2 and most > 1:
            most = max(1, most * 2 // 3)
            continue
        yield piece
        rest, most = rest[most:], _ROWS


def _sheets(blocks: list[_Block]) -> Iterator[list[tuple[_Block, float]]]:
    """What stands on each sheet, and where. A heading goes with what follows it."""
    sheet: list[tuple[_Block, float]] = []
    at_pt = float(_TOP)
    for number, block in enumerate(blocks):
        needed, follows = block.height_pt, number + 1
        while blocks[follows - 1].kind.startswith("h") and follows < len(blocks):
            needed += blocks[follows].height_pt
            follows += 1
        if sheet and at_pt + needed > _BOTTOM:
            yield sheet
            sheet, at_pt = [], float(_TOP)
        sheet.append((block, at_pt))
        at_pt += block.height_pt
    if sheet:
        yield sheet
