"""More PDF files with redactions, by how programs draw them, and as many files that look like redacted and are not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pymupdf
from PIL import Image, ImageDraw, ImageFilter

from tests.check.redacted import (
    AT,
    BLACK,
    BLUE,
    GRAY,
    LINES,
    NAME,
    PLACE,
    WHITE,
    Draw,
    box,
    carried_out,
    form,
    marked,
    named,
    photograph,
    png,
    removed,
    revised,
    scan,
    scanned,
    sheet,
)


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


def pattern(document: Any) -> str:
    keys = "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 4 4]/XStep 4/YStep 4/Resources<<>>"
    return added(document, keys, b"0 g 0 0 4 4 re f")


def shading(document: Any) -> str:
    function = "/FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[0.1 0.1 0.1]/N 1"
    return added(
        document,
        f"/ShadingType 2/ColorSpace/DeviceRGB/Coords[68 0 190 0]/Extend[true true]/Function<<{function}>>",
    )


def form_object(document: Any) -> str:
    return added(document, "/Type/XObject/Subtype/Form/BBox[0 0 612 792]", b"0 g 68 487 122 17 re f")


def hatched(page: Any) -> None:
    """A pen going to and fro: no line is broad, together they hide."""
    for row in range(18):
        page.draw_line((66, 288 + row), (192, 288 + row), color=BLACK, width=1.2)


def outlined(page: Any) -> None:
    """The name as paths, as drawing programs write it, under a box."""
    with pymupdf.open() as source:
        source.new_page(width=612, height=792).insert_text(AT, NAME)
        svg = source[0].get_svg_image(text_as_path=True)
    with pymupdf.open(stream=svg.encode(), filetype="svg") as drawing:
        converted = drawing.convert_to_pdf()
    with pymupdf.open(stream=converted) as source:
        page.show_pdf_page(page.rect, source)


def type3(document: Any, page: Any, named: bool = True) -> None:
    """Print in letters that the file draws itself, each a bar, under a box."""
    letter = added(document, "", b"600 0 0 0 500 700 d1 50 0 100 700 re f")
    names = "".join(f"/c{code}" for code in range(65, 91))
    procs = "".join(f"/c{code} {letter}" for code in range(65, 91))
    widths = " ".join(["600"] * 26)
    font = added(
        document,
        f"/Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 65/LastChar 90"
        f"/Widths[{widths}]/CharProcs<<{procs}>>/Encoding<</Type/Encoding/Differences[65{names}]>>/Resources<<>>"
        + (f"/ToUnicode {added(document, '', TO_UNICODE)}" if named else ""),
    )
    drawn(document, page, f"BT /X 11 Tf 72 492 Td (STARKWEATHER) Tj ET {OPEN_BOX}", f"Font <</X {font}>>")


TO_UNICODE: Final = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def "
    b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41> <5A> <0041> endbfrange "
    b"endcmap CMapName currentdict /CMap defineresource pop end end"
)
OPEN_BOX: Final = "0 g 68 487 122 17 re f"


def note(page: Any, fill: Any, ink: Any = BLACK) -> None:
    page.add_freetext_annot(PLACE, " ", fill_color=fill, text_color=ink).update()


def line_of_a_viewer(page: Any) -> None:
    annotation = page.add_line_annot((66, 296), (195, 296))
    annotation.set_border(width=18)
    marked(annotation, BLACK)


def polygon(page: Any) -> None:
    annotation = page.add_polygon_annot([PLACE.tl, PLACE.tr, PLACE.br, PLACE.bl])
    annotation.set_colors(stroke=BLACK, fill=BLACK)
    annotation.update()


def broken_table(content: bytes) -> bytes:
    return re.sub(rb"\nxref\n", b"\nxxxx\n", content)


def leaning(page: Any) -> None:
    """A stamp across the page, and a box that leans with it."""
    turn = (pymupdf.Point(300, 500), pymupdf.Matrix(1, 1).prerotate(30))
    page.insert_text((240, 504), NAME, morph=turn)
    shape = page.new_shape()
    shape.draw_rect(pymupdf.Rect(236, 492, 360, 508))
    shape.finish(color=None, fill=BLACK, morph=turn)
    shape.commit()


def blackened_below(draw: Draw = lambda document, page: None) -> bytes:
    """Two pictures: the scan as it was, and over it the same in which somebody blackened the name."""

    def both(document: Any, page: Any) -> None:
        page.insert_image(page.rect, stream=png(scan(blacken=PLACE)))
        draw(document, page)

    return scanned(scan(), both)


def with_thumbnail(content: bytes, shown: Image.Image) -> bytes:
    """A small picture of the page in the file, as programs leave it for their lists of pages."""
    small = shown.convert("L").resize((306, 396))

    def change(document: Any) -> None:
        keys = f"/Type/XObject/Subtype/Image/Width {small.width}/Height {small.height}/ColorSpace/DeviceGray"
        document.xref_set_key(document[0].xref, "Thumb", added(document, keys + "/BitsPerComponent 8", small.tobytes()))

    return reopened(content, change)


def attached(content: bytes, name: str, data: bytes) -> bytes:
    return reopened(content, lambda d: d.embfile_add(name, data))


def logo(page: Any) -> None:
    for row in range(6):
        box(page, pymupdf.Rect(400, 40 + 8 * row, 480, 45 + 8 * row))
    box(page, pymupdf.Rect(490, 36, 560, 92))
    page.insert_text((496, 70), "HARBOR", fontsize=14, color=WHITE)


def sections(page: Any) -> None:
    """A form as governments print it: black heads with white numbers, frames, and places to fill in."""
    for row, head in enumerate(("1", "2a", "17", "Part III  Provider")):
        top = 420 + 40 * row
        box(page, pymupdf.Rect(72, top, 92 if len(head) < 4 else 540, top + 14))
        page.insert_text((75, top + 11), head, fontsize=9, color=WHITE)
        page.draw_rect(pymupdf.Rect(72, top + 14, 540, top + 34), color=BLACK, width=0.8)
        page.insert_text((76, top + 28), "Name of the insured person", fontsize=8)


def watermark(page: Any, opacity: float) -> None:
    page.insert_text(
        (120, 560), "DRAFT", fontsize=140, fill_opacity=opacity, morph=(pymupdf.Point(300, 400), pymupdf.Matrix(40))
    )


def shadowed(page: Any) -> None:
    page.insert_text((73, 301), NAME, fontsize=20, color=(0.6, 0.6, 0.6))
    page.insert_text((72, 300), NAME, fontsize=20)


def printers_marks(document: Any, page: Any) -> None:
    page.insert_text((10, 14), "job 4471 sheet 3 of 8 cyan magenta")
    box(page, pymupdf.Rect(300, 4, 330, 18))
    page.set_cropbox(pymupdf.Rect(30, 30, 580, 760))


def under_its_scan() -> bytes:
    """Recognized text drawn before the picture, and not as invisible: some programs do so."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        for row, line in enumerate(LINES):
            page.insert_text((72, 80 + 30 * row), line)
        page.insert_image(page.rect, stream=png(scan()))
        return bytes(document.tobytes())


def layer_without_the_name() -> bytes:
    def words(document: Any, page: Any) -> None:
        for row, line in enumerate(LINES):
            page.insert_text((72, 80 + 30 * row), line, render_mode=3)

    return scanned(scan(blacken=PLACE), words)


def code_and_number(page: Any) -> None:
    rng = np.random.default_rng(3)
    x = 300.0
    while x < 500:
        wide = float(rng.integers(1, 5))
        box(page, pymupdf.Rect(x, 400, x + wide, 440))
        x += wide + float(rng.integers(1, 4))
    page.insert_text((340, 452), "4006381333931")


def marked_up(page: Any) -> None:
    page.add_squiggly_annot(PLACE)
    page.add_strikeout_annot(PLACE)
    page.draw_line((72, 296), (190, 296), color=(1, 0, 0), width=1.5)


def icons(page: Any) -> None:
    for number in range(4):
        middle = pymupdf.Point(90 + 40 * number, 420)
        page.draw_circle(middle, 12, color=None, fill=(0.1, 0.1, 0.1))
        page.insert_text((middle.x - 7, middle.y + 4), f"{10 + number}", color=WHITE)


def drawing_of_shapes(page: Any) -> None:
    """A plan: rooms, symbols, and walls drawn over them."""
    for number in range(12):
        middle = pymupdf.Point(100 + 30 * number, 500)
        page.draw_polyline(
            [middle + pymupdf.Point(8 * np.cos(a), 8 * np.sin(a)) for a in np.arange(0, 6.3, 0.9)],
            color=BLACK,
            fill=GRAY,
        )
    box(page, pymupdf.Rect(90, 460, 450, 540), fill_opacity=0.2, fill=BLUE)
    for x in (90, 200, 330, 450):
        box(page, pymupdf.Rect(x, 460, x + 6, 540))
    box(page, pymupdf.Rect(90, 455, 456, 462))


def head_in_a_picture(page: Any) -> None:
    """White print on a picture that is black: a slide's head."""
    page.insert_image(pymupdf.Rect(72, 400, 540, 440), stream=png(Image.new("L", (90, 30), 10)), keep_proportion=False)
    page.insert_text((90, 425), "Annual report of the ward", color=WHITE, fontsize=16)


def facsimile() -> Image.Image:
    """A scan with black edges, as copiers leave them where their lid was open."""
    image = scan().copy()
    pen = ImageDraw.Draw(image)
    pen.rectangle([0, 0, 40, image.height], fill=0)
    pen.rectangle([0, image.height - 60, image.width, image.height], fill=0)
    return image


WORDS: Final = (170, 98, 290, 114)
WORDS_PX: Final = (354, 204, 604, 238)
"""Some words of the second line, in points, and in pixels of the scan."""


def softened(change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """A scan in which somebody made some words unreadable, or nearly."""
    image = scan().copy()
    image.paste(change(image.crop(WORDS_PX)), WORDS_PX)
    return image


def squares(part: Image.Image) -> Image.Image:
    few = part.resize((part.width // 9, part.height // 9), Image.Resampling.BOX)
    return few.resize(part.size, Image.Resampling.NEAREST)


def soft_and_square() -> Image.Image:
    """What looks like a mosaic or like blur and hides nothing: a soft stamp, a heat map, chart paper, shaded lines."""
    rng = np.random.default_rng(11)
    image = scan().copy()
    pen = ImageDraw.Draw(image)
    stamp = Image.new("L", (330, 110), 255)
    ImageDraw.Draw(stamp).rectangle([12, 12, 318, 98], outline=90, width=8)
    ImageDraw.Draw(stamp).text((70, 30), "RECEIVED", fill=90, font_size=40)
    image.paste(stamp.rotate(9, fillcolor=255).filter(ImageFilter.GaussianBlur(2.5)), (820, 215))
    heat = Image.fromarray(rng.integers(60, 256, (4, 20)).astype(np.uint8))
    image.paste(heat.resize((300, 60), Image.Resampling.NEAREST), (850, 330))
    image.paste(photograph(60, 20).resize((240, 50), Image.Resampling.BICUBIC), (850, 590))
    for row in range(4):
        pen.rectangle([150, 760 + 50 * row, 1100, 785 + 50 * row], fill=205)
        pen.text((160, 762 + 50 * row), "Sodium   140 mmol/L   136 - 145   normal", fill=20, font_size=18)
    for x in range(0, 60):
        pen.line([150 + 12 * x, 1000, 150 + 12 * x, 1300], fill=150 if x % 5 == 0 else 200)
    for y in range(0, 26):
        pen.line([150, 1000 + 12 * y, 860, 1000 + 12 * y], fill=150 if y % 5 == 0 else 200)
    pen.text((160, 1010), "II  25 mm/s", fill=20, font_size=22)
    pen.line([(150 + 4 * x, 1150 - 90 * (x % 40 == 20) + int(8 * np.sin(x))) for x in range(170)], fill=10, width=3)
    return image


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


def ocr_of_a_box(*parts: tuple[str, float, float]) -> bytes:
    """What an OCR program that came after the box left: its words, each with where it begins and how wide it is."""

    def words(document: Any, page: Any) -> None:
        for row, line in enumerate(LINES):
            page.insert_text((72, 80 + 30 * row), line, render_mode=3)
        for text, x, wide in parts:
            across = pymupdf.Matrix(wide / pymupdf.Font("helv").text_length(text, 11), 1)
            page.insert_text((x, 301), text, render_mode=3, morph=(pymupdf.Point(x, 301), across))

    return scanned(scan(blacken=PLACE), words)


def photographed(document: Any, page: Any) -> None:
    page.insert_image(pymupdf.Rect(72, 350, 300, 600), stream=png(photograph(400, 440)))


def jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "jpeg", quality=quality)
    return out.getvalue()


MORE_BAD: Final[dict[str, Callable[[], bytes]]] = {
    "a box of half its blackness": lambda: named(lambda d, p: box(p, fill_opacity=0.5)),
    "a box of nine tenths of its blackness": lambda: named(lambda d, p: box(p, fill_opacity=0.9)),
    "a gray box to see through": lambda: named(lambda d, p: box(p, fill=(0.25, 0.25, 0.25), fill_opacity=0.8)),
    "lines to and fro": lambda: named(lambda d, p: hatched(p)),
    "an ellipse": lambda: named(lambda d, p: p.draw_oval(grown(-20, -12, 20, 12), color=None, fill=BLACK)),
    "a pattern": lambda: coded("/Pattern cs /X scn 68 487 122 17 re f", "Pattern", pattern),
    "a shading": lambda: coded("68 487 122 17 re W n /X sh", "Shading", shading),
    "a form object": lambda: coded("/X Do", "XObject", form_object),
    "a picture in the code": lambda: coded("122 0 0 17 68 487 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI"),
    "a note of a viewer's with a black ground": lambda: named(lambda d, p: note(p, BLACK)),
    "a note of a viewer's with a white ground": lambda: named(lambda d, p: note(p, WHITE)),
    "a line of a viewer's": lambda: named(lambda d, p: line_of_a_viewer(p)),
    "a polygon of a viewer's": lambda: named(lambda d, p: polygon(p)),
    "a box over half of the name": lambda: named(lambda d, p: box(p, grown(60, 0, 20, 0))),
    "a box that is too low": lambda: named(lambda d, p: box(p, grown(0, 5, 0, -3))),
    "a box that leans": lambda: sheet(lambda d, p: leaning(p)),
    "a black box on a page upside down": lambda: named(lambda d, p: box(p), rotation=180),
    "a black box on a page that lies on its other side": lambda: named(lambda d, p: box(p), rotation=270),
    "letters that the file draws itself": lambda: sheet(type3),
    "print as paths under a box": lambda: sheet(lambda d, p: (outlined(p), box(p))),
    "a box drawn twice": lambda: named(lambda d, p: (box(p), box(p, fill=(0.1, 0.1, 0.1)))),
    "a box per letter": lambda: named(
        lambda d, p: [box(p, pymupdf.Rect(70 + 6 * n, 288, 76.5 + 6 * n, 305)) for n in range(20)]
    ),
    "packed into object streams": lambda: reopened(
        named(lambda d, p: box(p)), lambda d: None, garbage=3, deflate=True, use_objstms=1
    ),
    "a table of objects that is broken": lambda: broken_table(named(lambda d, p: box(p))),
    "a scan with its words under a box": lambda: scanned(scan(), lambda d, p: box(p), words=True),
    "a scan over which a blackened one lies": blackened_below,
    "a black picture over a scan": lambda: scanned(
        scan(),
        lambda d, p: p.insert_image(PLACE, stream=png(Image.new("L", (90, 30), 0)), keep_proportion=False),
    ),
    "removed, its thumbnail left": lambda: with_thumbnail(removed(), scan()),
    "removed, the original attached": lambda: attached(removed(), "original.pdf", named(lambda d, p: None)),
    "the original attached to the page": lambda: reopened(
        removed(), lambda d: d[0].add_file_annot((500, 100), named(lambda d, p: None), "original.pdf")
    ),
    "a box after empty paths": lambda: named(
        lambda d, p: (drawn(d, p, "10 10 m f 10 10 m f 10 10 m S"), box(p, fill_opacity=0.7))
    ),
    "letters without names": lambda: sheet(lambda d, p: type3(d, p, named=False)),
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
    "a bar over eyes": lambda: sheet(lambda d, p: (photographed(d, p), box(p, pymupdf.Rect(120, 420, 250, 445)))),
    "a white picture over a scan": lambda: scanned(
        scan(),
        lambda d, p: p.insert_image(PLACE, stream=png(Image.new("L", (90, 30), 255)), keep_proportion=False),
    ),
    "a box over a scan on gray paper": lambda: scanned(scan().point(lambda level: level * 0.6), lambda d, p: box(p)),
    "a mosaic in a scan": lambda: scanned(softened(squares)),
    "blur in a scan": lambda: scanned(softened(lambda part: part.filter(ImageFilter.GaussianBlur(6)))),
    "a mosaic put on a scan": lambda: scanned(
        scan(), lambda d, p: p.insert_image(pymupdf.Rect(WORDS), stream=png(squares(scan().crop(WORDS_PX))))
    ),
    "an attachment with a box": lambda: attached(sheet(lambda d, p: None), "copy.pdf", named(lambda d, p: box(p))),
}
MORE_GOOD: Final[dict[str, Callable[[], bytes]]] = {
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
    "a logo of bars": lambda: sheet(lambda d, p: logo(p)),
    "a form with black heads": lambda: sheet(lambda d, p: sections(p)),
    "a pale watermark": lambda: sheet(lambda d, p: watermark(p, 0.15)),
    "a strong watermark": lambda: sheet(lambda d, p: watermark(p, 0.5)),
    "print with its shadow": lambda: sheet(lambda d, p: shadowed(p)),
    "recognized text under its scan": under_its_scan,
    "a blackened scan, its words removed as well": layer_without_the_name,
    "a scan with black edges and its words": lambda: scanned(facsimile(), words=True),
    "a code and its number": lambda: sheet(lambda d, p: code_and_number(p)),
    "marks of an editor": lambda: named(lambda d, p: marked_up(p)),
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
    "numbers in dark circles": lambda: sheet(lambda d, p: icons(p)),
    "a head on a black picture": lambda: sheet(lambda d, p: head_in_a_picture(p)),
    "print with an outline": lambda: sheet(
        lambda d, p: p.insert_text(AT, NAME, fontsize=30, render_mode=2, fill=WHITE, color=BLACK)
    ),
    "a mark for removal over nothing": lambda: sheet(lambda d, p: p.add_redact_annot(pymupdf.Rect(300, 600, 400, 620))),
    "a box over blanks and a rule": lambda: sheet(lambda d, p: (p.insert_text(AT, "   ______   -  . "), box(p))),
    "a note with a gray ground beside print": lambda: named(
        lambda d, p: p.add_freetext_annot(pymupdf.Rect(300, 280, 500, 310), "See chart", fill_color=GRAY)
    ),
    "turned and saved again": lambda: revised(named(lambda d, p: None), lambda d, p: p.set_rotation(90)),
    "cropped a little and saved again": lambda: revised(
        named(lambda d, p: None), lambda d, p: p.set_cropbox(pymupdf.Rect(20, 20, 592, 772))
    ),
    "noted on a page that lies on its side, and saved behind it": lambda: revised(
        named(lambda d, p: None, rotation=90),
        lambda d, p: p.add_freetext_annot(pymupdf.Rect(300, 500, 500, 540), "See chart"),
    ),
    "a drawing with black shapes": lambda: sheet(lambda d, p: drawing_of_shapes(p)),
    "a stamp on a scan": lambda: scanned(
        scan(),
        lambda d, p: p.insert_image(pymupdf.Rect(300, 500, 400, 560), stream=png(photograph(200, 120))),
    ),
    "a scan on which a black label lies": lambda: scanned(
        scan(), lambda d, p: (box(p, pymupdf.Rect(480, 740, 590, 780)), p.insert_text((490, 765), "COPY", color=WHITE))
    ),
    "marks for who signs": lambda: sheet(
        lambda d, p: (
            line_of(d, p, ("Signature: ", BLACK), ("/sign/", WHITE), (" Date: ", BLACK), ("DocuSignDate1", WHITE)),
            line_of(d, p, ("Signed ", BLACK), ("{{Sig_es_:signer:signature}}", WHITE), y=320),
        )
    ),
    "a head of another size cropped away": lambda: cropped("Annals of Surgery, volume three", 8),
    "a number in the margin cropped away": lambda: cropped("sheet 3 of 8 cyan magenta", 11, left=300),
    "a photograph with a legend on a bar": lambda: sheet(
        lambda d, p: (
            photographed(d, p),
            box(p, pymupdf.Rect(90, 560, 250, 580)),
            p.insert_text((95, 574), "The ward at night", color=WHITE),
        )
    ),
    "a box that touches the words beside it": lambda: removed(
        lambda d, p: (
            p.insert_text((194, 300), "was seen."),
            p.add_redact_annot(PLACE),
            p.apply_redactions(),
            box(p, grown(0, 0, 12, 0)),
        )
    ),
    "what OCR makes of a black box": lambda: ocr_of_a_box(("HEE", 70, 50), ("EEEE", 125, 60)),
    "what OCR makes of a black box and a word beside it": lambda: ocr_of_a_box(("{perature", 20, 120)),
    "exemptions that OCR read on a black box": lambda: ocr_of_a_box(("(b)(6),", 72, 40), ("(b)(7)(C)", 120, 50)),
    "a scan with a soft stamp, a heat map, chart paper and shading": lambda: scanned(soft_and_square()),
    "the same, saved coarsely": lambda: scanned(Image.open(io.BytesIO(jpeg(soft_and_square(), 15)))),
    "a scan saved coarsely": lambda: scanned(Image.open(io.BytesIO(jpeg(scan(), 10)))),
    "a scan of few pixels, scaled up": lambda: scanned(
        scan().resize((408, 528), Image.Resampling.BOX).resize((1632, 2112), Image.Resampling.NEAREST)
    ),
    "a picture of it attached": lambda: attached(removed(), "page.png", png(scan(blacken=PLACE))),
    "a form with a value": lambda: sheet(form),
    "packed into object streams, removed": lambda: reopened(
        removed(), lambda d: None, garbage=3, deflate=True, use_objstms=1
    ),
    "the page with the removed name put last": lambda: reopened(
        reopened(removed(carried_out), lambda d: d.new_page()), lambda d: d.move_page(0, -1)
    ),
}
