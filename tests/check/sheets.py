"""Pages of print and scans, on which the tables of this folder redact something, well or badly."""

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


def pen(page: Any, points: Any, width: float, colour: Any = BLACK, opacity: float = 1.0) -> None:
    annotation = page.add_ink_annot([points])
    annotation.set_border(width=width)
    marked(annotation, colour, opacity)


def multiplied(page: Any, colour: Any) -> None:
    """A marker over the line, as viewers draw it: it darkens, and covers nothing."""
    marked(page.add_highlight_annot(PLACE), colour)


def form(document: Any, page: Any) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = "note", pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_value, widget.rect, widget.text_fontsize = NAME, pymupdf.Rect(68, 286, 300, 308), 11
    page.add_widget(widget)


def grown(*sides: float) -> Any:
    """The place with its sides moved by so much."""
    return pymupdf.Rect(PLACE) + pymupdf.Rect(*sides)


def reopened(content: bytes, change: Callable[[Any], object], **saving: Any) -> bytes:
    with pymupdf.open(stream=content) as document:
        change(document)
        return bytes(document.tobytes(**saving))


def drawn(document: Any, page: Any, code: str, resources: str = "") -> None:
    """Code of a content stream behind what the page shows; coordinates have their origin at the bottom."""
    page.clean_contents()
    xref = page.get_contents()[0]
    document.update_stream(xref, document.xref_stream(xref) + b"\nQ q " + code.encode() + b" Q q\n")
    if resources:
        kind, value = resources.split(" ", 1)
        document.xref_set_key(page.xref, f"Resources/{kind}", value)


def coded(code: str, kind: str = "", make: Callable[[Any], str] | None = None) -> bytes:
    """The name, and over it what a content stream's code draws with a resource that `make` adds to the document."""

    def draw(document: Any, page: Any) -> None:
        drawn(document, page, code, f"{kind} <</X {make(document)}>>" if make else "")

    return named(draw)


def added(document: Any, keys: str, stream: bytes | None = None) -> str:
    xref = document.get_new_xref()
    document.update_object(xref, f"<<{keys}>>")
    if stream is not None:
        document.update_stream(xref, stream)
    return f"{xref} 0 R"


def sections(page: Any) -> None:
    """A form as governments print it: black heads with white numbers, frames, and places to fill in."""
    for row, head in enumerate(("1", "2a", "17", "Part III  Provider")):
        top = 420 + 40 * row
        box(page, pymupdf.Rect(72, top, 92 if len(head) < 4 else 540, top + 14))
        page.insert_text((75, top + 11), head, fontsize=9, color=WHITE)
        page.draw_rect(pymupdf.Rect(72, top + 14, 540, top + 34), color=BLACK, width=0.8)
        page.insert_text((76, top + 28), "Name of the insured person", fontsize=8)
