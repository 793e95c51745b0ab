"""Redactions that a PDF brings along: those that do not hold are found in their place, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pymupdf
import pytest

from detectors.geometry import Box
from streams.canaries import documents
from streams.canaries.documents import Format
from streams.decode.decoder import Decoder
from streams.decode.limits import RENDER_DPI
from tests.decode.files import drawing, encoded

DEADLINE_S = 60.0
PLACE = pymupdf.Rect(96, 86, 170, 104)
"""Over the number in the line."""
BLACK, YELLOW, WHITE = (0, 0, 0), (1, 1, 0), (1, 1, 1)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def marked(page: Any, annotation: Any, colour: tuple[float, ...], opacity: float) -> None:
    fill = {"fill": colour} if annotation.type[1] == "Square" else {}
    annotation.set_colors(stroke=colour, **fill)
    annotation.update(opacity=opacity)


def box(page: Any, **style: Any) -> None:
    page.draw_rect(PLACE, color=None, **style)


def pen(page: Any, width: float) -> None:
    middle = (PLACE.y0 + PLACE.y1) / 2
    annotation = page.add_ink_annot([[(PLACE.x0, middle), (PLACE.x1, middle)]])
    annotation.set_border(width=width)
    marked(page, annotation, BLACK, 0.6)


HIDING: dict[str, Callable[[Any], object]] = {
    "a box over live text": lambda page: box(page, fill=BLACK),
    "a box to see through": lambda page: box(page, fill=BLACK, fill_opacity=0.6),
    "a dark box": lambda page: box(page, fill=(0.1, 0.1, 0.4)),
    "black marker": lambda page: marked(page, page.add_highlight_annot(PLACE), (0.2, 0.2, 0.2), 0.8),
    "a square of a viewer's": lambda page: marked(page, page.add_rect_annot(PLACE), BLACK, 0.7),
    "a broad pen": lambda page: pen(page, 14),
    "a mark for removal": lambda page: page.add_redact_annot(PLACE),
}
SHOWING: dict[str, Callable[[Any], object]] = {
    "yellow marker": lambda page: marked(page, page.add_highlight_annot(PLACE), YELLOW, 1.0),
    "white-out": lambda page: box(page, fill=WHITE),
    "a frame": lambda page: page.draw_rect(PLACE, color=BLACK),
    "a rule below": lambda page: page.draw_rect(pymupdf.Rect(60, 102, 500, 104), color=None, fill=BLACK),
    "a box beside": lambda page: page.draw_rect(pymupdf.Rect(60, 120, 500, 140), color=None, fill=BLACK),
    "a line with a pen": lambda page: pen(page, 1),
    "a note": lambda page: page.add_freetext_annot(pymupdf.Rect(300, 300, 400, 330), "See chart"),
    "a link": lambda page: page.insert_link({"kind": pymupdf.LINK_URI, "from": PLACE, "uri": "https://example.org"}),
    "what lies under the print": lambda page: box(page, fill=BLACK, overlay=False),
}


def line(hide: Callable[[Any], object], rotation: int = 0) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_text((72, 100), "SSN 517-48-2931")
        hide(page)
        page.set_rotation(rotation)
        return bytes(document.tobytes())


def found(decoder: Decoder, content: bytes) -> tuple[Box, ...]:
    (page,) = decoder.decode(content, DEADLINE_S)
    return page.redactions


@pytest.mark.parametrize("how", HIDING)
def test_what_does_not_hold_is_found_in_its_place(decoder: Decoder, how: str) -> None:
    (place,) = found(decoder, line(HIDING[how]))
    scale = RENDER_DPI / 72
    wanted = Box.around(((PLACE.x0 * scale, PLACE.y0 * scale), (PLACE.x1 * scale, PLACE.y1 * scale)))
    assert place.overlap(wanted) > 0.7 * max(wanted.area, place.area)


@pytest.mark.parametrize("how", SHOWING)
def test_what_hides_nothing_is_none(decoder: Decoder, how: str) -> None:
    assert found(decoder, line(SHOWING[how])) == ()


@pytest.mark.parametrize("how", ["a box over live text", "a mark for removal", "black marker"])
def test_it_turns_with_the_page(decoder: Decoder, how: str) -> None:
    (place,) = found(decoder, line(HIDING[how], rotation=90))
    scale = RENDER_DPI / 72
    # A quarter clockwise: what was the distance from the bottom is that from the left.
    corners = (((792 - PLACE.y1) * scale, PLACE.x0 * scale), ((792 - PLACE.y0) * scale, PLACE.x1 * scale))
    wanted = Box.around(corners)
    assert place.overlap(wanted) > 0.7 * max(wanted.area, place.area)


@pytest.mark.parametrize(("opacity", "count"), [(0.6, 1), (1.0, 0)])
def test_over_a_scan_a_box_holds_unless_it_can_be_seen_through(decoder: Decoder, opacity: float, count: int) -> None:
    """The scan's pixels under it do not outlive the rendering."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, stream=encoded(drawing(680, 880), "PNG"))
        page.draw_rect(pymupdf.Rect(40, 40, 300, 120), color=None, fill=BLACK, fill_opacity=opacity)
        content = document.tobytes()
    assert len(found(decoder, content)) == count


@pytest.mark.parametrize(("opacity", "count"), [(0.9, 1), (1.0, 0)])
def test_print_drawn_as_paths_shows_through_a_box_like_a_picture(decoder: Decoder, opacity: float, count: int) -> None:
    with pymupdf.open() as document, pymupdf.open() as outlined:
        source = document.new_page(width=612, height=792)
        source.insert_text((72, 100), "SSN 517-48-2931")
        drawn = pymupdf.open("pdf", pymupdf.open("svg", source.get_svg_image().encode()).convert_to_pdf())
        page = outlined.new_page(width=612, height=792)
        page.show_pdf_page(page.rect, drawn)
        page.draw_rect(PLACE, color=None, fill=BLACK, fill_opacity=opacity)
        assert not page.get_text().strip()
        content = outlined.tobytes()
    assert len(found(decoder, content)) == count


EMPTY = b"10 10 m f\n" * 5 + b"10 10 m S\n"
"""Paths without a line: viewers show nothing of them."""


def after_empty_paths(document: Any) -> bytes:
    first = document[0].get_contents()[0]
    document.update_stream(first, EMPTY + document.xref_stream(first))
    return bytes(document.tobytes())


@pytest.mark.parametrize("how", ["a box over live text", "a box to see through", "a dark box"])
def test_empty_paths_put_no_box_under_what_it_hides(decoder: Decoder, how: str) -> None:
    with pymupdf.open(stream=line(HIDING[how])) as document:
        content = after_empty_paths(document)
    assert len(found(decoder, content)) == 1


def test_empty_paths_put_no_picture_over_a_box_that_can_be_seen_through(decoder: Decoder) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(pymupdf.Rect(40, 40, 300, 120), stream=encoded(drawing(520, 160), "PNG"))
        page.draw_rect(pymupdf.Rect(40, 40, 300, 120), color=None, fill=BLACK, fill_opacity=0.6)
        content = after_empty_paths(document)
    assert len(found(decoder, content)) == 1


def test_an_empty_page_brings_none(decoder: Decoder) -> None:
    with pymupdf.open() as document:
        document.new_page()
        content = document.tobytes()
    assert found(decoder, content) == ()


def test_documents_of_ours_bring_none(decoder: Decoder) -> None:
    for document in documents.generate(19, 6, [Format.BORN_DIGITAL_PDF, Format.MIXED_PDF]):
        assert not any(page.redactions for page in decoder.decode(document.content, DEADLINE_S)), document.id
