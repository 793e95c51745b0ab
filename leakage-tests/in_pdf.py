"""Places in a PDF that hold what its pages hide, and pages that hide too little."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pymupdf
from in_pictures import jpeg_exif
from PIL import Image
from sheet import AT, HEIGHT_PT, WIDTH_PT, Builder, document_of_lines


def pdf(change: Callable[[pymupdf.Document, pymupdf.Page, str], None]) -> Builder:
    def build(canary: str) -> bytes:
        with document_of_lines() as document:
            change(document, document[0], canary)
            return bytes(document.tobytes())

    return build


def xref(document: pymupdf.Document, body: str, data: bytes | None = None) -> str:
    number = document.get_new_xref()
    document.update_object(number, body)
    if data is not None:
        document.update_stream(number, data)
    return f"{number} 0 R"


def text(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)


def under_box(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11)
    page.draw_rect(pymupdf.Rect(30, 186, 300, 206), color=(0, 0, 0), fill=(0, 0, 0))


def under_highlight(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)
    page.draw_rect(pymupdf.Rect(30, 186, 300, 206), color=None, fill=(0.2, 0.2, 0.2), fill_opacity=0.5)


def under_square(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)
    square = page.add_rect_annot(pymupdf.Rect(30, 186, 300, 206))
    square.set_colors(stroke=(0, 0, 0), fill=(0, 0, 0))
    square.update(opacity=0.6)


def marked_for_removal(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)
    page.add_redact_annot(pymupdf.Rect(30, 186, 300, 206))


def under_image(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11)
    out = io.BytesIO()
    Image.new("L", (90, 30), 255).save(out, "png")
    page.insert_image(pymupdf.Rect(30, 186, 300, 206), stream=out.getvalue(), keep_proportion=False)


def invisible(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11, render_mode=3)


def white(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11, color=(1, 1, 1))


def tiny(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=0.2)


def hidden_layer(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    layer = document.add_ocg("layer", on=False)
    page.insert_text(AT, canary, fontsize=11, oc=layer)


def layer_name(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, "Seen.", fontsize=11, oc=document.add_ocg(canary))


def cropped(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text((36, 280), f"SSN: {canary}", fontsize=11)
    page.set_cropbox(pymupdf.Rect(0, 0, WIDTH_PT, 240))


def off_page(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text((36, HEIGHT_PT + 200), canary, fontsize=11)


def actual_text(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    data = page.read_contents() + f"\n/Span <</ActualText ({canary})>> BDC q Q EMC\n".encode()
    document.update_stream(page.get_contents()[0], data)


def info(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_metadata({"title": canary, "author": canary, "keywords": canary, "subject": canary})


def xmp(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_xml_metadata(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc>{canary}</dc></x:xmpmeta>")


def outline(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_toc([[1, canary, 1]])


def attachment(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.embfile_add(f"{canary}.txt", canary.encode(), desc=canary)


def file_annotation(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.add_file_annot((300, 250), canary.encode(), "note.txt", desc=canary)


def note(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.add_text_annot((300, 250), canary).set_info(title=canary, subject=canary)


def popup(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    annotation = page.add_text_annot((300, 250), "Seen.")
    annotation.set_popup(pymupdf.Rect(300, 100, 400, 150))
    document.xref_set_key(annotation.popup_xref, "Contents", f"({canary})")


def free_text(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.add_freetext_annot(pymupdf.Rect(36, 190, 300, 210), f"SSN: {canary}", fontsize=11)


def field(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = "note", pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_value, widget.rect, widget.text_fontsize = f"SSN: {canary}", pymupdf.Rect(36, 186, 300, 208), 11
    page.add_widget(widget)


def field_name(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = canary, pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_label, widget.rect = canary, pymupdf.Rect(36, 186, 300, 208)
    page.add_widget(widget)


def script(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.xref_set_key(document.pdf_catalog(), "OpenAction", f"<</S/JavaScript/JS(var a='{canary}')>>")


def link(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_link(
        {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(36, 40, 99, 60), "uri": f"https://{canary}.example"}
    )


def thumbnail(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    body = "<</Type/XObject/Subtype/Image/Width 4/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8>>"
    document.xref_set_key(page.xref, "Thumb", xref(document, body, canary.encode()))


def private_data(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.xref_set_key(page.xref, "PieceInfo", f"<</App<</Private({canary})>>>>")


def page_label(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_page_labels([{"startpage": 0, "prefix": canary, "style": "D", "firstpagenum": 1}])


def image_exif_in_pdf(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_image(pymupdf.Rect(300, 220, 400, 290), stream=jpeg_exif(canary))


def earlier_revision(canary: str) -> bytes:
    with document_of_lines() as document:
        document[0].insert_text(AT, canary, fontsize=11)
        first = bytes(document.tobytes())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "revised.pdf"
        file.write_bytes(first)
        with pymupdf.open(file) as document:
            page = document[0]
            page.add_redact_annot(pymupdf.Rect(30, 186, 400, 206))
            page.apply_redactions()
            document.saveIncr()
        return file.read_bytes()


def behind_end(canary: str) -> bytes:
    with document_of_lines() as document:
        return bytes(document.tobytes()) + f"\n% {canary}\n".encode()


def plain(canary: str) -> bytes:
    with document_of_lines() as document:
        return bytes(document.tobytes())
