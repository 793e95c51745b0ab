"""What a file holds and does not show: revisions, layers, attachments, thumbnails, comments, print that is not seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pymupdf
from PIL import Image

from tests.check.sheets import (
    AT,
    BLACK,
    LINES,
    NAME,
    PLACE,
    WHITE,
    added,
    box,
    carried_out,
    drawn,
    form,
    marked,
    named,
    photograph,
    png,
    removed,
    reopened,
    revised,
    scan,
    sections,
    sheet,
)


def two_pages() -> bytes:
    with pymupdf.open(stream=sheet(lambda document, page: None)) as document:
        document.new_page().insert_text(AT, NAME)
        return bytes(document.tobytes())


def layered(document: Any, page: Any, on: bool, text: str = NAME) -> None:
    page.insert_text(AT, text, oc=document.add_ocg("draft", on=on))


def filled(document: Any, page: Any) -> None:
    for widget in page.widgets():
        widget.field_value = "Seen on the ward"
        widget.update()


def with_thumbnail(content: bytes, shown: Image.Image) -> bytes:
    """A small picture of the page in the file, as programs leave it for their lists of pages."""
    small = shown.convert("L").resize((306, 396))

    def change(document: Any) -> None:
        keys = f"/Type/XObject/Subtype/Image/Width {small.width}/Height {small.height}/ColorSpace/DeviceGray"
        document.xref_set_key(document[0].xref, "Thumb", added(document, keys + "/BitsPerComponent 8", small.tobytes()))

    return reopened(content, change)


def attached(content: bytes, name: str, data: bytes) -> bytes:
    return reopened(content, lambda d: d.embfile_add(name, data))


def printers_marks(document: Any, page: Any) -> None:
    page.insert_text((10, 14), "job 4471 sheet 3 of 8 cyan magenta")
    box(page, pymupdf.Rect(300, 4, 330, 18))
    page.set_cropbox(pymupdf.Rect(30, 30, 580, 760))


def line_of(document: Any, page: Any, *parts: tuple[str, tuple[int, int, int]], y: float = 300) -> None:
    """Words of a line, each in its colour."""
    x, font = 72.0, pymupdf.Font("helv")
    for text, colour in parts:
        page.insert_text((x, y), text, color=colour)
        x += font.text_length(text, 11)


def commented(page: Any, comment: str) -> None:
    annotation = page.add_rect_annot(PLACE)
    annotation.set_info(content=comment)
    marked(annotation, BLACK)


def clipped(document: Any, page: Any) -> None:
    code = (("Patient: ", 72, False), ("Quenby Starkweather", 118, True), ("was seen today.", 225, False))
    drawn(
        document,
        page,
        " ".join(
            f"q {'0 0 9 9 re W n ' if hidden else ''}BT /helv 11 Tf {x} 492 Td ({text}) Tj ET Q"
            for text, x, hidden in code
        ),
    )


def cropped(words: str, size: float, left: float = 72) -> bytes:
    content = sheet(lambda d, p: p.insert_text((left, 50), words, fontsize=size))
    return reopened(content, lambda d: d[0].set_cropbox(pymupdf.Rect(0, 60, 612, 792)))


def paragraph(white: int, letters: str = "") -> bytes:
    """Lines as close as print sets them, one of them in the paper's colour; counted from 0."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        for row, line in enumerate(LINES):
            words, ink = (letters or line, WHITE) if row == white else (line, BLACK)
            page.insert_text((72, 80 + 14 * row), words, color=ink)
        return bytes(document.tobytes())


BAD: Final[dict[str, Callable[[], bytes]]] = {
    "removed, and saved behind it": lambda: revised(named(lambda d, p: None), carried_out),
    "a page deleted, and saved behind it": lambda: revised(two_pages(), lambda d, p: d.delete_page(1)),
    "a layer switched off": lambda: sheet(lambda d, p: layered(d, p, on=False)),
    "removed, its thumbnail left": lambda: with_thumbnail(removed(), scan()),
    "removed, the original attached": lambda: attached(removed(), "original.pdf", named(lambda d, p: None)),
    "the original attached to the page": lambda: reopened(
        removed(), lambda d: d[0].add_file_annot((500, 100), named(lambda d, p: None), "original.pdf")
    ),
    "removed on a page that lies on its side, and saved behind it": lambda: revised(
        named(lambda d, p: None, rotation=90), carried_out
    ),
    "white print in a line": lambda: sheet(
        lambda d, p: line_of(d, p, ("Patient: ", BLACK), (NAME, WHITE), (" was seen.", BLACK))
    ),
    "a number in white, alone": lambda: sheet(lambda d, p: p.insert_text(AT, f"{NAME} 512-48-9937", color=WHITE)),
    "a box with a name in its comment": lambda: sheet(lambda d, p: commented(p, f"was {NAME}")),
    "a box with a number in its comment": lambda: sheet(lambda d, p: commented(p, "was 00482193")),
    "print that is clipped away": lambda: sheet(clipped),
    "a line cropped away": lambda: cropped(f"Patient: {NAME}", 11),
    "an attachment with a box": lambda: attached(sheet(lambda d, p: None), "copy.pdf", named(lambda d, p: box(p))),
    "a line of a paragraph in white": lambda: paragraph(2),
    "a patient's name in white, alone": lambda: sheet(lambda d, p: p.insert_text(AT, f"Patient: {NAME}", color=WHITE)),
    "a box with a birthday in its comment": lambda: sheet(lambda d, p: commented(p, "DOB 03/04/1961")),
    "a box with a birthday in words in its comment": lambda: sheet(lambda d, p: commented(p, "born on March 4, 1961")),
}


GOOD: Final[dict[str, Callable[[], bytes]]] = {
    "a form that was filled in and saved again": lambda: revised(sheet(lambda d, p: form(d, p)), filled),
    "a note added and saved again": lambda: revised(
        named(lambda d, p: None), lambda d, p: p.add_freetext_annot(pymupdf.Rect(300, 500, 500, 540), "See chart")
    ),
    "a layer that is shown": lambda: sheet(lambda d, p: layered(d, p, on=True)),
    "a link and a note": lambda: named(
        lambda d, p: (
            p.insert_link({"kind": pymupdf.LINK_URI, "from": PLACE, "uri": "https://example.org"}),
            p.add_text_annot((400, 300), "Seen."),
        )
    ),
    "title, author and keywords": lambda: reopened(
        named(lambda d, p: None), lambda d: d.set_metadata({"title": NAME, "author": NAME, "keywords": "ward"})
    ),
    "an outline": lambda: reopened(sheet(lambda d, p: None), lambda d: d.set_toc([[1, "Summary", 1]])),
    "an attachment that is a table": lambda: attached(sheet(lambda d, p: None), "values.csv", b"day,value\n1,2\n"),
    "an attachment that is another document": lambda: attached(
        sheet(lambda d, p: None), "consent.pdf", named(lambda d, p: sections(p))
    ),
    "removed, the redacted one attached as well": lambda: attached(removed(), "copy.pdf", removed()),
    "removed, and a thumbnail of that": lambda: with_thumbnail(removed(), scan(blacken=PLACE)),
    "a script": lambda: reopened(
        sheet(lambda d, p: None),
        lambda d: d.xref_set_key(d.pdf_catalog(), "OpenAction", "<</S/JavaScript/JS(app.alert\\('read me'\\))>>"),
    ),
    "a printer's marks outside the page": lambda: sheet(printers_marks),
    "white print on white": lambda: sheet(lambda d, p: p.insert_text(AT, "Picture: the ward at night", color=WHITE)),
    "a box with its reason in a comment": lambda: sheet(
        lambda d, p: commented(
            p, "Redacted by Privacy Office: Social Security Number, 45 CFR 164.514(b)(2), Exemption 6"
        )
    ),
    "a box with who drew it and when in a comment": lambda: sheet(
        lambda d, p: commented(p, f"Redacted 3/14/2023 by {NAME}")
    ),
    "a black box on which a viewer says what it is": lambda: sheet(lambda d, p: commented(p, "Black square")),
    "a version in white, alone": lambda: sheet(lambda d, p: p.insert_text(AT, "Form 3015-22 of 2021", color=WHITE)),
    "invisible print beside a picture": lambda: sheet(
        lambda d, p: (
            p.insert_image(pymupdf.Rect(72, 350, 540, 700), stream=png(photograph(800, 600))),
            p.insert_text((72, 720), "The ward at night", render_mode=3),
        )
    ),
    "turned and saved again": lambda: revised(named(lambda d, p: None), lambda d, p: p.set_rotation(90)),
    "cropped a little and saved again": lambda: revised(
        named(lambda d, p: None), lambda d, p: p.set_cropbox(pymupdf.Rect(20, 20, 592, 772))
    ),
    "noted on a page that lies on its side, and saved behind it": lambda: revised(
        named(lambda d, p: None, rotation=90),
        lambda d, p: p.add_freetext_annot(pymupdf.Rect(300, 500, 500, 540), "See chart"),
    ),
    "marks for who signs": lambda: sheet(
        lambda d, p: (
            line_of(d, p, ("Signature: ", BLACK), ("/sign/", WHITE), (" Date: ", BLACK), ("DocuSignDate1", WHITE)),
            line_of(d, p, ("Signed ", BLACK), ("{{Sig_es_:signer:signature}}", WHITE), y=320),
        )
    ),
    "a head of another size cropped away": lambda: cropped("Annals of Surgery, volume three", 8),
    "a number in the margin cropped away": lambda: cropped("sheet 3 of 8 cyan magenta", 11, left=300),
    "a picture of it attached": lambda: attached(removed(), "page.png", png(scan(blacken=PLACE))),
    "packed into object streams, removed": lambda: reopened(
        removed(), lambda d: None, garbage=3, deflate=True, use_objstms=1
    ),
    "the page with the removed name put last": lambda: reopened(
        reopened(removed(carried_out), lambda d: d.new_page()), lambda d: d.move_page(0, -1)
    ),
    "the last line of a paragraph in white": lambda: paragraph(4),
    "a few letters in white in a paragraph": lambda: paragraph(2, "anchor"),
    "labels in white": lambda: sheet(
        lambda d, p: (
            p.insert_text(AT, "Patient Name Label Here", color=WHITE),
            p.insert_text((72, 340), "Patient: signature", color=WHITE),
        )
    ),
    "a box with a birthday's rule in its comment": lambda: sheet(
        lambda d, p: commented(p, "Birth date; see policy 12.4 of 1/1/2020")
    ),
    "a box with the day of its drawing in its comment": lambda: sheet(
        lambda d, p: commented(p, "Date of birth. Redacted 03/14/2023")
    ),
}
