"""Boxes, strokes and pictures over print that is still in the file, by how programs and people draw them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pymupdf
from PIL import Image, ImageFilter

from tests.check.sheets import (
    AT,
    BLACK,
    NAME,
    PLACE,
    WHITE,
    Draw,
    added,
    box,
    coded,
    drawn,
    form,
    grown,
    marked,
    multiplied,
    named,
    pen,
    png,
    reopened,
    scan,
    sheet,
)


def label_on(page: Any, text: str, size: float = 9) -> None:
    box(page)
    page.insert_text((90, 300), text, fontsize=size, color=WHITE)


def covered_form(document: Any, page: Any) -> None:
    form(document, page)
    marked(page.add_rect_annot(pymupdf.Rect(60, 280, 310, 312)), BLACK)


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


TO_UNICODE: Final = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def "
    b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41> <5A> <0041> endbfrange "
    b"endcmap CMapName currentdict /CMap defineresource pop end end"
)
OPEN_BOX: Final = "0 g 68 487 122 17 re f"


def ink(document: Any) -> str:
    """Black by its name, as a printer's ink."""
    function = "/FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 0 0 1]/N 1"
    xref = document.get_new_xref()
    document.update_object(xref, f"[/Separation/Black/DeviceCMYK<<{function}>>]")
    return f"{xref} 0 R"


def fading(document: Any) -> str:
    function = "/FunctionType 2/Domain[0 1]/C0[0]/C1[0.9]/N 1"
    return added(
        document,
        f"/ShadingType 2/ColorSpace/DeviceGray/Coords[68 0 190 0]/Extend[true true]/Function<<{function}>>",
    )


def print_form(document: Any) -> str:
    """The name as part of a form object."""
    font = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    keys = f"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<<{font}>>"
    return added(document, keys, b"BT /F 11 Tf 72 492 Td (Quenby Starkweather) Tj ET")


def annotated(document: Any, page: Any, keys: str) -> None:
    """An annotation that says what it is and brings no picture of it."""
    xref = document.get_new_xref()
    document.update_object(xref, f"<</Type/Annot/Rect[68 487 190 504]/F 4{keys}>>")
    document.xref_set_key(page.xref, "Annots", f"[{xref} 0 R]")


def black_field(document: Any, page: Any) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = "name", pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_value, widget.rect = NAME, PLACE
    widget.fill_color = widget.text_color = BLACK
    page.add_widget(widget)


def within_a_line(text: str, hidden: str) -> Draw:
    """A line of print with a box over a part of it, as high as the line."""

    def draw(document: Any, page: Any) -> None:
        page.insert_text(AT, text)
        left = AT[0] + pymupdf.get_text_length(text[: text.index(hidden)])
        box(page, pymupdf.Rect(left - 1, 289, left + pymupdf.get_text_length(hidden) + 1, 304))

    return draw


def over_print(picture: Image.Image) -> bytes:
    """A picture put on print that stays under it."""
    return named(lambda d, p: p.insert_image(PLACE, stream=png(picture), keep_proportion=False))


def softer(way: str) -> Image.Image:
    """A mosaic or a blur of the name itself."""
    part = scan().crop(tuple(round(side * 150 / 72) for side in PLACE))
    if way == "blur":
        return part.filter(ImageFilter.GaussianBlur(6))
    few = part.resize((part.width // 9, part.height // 9), Image.Resampling.BOX)
    return few.resize(part.size, Image.Resampling.NEAREST)


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


def under_a_box(words: str) -> bytes:
    return sheet(lambda d, p: (p.insert_text(AT, words), box(p, pymupdf.Rect(60, 280, 260, 310))))


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
    "a box over a number of one figure": lambda: under_a_box("111-11-1111"),
    "a box over four equal figures": lambda: under_a_box("2222"),
    "a box over a name behind an exemption": lambda: under_a_box("(b)(6) Private Client"),
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
    "a mark for removal": lambda: named(lambda d, p: p.add_redact_annot(PLACE)),
    "a form field under a square": lambda: sheet(covered_form),
    "upright print under a box": lambda: sheet(
        lambda d, p: (
            p.insert_text((300, 500), NAME, rotate=90),
            box(p, pymupdf.Rect(286, 380, 305, 505)),
        )
    ),
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
    "a box after empty paths": lambda: named(
        lambda d, p: (drawn(d, p, "10 10 m f 10 10 m f 10 10 m S"), box(p, fill_opacity=0.7))
    ),
    "letters without names": lambda: sheet(lambda d, p: type3(d, p, named=False)),
    "a square of one point, scaled": lambda: coded("q 122 0 0 17 68 487 cm 0 g 0 0 1 1 re f Q"),
    "a box drawn as a path": lambda: coded("0 g 68 487 m 190 487 l 190 504 l 68 504 l h f"),
    "a box with curved sides": lambda: coded(
        "0 g 68 487 m 100 484 150 484 190 487 c 190 504 l 150 507 100 507 68 504 c h f"
    ),
    "a black sheet that is clipped to a box": lambda: coded("q 68 487 122 17 re W n 0 g 0 0 612 792 re f Q"),
    "two boxes side by side": lambda: coded("0 g 68 487 60 17 re f 128 487 62 17 re f"),
    "a box in four inks": lambda: coded("0.6 0.5 0.5 1 k 68 487 122 17 re B"),
    "a box in an ink by its name": lambda: coded("/X cs 1 scn 68 487 122 17 re f", "ColorSpace", ink),
    "a box that fades": lambda: coded("68 487 122 17 re W n /X sh", "Shading", fading),
    "print in a form object under a box": lambda: sheet(
        lambda d, p: (drawn(d, p, "/X Do", f"XObject <</X {print_form(d)}>>"), box(p))
    ),
    "print letter by letter": lambda: sheet(
        lambda d, p: ([p.insert_text((72 + 6 * n, 300), letter) for n, letter in enumerate(NAME)], box(p))
    ),
    "print drawn by its outlines": lambda: named(lambda d, p: box(p), render_mode=1, border_width=0.02),
    "a square of a viewer's without its picture": lambda: named(
        lambda d, p: annotated(d, p, "/Subtype/Square/C[0 0 0]/IC[0 0 0]")
    ),
    "marker of a viewer's without its picture": lambda: named(
        lambda d, p: annotated(d, p, "/Subtype/Highlight/C[0 0 0]/QuadPoints[68 504 190 504 68 487 190 487]")
    ),
    "a field in black on black": lambda: sheet(black_field),
    "a note of a viewer's under a square": lambda: sheet(
        lambda d, p: (
            p.add_freetext_annot(PLACE, NAME, fontsize=9),
            marked(p.add_rect_annot(grown(-6, -6, 6, 6)), BLACK),
        )
    ),
    "a box in units of another size": lambda: reopened(
        named(lambda d, p: box(p)), lambda d: d.xref_set_key(d[0].xref, "UserUnit", "2")
    ),
    "a box on a page that is cropped and lies on its side": lambda: reopened(
        named(lambda d, p: box(p), rotation=90), lambda d: d[0].set_cropbox(pymupdf.Rect(50, 60, 560, 500))
    ),
    "locked against changes": lambda: reopened(
        named(lambda d, p: box(p)), lambda d: None, encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="a"
    ),
    "a box over an initial": lambda: sheet(within_a_line("Seen with Maria Q. Starkweather today.", "Q")),
    "a box over one figure": lambda: sheet(within_a_line("The child is 7 years old.", "7")),
    "a box over a state": lambda: sheet(within_a_line("Lives in OH with her mother.", "OH")),
    "a name that begins as the word for redacting does": lambda: sheet(
        within_a_line("Seen with Tom Sealey today.", "Tom Sealey")
    ),
    "a mosaic of the name put on it": lambda: over_print(softer("mosaic")),
    "a blur of the name put on it": lambda: over_print(softer("blur")),
}
