"""A page without colour is drawn in gray, and looks as it would in colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pymupdf
import pytest

from streams.decode.pixmaps import is_colourless, rendered, view

DPI = 100


def picture(space: Any) -> Any:
    pixmap = pymupdf.Pixmap(space, pymupdf.IRect(0, 0, 30, 30))
    pixmap.clear_with(100)
    return pixmap


def text(*colour: float) -> Callable[[Any], object]:
    return lambda page: page.insert_text((60, 300), "Diagnosis: none", color=colour)


def box(*colour: float, opacity: float = 1.0) -> Callable[[Any], object]:
    return lambda page: page.draw_rect((50, 50, 200, 320), fill=colour, color=None, fill_opacity=opacity)


def image(space: Any) -> Callable[[Any], object]:
    return lambda page: page.insert_image((50, 50, 150, 150), pixmap=picture(space))


def both(*drawn: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda page: [each(page) for each in drawn]


def field(colour: tuple[float, ...]) -> Callable[[Any], object]:
    def filled(page: Any) -> None:
        widget = pymupdf.Widget()
        widget.field_type, widget.field_name = pymupdf.PDF_WIDGET_TYPE_TEXT, "name"
        widget.rect, widget.field_value = pymupdf.Rect(60, 400, 200, 420), "Kowalski"
        widget.text_color = widget.fill_color = colour
        page.add_widget(widget)

    return filled


GRAY = {
    "black text": text(0, 0, 0),
    "gray text": text(0.3, 0.3, 0.3),
    "gray of one channel": text(0.4),
    "gray boxes that are seen through": both(text(0, 0, 0), box(0.5, 0.5, 0.5, opacity=0.4), box(0.7, opacity=0.3)),
    "a gray picture": image(pymupdf.csGRAY),
    "an empty page": lambda page: None,
}
COLOURED = {
    "red text": text(1, 0, 0),
    "text that is almost gray": text(0.3, 0.3, 0.4),
    "a box in yellow": box(1, 1, 0),
    "a picture in colour": image(pymupdf.csRGB),
    "black in four colours": text(0, 0, 0, 1),
    "a note in colour over gray": both(text(0, 0, 0), lambda page: page.add_highlight_annot((60, 290, 100, 305))),
    "a field in colour": field((0, 0, 1)),
    "colour that shows behind gray": both(box(0.9, 0.9, 0.2), text(0, 0, 0)),
}


def listed(draw: Callable[[Any], object]) -> tuple[Any, Any]:
    with pymupdf.open() as document:
        draw(document.new_page(width=300, height=500))
        content = document.tobytes()
    opened = pymupdf.open(stream=content, filetype="pdf")
    return opened, opened[0].get_displaylist()


@pytest.mark.parametrize("draw", GRAY.values(), ids=GRAY)
def test_what_has_no_colour_is_drawn_in_gray_as_it_would_be_in_three_channels(draw: Callable[[Any], object]) -> None:
    document, page = listed(draw)
    shown = rendered(page, DPI)
    assert shown.n == 1
    three = document[0].get_pixmap(dpi=DPI, colorspace=pymupdf.csRGB, alpha=False)
    apart = view(three).astype(np.int16) - view(shown)
    assert np.abs(apart).max() <= 1  # which way a half is rounded


@pytest.mark.parametrize("draw", COLOURED.values(), ids=COLOURED)
def test_what_has_a_colour_is_drawn_in_three_channels(draw: Callable[[Any], object]) -> None:
    document, page = listed(draw)
    assert not is_colourless(page)
    three = document[0].get_pixmap(dpi=DPI, colorspace=pymupdf.csRGB, alpha=False)
    assert np.array_equal(view(rendered(page, DPI)), view(three))


def test_asking_for_colour_leaves_no_message() -> None:
    pymupdf.TOOLS.reset_mupdf_warnings()
    for draw in (*GRAY.values(), *COLOURED.values()):
        _document, page = listed(draw)
        is_colourless(page)
    assert not pymupdf.TOOLS.mupdf_warnings()
