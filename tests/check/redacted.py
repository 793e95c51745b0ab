"""PDF files with redactions as people make them: some hold, some do not. Each says in its name what was done."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pymupdf
from PIL import Image, ImageDraw, ImageFilter

NAME: Final = "Quenby Starkweather"
LINES: Final = (
    "Discharge summary of the surgical service, first page of three.",
    "The patient came in with shortness of breath and was seen by the team.",
    "Blood pressure 138/82, heart rate 76, temperature 98.6, weight 71 kg.",
    "Medications on arrival: metformin 500 mg twice daily, lisinopril 10 mg.",
    "Lungs were clear, the abdomen was soft, no edema of the lower limbs.",
)
BLACK, WHITE, YELLOW, BLUE, GRAY = (0, 0, 0), (1, 1, 1), (1, 1, 0), (0.3, 0.6, 1), (0.85, 0.85, 0.85)
AT: Final = (72, 300)
PLACE: Final = pymupdf.Rect(68, 288, 190, 305)
"""Over the name that stands at AT."""

Draw = Callable[[Any, Any], object]


def sheet(draw: Draw, rotation: int = 0) -> bytes:
    """A page of print on which something was done."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        for row, line in enumerate(LINES):
            page.insert_text((72, 80 + 30 * row), line)
        draw(document, page)
        page.set_rotation(rotation)
        return bytes(document.tobytes())


def named(draw: Draw, rotation: int = 0, **style: Any) -> bytes:
    """The same with a name, over which something was done."""

    def both(document: Any, page: Any) -> None:
        page.insert_text(AT, NAME, **style)
        draw(document, page)

    return sheet(both, rotation)


def box(page: Any, place: Any = PLACE, fill: Any = BLACK, **style: Any) -> None:
    page.draw_rect(place, color=None, fill=fill, **style)


def marked(annotation: Any, colour: Any, opacity: float = 1.0) -> None:
    fill = {"fill": colour} if annotation.type[1] == "Square" else {}
    annotation.set_colors(stroke=colour, **fill)
    annotation.update(opacity=opacity)


@cache
def scan(whiten: Any = None, blacken: Any = None) -> Image.Image:
    """A page of print as pixels, 150 to the inch, with the name at its place."""
    with pymupdf.open(stream=named(lambda document, page: None)) as document:
        pixmap = document[0].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
        image = Image.frombytes("L", (pixmap.width, pixmap.height), pixmap.samples)
    for place, gray in ((whiten, 255), (blacken, 0)):
        if place:
            ImageDraw.Draw(image).rectangle([side * 150 / 72 for side in place], fill=gray)
    noise = np.random.default_rng(5).normal(0, 3, (image.height, image.width))
    return Image.fromarray((np.asarray(image, float) + noise).clip(0, 255).astype(np.uint8))


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "png", compress_level=1)
    return out.getvalue()


def scanned(image: Image.Image, draw: Draw = lambda document, page: None, words: bool = False) -> bytes:
    """A page that is a picture; with `words` it has the hidden layer that an OCR program leaves."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, stream=png(image))
        if words:
            for row, line in enumerate(LINES):
                page.insert_text((72, 80 + 30 * row), line, render_mode=3)
            page.insert_text(AT, NAME, render_mode=3)
        draw(document, page)
        return bytes(document.tobytes())


def photograph(wide: int, high: int) -> Image.Image:
    """A dark one, with grain and soft light."""
    rng = np.random.default_rng(7)
    soft = Image.fromarray(rng.integers(0, 130, (high // 40, wide // 40)).astype(np.uint8))
    grain = rng.normal(0, 6, (high, wide))
    picture = np.asarray(soft.resize((wide, high), Image.Resampling.BICUBIC), float) + grain
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))


def revised(first: bytes, change: Draw) -> bytes:
    """Saved again as viewers save: behind what was there."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "revised.pdf"
        file.write_bytes(first)
        with pymupdf.open(file) as document:
            change(document, document[0])
            document.saveIncr()
        return file.read_bytes()


def carried_out(document: Any, page: Any) -> None:
    page.add_redact_annot(PLACE, fill=BLACK)
    page.apply_redactions()


def removed(draw: Draw = carried_out, rotation: int = 0) -> bytes:
    """A name that was taken out of the file for good: what had been there is in no revision of it."""
    with pymupdf.open(stream=named(draw, rotation)) as document:
        return bytes(document.tobytes(garbage=4))


def two_pages() -> bytes:
    with pymupdf.open(stream=sheet(lambda document, page: None)) as document:
        document.new_page().insert_text(AT, NAME)
        return bytes(document.tobytes())


def night() -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        box(page, page.rect)
        for row, line in enumerate((*LINES, NAME)):
            page.insert_text((72, 80 + 30 * row), line, color=WHITE)
        return bytes(document.tobytes())


def table(page: Any, ink: Any, ground: Any) -> None:
    for row in range(4):
        place = pymupdf.Rect(72, 400 + 24 * row, 540, 422 + 24 * row)
        box(page, place, ground if row == 0 else WHITE)
        page.insert_text(
            (80, 416 + 24 * row), "Date       Test        Result       Unit", color=ink if row == 0 else BLACK
        )


def layered(document: Any, page: Any, on: bool, text: str = NAME) -> None:
    page.insert_text(AT, text, oc=document.add_ocg("draft", on=on))


def pen(page: Any, points: Any, width: float, colour: Any = BLACK, opacity: float = 1.0) -> None:
    annotation = page.add_ink_annot([points])
    annotation.set_border(width=width)
    marked(annotation, colour, opacity)


def multiplied(page: Any, colour: Any) -> None:
    """A marker over the line, as viewers draw it: it darkens, and covers nothing."""
    marked(page.add_highlight_annot(PLACE), colour)


def label_on(page: Any, text: str, size: float = 9) -> None:
    box(page)
    page.insert_text((90, 300), text, fontsize=size, color=WHITE)


def shapes(colour: Any) -> Draw:
    """Arrows and rings that point something out."""

    def draw(document: Any, page: Any) -> None:
        page.draw_circle((250, 296), 30, color=colour, width=2)
        page.draw_line((300, 296), (400, 296), color=colour, width=3)
        page.draw_rect(PLACE, color=colour, width=1)

    return draw


def form(document: Any, page: Any) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = "note", pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_value, widget.rect, widget.text_fontsize = NAME, pymupdf.Rect(68, 286, 300, 308), 11
    page.add_widget(widget)


def filled(document: Any, page: Any) -> None:
    for widget in page.widgets():
        widget.field_value = "Seen on the ward"
        widget.update()


def covered_form(document: Any, page: Any) -> None:
    form(document, page)
    marked(page.add_rect_annot(pymupdf.Rect(60, 280, 310, 312)), BLACK)


def bars(document: Any, page: Any) -> None:
    for number, height in enumerate((60, 100, 40, 80)):
        place = pymupdf.Rect(100 + 60 * number, 700 - height, 140 + 60 * number, 700)
        box(page, place, (0.1, 0.2, 0.5))
        page.insert_text((108 + 60 * number, 694), str(height), color=WHITE)
        page.insert_text((108 + 60 * number, 690 - height), str(height))


BAD: Final[dict[str, Callable[[], bytes]]] = {
    "a black box over print": lambda: named(lambda d, p: box(p)),
    "a black box on a page that lies on its side": lambda: named(lambda d, p: box(p), rotation=90),
    "a black box over large print": lambda: named(lambda d, p: box(p, pymupdf.Rect(60, 270, 520, 310)), fontsize=26),
    "a black box over small print": lambda: named(lambda d, p: box(p), fontsize=5),
    "a dark blue box": lambda: named(lambda d, p: box(p, fill=(0.05, 0.05, 0.4))),
    "a white box": lambda: named(lambda d, p: box(p, fill=WHITE)),
    "a gray box": lambda: named(lambda d, p: box(p, fill=(0.7, 0.7, 0.7))),
    "one box over a paragraph": lambda: named(lambda d, p: box(p, pymupdf.Rect(60, 60, 520, 240))),
    "a box with round corners": lambda: named(lambda d, p: p.draw_rect(PLACE, color=None, fill=BLACK, radius=0.3)),
    "a box over an age": lambda: sheet(
        lambda d, p: (p.insert_text((72, 300), "Age 47"), box(p, pymupdf.Rect(93, 289, 112, 304)))
    ),
    "a box with a label on it": lambda: named(lambda d, p: label_on(p, "REDACTED")),
    "a box with an exemption on it": lambda: named(lambda d, p: label_on(p, "(b)(6)", 12)),
    "a square of a viewer's": lambda: named(lambda d, p: marked(p.add_rect_annot(PLACE), BLACK)),
    "black marker of a viewer's": lambda: named(lambda d, p: multiplied(p, BLACK)),
    "a broad pen of a viewer's": lambda: named(lambda d, p: pen(p, [(66, 296), (195, 296)], 18)),
    "a thick line": lambda: named(lambda d, p: p.draw_line((66, 296), (195, 296), color=BLACK, width=18)),
    "a picture of nothing over print": lambda: named(
        lambda d, p: p.insert_image(PLACE, stream=png(Image.new("L", (90, 30), 255)), keep_proportion=False)
    ),
    "a black picture over print": lambda: named(
        lambda d, p: p.insert_image(PLACE, stream=png(Image.new("L", (90, 30), 0)), keep_proportion=False)
    ),
    "print in the colour of the box under it": lambda: sheet(
        lambda d, p: (box(p), p.insert_text(AT, NAME, color=BLACK))
    ),
    "a see-through box": lambda: named(lambda d, p: box(p, fill_opacity=0.7)),
    "a see-through box over a scan": lambda: scanned(scan(), lambda d, p: box(p, fill_opacity=0.7)),
    "a mark for removal": lambda: named(lambda d, p: p.add_redact_annot(PLACE)),
    "a mark for removal over a scan": lambda: scanned(scan(), lambda d, p: p.add_redact_annot(PLACE)),
    "a box over a scan": lambda: scanned(scan(), lambda d, p: box(p)),
    "a white box over a scan": lambda: scanned(scan(), lambda d, p: box(p, fill=WHITE)),
    "a square of a viewer's over a scan": lambda: scanned(scan(), lambda d, p: marked(p.add_rect_annot(PLACE), BLACK)),
    "a scan blackened, its words left": lambda: scanned(scan(blacken=PLACE), words=True),
    "a scan whitened, its words left": lambda: scanned(scan(whiten=PLACE), words=True),
    "removed, and saved behind it": lambda: revised(named(lambda d, p: None), carried_out),
    "a page deleted, and saved behind it": lambda: revised(two_pages(), lambda d, p: d.delete_page(1)),
    "a layer switched off": lambda: sheet(lambda d, p: layered(d, p, on=False)),
    "a form field under a square": lambda: sheet(covered_form),
    "upright print under a box": lambda: sheet(
        lambda d, p: (
            p.insert_text((300, 500), NAME, rotate=90),
            box(p, pymupdf.Rect(286, 380, 305, 505)),
        )
    ),
}
GOOD: Final[dict[str, Callable[[], bytes]]] = {
    "print": lambda: sheet(lambda d, p: None),
    "print with a name": lambda: named(lambda d, p: None),
    "a name removed": removed,
    "a name removed on a page that lies on its side": lambda: removed(rotation=90),
    "a name removed, and a label put there": lambda: removed(
        lambda d, p: (carried_out(d, p), p.insert_text((90, 300), "REDACTED", fontsize=9, color=WHITE))
    ),
    "a black box over nothing": lambda: sheet(lambda d, p: box(p)),
    "X for each letter, under a box": lambda: sheet(lambda d, p: (p.insert_text(AT, "XXXXXX XXXXXXXXX"), box(p))),
    "a word for it, under a box": lambda: sheet(lambda d, p: (p.insert_text(AT, "REDACTED"), box(p))),
    "a table with a black head": lambda: sheet(lambda d, p: table(p, WHITE, BLACK)),
    "a table with a blue head": lambda: sheet(lambda d, p: table(p, WHITE, (0.1, 0.2, 0.5))),
    "a table with a gray head": lambda: sheet(lambda d, p: table(p, BLACK, GRAY)),
    "white print on a black page": night,
    "a dark photograph": lambda: sheet(
        lambda d, p: p.insert_image(pymupdf.Rect(72, 350, 540, 700), stream=png(photograph(800, 600)))
    ),
    "a dark photograph with a legend on it": lambda: sheet(
        lambda d, p: (
            p.insert_image(pymupdf.Rect(72, 350, 540, 700), stream=png(photograph(800, 600))),
            box(p, pymupdf.Rect(72, 660, 540, 700), BLACK),
            p.insert_text((90, 685), "The ward at night", color=WHITE),
        )
    ),
    "yellow marker": lambda: named(lambda d, p: multiplied(p, YELLOW)),
    "blue marker": lambda: named(lambda d, p: multiplied(p, BLUE)),
    "green marker to see through": lambda: named(lambda d, p: box(p, fill=(0, 0.8, 0), fill_opacity=0.3)),
    "a shaded line": lambda: named(lambda d, p: box(p, fill=BLACK, fill_opacity=0.12)),
    "a gray ground under a line": lambda: named(lambda d, p: box(p, fill=GRAY, overlay=False)),
    "underlined and struck out": lambda: named(
        lambda d, p: (p.add_underline_annot(PLACE), p.add_strikeout_annot(PLACE))
    ),
    "rings and arrows": lambda: named(shapes((1, 0, 0))),
    "a thin pen": lambda: named(lambda d, p: pen(p, [(66, 290), (120, 310), (195, 290)], 1.5)),
    "a bar chart": lambda: sheet(bars),
    "a scan": lambda: scanned(scan()),
    "a scan with its words": lambda: scanned(scan(), words=True),
    "a blackened scan": lambda: scanned(scan(blacken=PLACE)),
    "a number stamped on a scan": lambda: scanned(
        scan(),
        lambda d, p: (
            box(p, pymupdf.Rect(480, 760, 590, 780), WHITE),
            p.insert_text((485, 775), "ROI 000123"),
        ),
    ),
    "a form that was filled in and saved again": lambda: revised(sheet(lambda d, p: form(d, p)), filled),
    "a note added and saved again": lambda: revised(
        named(lambda d, p: None), lambda d, p: p.add_freetext_annot(pymupdf.Rect(300, 500, 500, 540), "See chart")
    ),
    "a layer that is shown": lambda: sheet(lambda d, p: layered(d, p, on=True)),
    "ticked boxes": lambda: sheet(
        lambda d, p: [
            (p.draw_rect(pymupdf.Rect(72, y, 84, y + 12), color=BLACK), box(p, pymupdf.Rect(74, y + 2, 82, y + 10)))
            for y in (400, 420, 440)
        ]
    ),
    "bold headings and rules": lambda: sheet(
        lambda d, p: (
            p.insert_text((72, 300), "ILLNESS III", fontname="hebo", fontsize=30),
            box(p, pymupdf.Rect(72, 306, 540, 309)),
        )
    ),
    "a link and a note": lambda: named(
        lambda d, p: (
            p.insert_link({"kind": pymupdf.LINK_URI, "from": PLACE, "uri": "https://example.org"}),
            p.add_text_annot((400, 300), "Seen."),
        )
    ),
    "an empty page": lambda: scanned(Image.new("L", (850, 1100), 255)),
}
