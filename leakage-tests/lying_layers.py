"""Documents whose text layer lies, as a table: each shows a name that its layer hides, or hides a name that it shows.

`shown` stands on the page for any eye to see, and the layer does not say so; where it is empty the layer says what
nobody can see. Sources: "PDFShadow" attacks (NDSS 2021), "PDF Mirage" (Markwood and others, USENIX Security 2017),
and the layers that OCR programs leave under scans.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pymupdf
from PIL import Image

from detectors.pages import LayerState

LINES = (
    "Discharge summary of the surgical service, first page of three.",
    "The patient came in with shortness of breath and was seen by the team.",
    "Blood pressure 138/82, heart rate 76, temperature 98.6, weight 71 kg.",
    "Medications on arrival: metformin 500 mg twice daily, lisinopril 10 mg.",
    "Lungs were clear, the abdomen was soft, no edema of the lower limbs.",
    "Plan: low sodium diet, more exercise, and another visit in 14 days.",
    "Questions are answered by the clinic between 8 and 17 on weekdays.",
)
SIZE_PT = 11
NAME = "Wolfgang"
AT = (60, 320)

Drawing = Callable[[pymupdf.Document, pymupdf.Page], None]


@dataclass(frozen=True, slots=True)
class Lie:
    name: str
    build: Callable[[], bytes]
    state: LayerState
    """What has to be said of the layer."""
    shown: str = ""


def _document() -> pymupdf.Document:
    document = pymupdf.open()
    page = document.new_page(width=612, height=420)
    writer = pymupdf.TextWriter(page.rect)
    for row, line in enumerate(LINES):
        writer.append((60, 60 + 24 * row), line, font=pymupdf.Font("helv"), fontsize=SIZE_PT)
    writer.write_text(page)
    return document


def honest() -> bytes:
    """The same page without a lie."""
    return pdf(lambda document, page: None)()


def pdf(draw: Drawing) -> Callable[[], bytes]:
    def build() -> bytes:
        with _document() as document:
            draw(document, document[0])
            return bytes(document.tobytes(garbage=3, deflate=True))

    return build


def outlined(page: pymupdf.Page, at: tuple[float, float], text: str, size: float = SIZE_PT) -> None:
    """The text drawn as shapes: everybody reads it, and no layer says it."""
    with pymupdf.open() as other:
        sheet = other.new_page(width=page.rect.width, height=page.rect.height)
        sheet.insert_text(at, text, fontsize=size)
        svg = sheet.get_svg_image(text_as_path=True)
    with pymupdf.open(stream=svg.encode(), filetype="svg") as shapes:
        page.show_pdf_page(page.rect, pymupdf.open("pdf", shapes.convert_to_pdf()), 0)


def _hidden_mode(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text(AT, "without", fontsize=SIZE_PT, render_mode=3)
    outlined(page, AT, NAME)


def _white(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text((60, 250), "and no news of anybody", fontsize=SIZE_PT, color=(1, 1, 1))


def _transparent(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text((60, 250), "and no news of anybody", fontsize=SIZE_PT, fill_opacity=0)


def _tiny(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text((60, 250), "and no news of anybody", fontsize=1)


def _outside(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.set_mediabox(pymupdf.Rect(0, 0, 900, 420))
    page.insert_text((700, 250), "and no news of anybody", fontsize=SIZE_PT)
    page.set_cropbox(pymupdf.Rect(0, 0, 612, 420))


def _clipped(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text((60, 250), "and no news", fontsize=SIZE_PT)
    xref = page.get_contents()[-1]
    document.update_stream(xref, b"q 0 0 1 1 re W n " + document.xref_stream(xref) + b" Q")


def _under_image(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text((60, 250), "and no news", fontsize=SIZE_PT)
    white = io.BytesIO()
    Image.new("L", (200, 40), 255).save(white, "png")
    page.insert_image(pymupdf.Rect(50, 230, 300, 260), stream=white.getvalue(), keep_proportion=False)


def _over_a_word(document: pymupdf.Document, page: pymupdf.Page) -> None:
    """One word of the page says another: it is covered with paper, and the name drawn over it as shapes."""
    cell = page.search_for("exercise,")[0]
    page.draw_rect(cell, color=None, fill=(1, 1, 1))
    outlined(page, (cell.x0, cell.y1 - 3), NAME, 10)


def _mapped(text: str, told: str) -> Drawing:
    """A font of its own whose map to Unicode turns letters: the page shows `text`, the layer says `told`."""

    def draw(document: pymupdf.Document, page: pymupdf.Page) -> None:
        font = pymupdf.Font("figo")
        writer = pymupdf.TextWriter(page.rect)
        writer.append(AT, text, font=font, fontsize=SIZE_PT)
        writer.write_text(page)
        glyphs = {font.has_glyph(ord(shown)): said for shown, said in zip(text, told, strict=True)}
        entries = "\n".join(f"<{glyph:04x}> <{ord(said):04x}>" for glyph, said in glyphs.items())
        table = f"{_MAP_HEAD}{len(glyphs)} beginbfchar\n{entries}\nendbfchar\n{_MAP_TAIL}"
        for xref in range(1, document.xref_length()):
            kind, value = document.xref_get_key(xref, "ToUnicode")
            if kind == "xref" and "Fira" in document.xref_get_key(xref, "BaseFont")[1]:
                document.update_stream(int(value.split()[0]), table.encode())

    return draw


_MAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_MAP_TAIL = "endcmap\nend\nend\n"


def _old_reading() -> bytes:
    """A scan with the layer that an earlier reading left, wrong in the name."""
    with _document() as document:
        document[0].insert_text(AT, f"Seen by {NAME} today", fontsize=SIZE_PT)
        picture = document[0].get_pixmap(dpi=150).tobytes("png")
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=420)
        page.insert_image(page.rect, stream=picture)
        for row, line in enumerate(LINES):
            page.insert_text((60, 60 + 24 * row), line, fontsize=SIZE_PT, render_mode=3)
        page.insert_text(AT, "Seen by nobody today", fontsize=SIZE_PT, render_mode=3)
        return bytes(document.tobytes())


LIES = (
    Lie("hidden text over a drawn name", pdf(_hidden_mode), LayerState.CONTRADICTED, NAME),
    Lie("white on white", pdf(_white), LayerState.INVISIBLE),
    Lie("no opacity", pdf(_transparent), LayerState.INVISIBLE),
    Lie("tiny", pdf(_tiny), LayerState.TINY),
    Lie("outside the crop box", pdf(_outside), LayerState.OUTSIDE),
    Lie("clipped away", pdf(_clipped), LayerState.INVISIBLE),
    Lie("covered by a picture", pdf(_under_image), LayerState.INVISIBLE),
    Lie("one word of a hundred drawn over", pdf(_over_a_word), LayerState.CONTRADICTED, NAME),
    Lie("a map that turns digits", pdf(_mapped("4471902", "5582013")), LayerState.CONTRADICTED, "4471902"),
    Lie("a map that turns letters", pdf(_mapped(NAME, "theyrenu")), LayerState.CONTRADICTED, NAME),
    Lie("an old reading under a scan", _old_reading, LayerState.UNDER_SCAN, NAME),
)  # fmt: skip
