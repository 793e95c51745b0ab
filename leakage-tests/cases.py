"""Documents with a canary in every place that a document has, as a table: name, builder, known failure.

`hidden` canaries are nonsense words that no reader may see; the others are identifiers that a page may show.
Sources: "NSA 2005", Redacting with Confidence (I333-015R-2005); "NSA 2008", Hidden Data and Metadata in Adobe PDF
Files: Publication Risks and Countermeasures; filings and incidents by name and year.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pymupdf
import zxingcpp
from PIL import ExifTags, Image, ImageFilter, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

LINES = (
    "Chief complaint: shortness of breath on exertion.",
    "Past medical history: hypertension and asthma.",
    "Blood pressure 138/82, heart rate 76, temperature 98.6.",
    "Medications: metformin 500 mg twice daily.",
    "Plan: low sodium diet and more exercise.",
)
WIDTH_PT, HEIGHT_PT = 420, 300
AT = (36, 200)
"""Where builders that draw their canary put it, below the lines."""

Builder = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    suffix: str
    build: Builder
    source: str
    hidden: bool = True
    in_name: bool = False
    coded: bool = False
    """In a barcode: what a decoder reads counts as readable."""

    @property
    def canary(self) -> str:
        """Stable, and another one in every case: nonsense to hide, a social security number to show."""
        number = sum(ord(c) * (i + 7) for i, c in enumerate(self.name)) % 9_000 + 1_000
        return f"xq{number}kestrelvane" if self.hidden else f"517-48-{number}"


def _document() -> pymupdf.Document:
    document = pymupdf.open()
    page = document.new_page(width=WIDTH_PT, height=HEIGHT_PT)
    for row, line in enumerate(LINES):
        page.insert_text((36, 50 + 22 * row), line, fontsize=11)
    return document


def _pdf(change: Callable[[pymupdf.Document, pymupdf.Page, str], None]) -> Builder:
    def build(canary: str) -> bytes:
        with _document() as document:
            change(document, document[0], canary)
            return bytes(document.tobytes())

    return build


def _image(canary: str = "") -> Image.Image:
    with _document() as document:
        if canary:
            document[0].insert_text(AT, f"SSN: {canary}", fontsize=11)
        pixmap = document[0].get_pixmap(dpi=150)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def _xref(document: pymupdf.Document, body: str, data: bytes | None = None) -> str:
    number = document.get_new_xref()
    document.update_object(number, body)
    if data is not None:
        document.update_stream(number, data)
    return f"{number} 0 R"


def _text(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)


def _under_box(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11)
    page.draw_rect(pymupdf.Rect(30, 186, 300, 206), color=(0, 0, 0), fill=(0, 0, 0))


def _under_highlight(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)
    page.draw_rect(pymupdf.Rect(30, 186, 300, 206), color=None, fill=(0.2, 0.2, 0.2), fill_opacity=0.5)


def _under_square(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)
    square = page.add_rect_annot(pymupdf.Rect(30, 186, 300, 206))
    square.set_colors(stroke=(0, 0, 0), fill=(0, 0, 0))
    square.update(opacity=0.6)


def _marked_for_removal(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, f"SSN: {canary}", fontsize=11)
    page.add_redact_annot(pymupdf.Rect(30, 186, 300, 206))


def _under_image(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11)
    out = io.BytesIO()
    Image.new("L", (90, 30), 255).save(out, "png")
    page.insert_image(pymupdf.Rect(30, 186, 300, 206), stream=out.getvalue(), keep_proportion=False)


def _invisible(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11, render_mode=3)


def _white(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=11, color=(1, 1, 1))


def _tiny(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, canary, fontsize=0.2)


def _hidden_layer(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    layer = document.add_ocg("layer", on=False)
    page.insert_text(AT, canary, fontsize=11, oc=layer)


def _layer_name(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text(AT, "Seen.", fontsize=11, oc=document.add_ocg(canary))


def _cropped(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text((36, 280), f"SSN: {canary}", fontsize=11)
    page.set_cropbox(pymupdf.Rect(0, 0, WIDTH_PT, 240))


def _off_page(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_text((36, HEIGHT_PT + 200), canary, fontsize=11)


def _actual_text(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    data = page.read_contents() + f"\n/Span <</ActualText ({canary})>> BDC q Q EMC\n".encode()
    document.update_stream(page.get_contents()[0], data)


def _info(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_metadata({"title": canary, "author": canary, "keywords": canary, "subject": canary})


def _xmp(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_xml_metadata(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc>{canary}</dc></x:xmpmeta>")


def _outline(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_toc([[1, canary, 1]])


def _attachment(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.embfile_add(f"{canary}.txt", canary.encode(), desc=canary)


def _file_annotation(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.add_file_annot((300, 250), canary.encode(), "note.txt", desc=canary)


def _note(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.add_text_annot((300, 250), canary).set_info(title=canary, subject=canary)


def _popup(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    annotation = page.add_text_annot((300, 250), "Seen.")
    annotation.set_popup(pymupdf.Rect(300, 100, 400, 150))
    document.xref_set_key(annotation.popup_xref, "Contents", f"({canary})")


def _free_text(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.add_freetext_annot(pymupdf.Rect(36, 190, 300, 210), f"SSN: {canary}", fontsize=11)


def _field(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = "note", pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_value, widget.rect, widget.text_fontsize = f"SSN: {canary}", pymupdf.Rect(36, 186, 300, 208), 11
    page.add_widget(widget)


def _field_name(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = canary, pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_label, widget.rect = canary, pymupdf.Rect(36, 186, 300, 208)
    page.add_widget(widget)


def _script(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.xref_set_key(document.pdf_catalog(), "OpenAction", f"<</S/JavaScript/JS(var a='{canary}')>>")


def _link(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_link(
        {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(36, 40, 99, 60), "uri": f"https://{canary}.example"}
    )


def _thumbnail(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    body = "<</Type/XObject/Subtype/Image/Width 4/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8>>"
    document.xref_set_key(page.xref, "Thumb", _xref(document, body, canary.encode()))


def _private_data(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.xref_set_key(page.xref, "PieceInfo", f"<</App<</Private({canary})>>>>")


def _page_label(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    document.set_page_labels([{"startpage": 0, "prefix": canary, "style": "D", "firstpagenum": 1}])


def _image_exif_in_pdf(document: pymupdf.Document, page: pymupdf.Page, canary: str) -> None:
    page.insert_image(pymupdf.Rect(300, 220, 400, 290), stream=_jpeg_exif(canary))


def _earlier_revision(canary: str) -> bytes:
    with _document() as document:
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


def _behind_end(canary: str) -> bytes:
    with _document() as document:
        return bytes(document.tobytes()) + f"\n% {canary}\n".encode()


def _png(canary: str) -> bytes:
    info = PngInfo()
    info.add_text("Title", canary)
    info.add_text("Comment", canary, zip=True)
    info.add_itxt("Author", canary, zip=True)
    out = io.BytesIO()
    _image().save(out, "png", pnginfo=info, exif=_exif(canary))
    return out.getvalue()


def _png_behind_end(canary: str) -> bytes:
    out = io.BytesIO()
    _image().save(out, "png")
    return out.getvalue() + canary.encode()


def _exif(canary: str) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = canary
    exif[ExifTags.Base.Artist] = canary
    return exif


def _jpeg_exif(canary: str) -> bytes:
    out = io.BytesIO()
    _image().save(out, "jpeg", quality=90, exif=_exif(canary), comment=canary.encode(), xmp=canary.encode())
    return out.getvalue()


def _jpeg_thumbnail(canary: str) -> bytes:
    """The EXIF block ends with a second, small JPEG: here one with a comment, as a cropped picture keeps its whole."""
    small, out = io.BytesIO(), io.BytesIO()
    Image.new("L", (16, 16), 128).save(small, "jpeg", comment=canary.encode())
    _image().save(out, "jpeg", quality=90, exif=b"Exif\x00\x00" + _exif("").tobytes()[6:] + small.getvalue())
    return out.getvalue()


def _defaced(change: Callable[[Image.Image], Image.Image]) -> Builder:
    """A scan whose number somebody made hard to read, not hard enough."""

    def build(canary: str) -> bytes:
        image, out = _image(canary).convert("L"), io.BytesIO()
        place = tuple(side * 150 // 72 for side in (60, 186, 180, 206))
        image.paste(change(image.crop(place)), place[:2])
        image.save(out, "png", dpi=(150, 150))
        return out.getvalue()

    return build


def _coarse(part: Image.Image) -> Image.Image:
    small = part.resize((part.width * 2 // 3, part.height * 2 // 3), Image.Resampling.BOX)
    return small.resize(part.size, Image.Resampling.NEAREST)


def _blurred(part: Image.Image) -> Image.Image:
    return part.filter(ImageFilter.GaussianBlur(1.5))


def _tiff_tags(canary: str) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315], tags[65_000] = canary, canary, canary
    tags.tagtype[65_000] = 2
    out = io.BytesIO()
    _image().save(out, "tiff", compression="tiff_lzw", tiffinfo=tags)
    return out.getvalue()


def _tiff_second_page(canary: str) -> bytes:
    out = io.BytesIO()
    _image().save(out, "tiff", compression="tiff_lzw", save_all=True, append_images=[_image(canary)])
    return out.getvalue()


def _tiff_unlinked_page(canary: str) -> bytes:
    """Two pages, of which the first no longer names the second: a reader sees one, the file holds both."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = canary
    out = io.BytesIO()
    second = _image()
    second.encoderinfo = {"tiffinfo": tags}
    _image().save(out, "tiff", compression="tiff_lzw", save_all=True, append_images=[second])
    data = bytearray(out.getvalue())
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    first = int.from_bytes(data[4:8], order)
    link = first + 2 + 12 * int.from_bytes(data[first : first + 2], order)
    data[link : link + 4] = bytes(4)
    return bytes(data)


def _tiff_pages_swapped(canary: str) -> bytes:
    """Two pages whose directories lead to the second one first: a copy in the file's order would burn the wrong one."""
    data = bytearray(_tiff_second_page(canary))
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    first = int.from_bytes(data[4:8], order)
    link = first + 2 + 12 * int.from_bytes(data[first : first + 2], order)
    second = int.from_bytes(data[link : link + 4], order)
    back = second + 2 + 12 * int.from_bytes(data[second : second + 2], order)
    data[4:8], data[link : link + 4] = second.to_bytes(4, order), bytes(4)
    data[back : back + 4] = first.to_bytes(4, order)
    return bytes(data)


def _qr_code(canary: str) -> bytes:
    page, out = _image(), io.BytesIO()
    page.paste(
        Image.fromarray(zxingcpp.create_barcode(canary, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)), (500, 380)
    )
    page.save(out, "png")
    return out.getvalue()


def _shown(suffix: str) -> Builder:
    def build(canary: str) -> bytes:
        out = io.BytesIO()
        _image(canary).save(out, suffix)
        return out.getvalue()

    return build


def _plain(canary: str) -> bytes:
    with _document() as document:
        return bytes(document.tobytes())


CASES = (
    Case("text", "pdf", _pdf(_text), "the page itself", hidden=False),
    Case("scan", "png", _shown("png"), "the page itself", hidden=False),
    Case("photo", "jpg", _shown("jpeg"), "the page itself", hidden=False),
    Case("under a black box", "pdf", _pdf(_under_box), "TSA screening manual, 2009; Manafort filing, 2019"),
    Case("under a highlight", "pdf", _pdf(_under_highlight), "see-through marker: AT&T filing, 2006", hidden=False),
    Case("under a square", "pdf", _pdf(_under_square), "NSA 2005: covering instead of removing", hidden=False),
    Case("marked for removal", "pdf", _pdf(_marked_for_removal), "ISO 32000-2, 12.5.6.23: not applied", hidden=False),
    Case(
        "pixelated", "png", _defaced(_coarse), "Hill et al., On the (In)effectiveness of Mosaicing, 2016", hidden=False
    ),
    Case(
        "blurred", "png", _defaced(_blurred), "Hill et al., On the (In)effectiveness of Mosaicing, 2016", hidden=False
    ),
    Case("under an image", "pdf", _pdf(_under_image), "NSA 2005: covering instead of removing"),
    Case("invisible text", "pdf", _pdf(_invisible), "NSA 2008: hidden text"),
    Case("white text", "pdf", _pdf(_white), "NSA 2005: text in the colour of the paper"),
    Case("tiny text", "pdf", _pdf(_tiny), "NSA 2008: hidden text"),
    Case("hidden layer", "pdf", _pdf(_hidden_layer), "NSA 2008: hidden layers"),
    Case("layer name", "pdf", _pdf(_layer_name), "NSA 2008: hidden layers"),
    Case("cropped away", "pdf", _pdf(_cropped), "NSA 2005: cropped images and pages", hidden=False),
    Case("beside the page", "pdf", _pdf(_off_page), "NSA 2005: cropped images and pages"),
    Case("actual text", "pdf", _pdf(_actual_text), "ISO 32000-1, 14.9.4: replacement text"),
    Case("info dictionary", "pdf", _pdf(_info), "NSA 2008: metadata"),
    Case("xmp", "pdf", _pdf(_xmp), "NSA 2008: metadata"),
    Case("outline", "pdf", _pdf(_outline), "NSA 2008: bookmarks"),
    Case("attachment", "pdf", _pdf(_attachment), "NSA 2008: embedded content and attached files"),
    Case("attached to the page", "pdf", _pdf(_file_annotation), "NSA 2008: embedded content and attached files"),
    Case("note", "pdf", _pdf(_note), "NSA 2008: reviewing and commenting"),
    Case("popup", "pdf", _pdf(_popup), "NSA 2008: reviewing and commenting"),
    Case("free text", "pdf", _pdf(_free_text), "NSA 2008: reviewing and commenting", hidden=False),
    Case("form field", "pdf", _pdf(_field), "NSA 2008: interactive elements", hidden=False),
    Case("form field name", "pdf", _pdf(_field_name), "NSA 2008: interactive elements"),
    Case("script", "pdf", _pdf(_script), "NSA 2008: scripts"),
    Case("link", "pdf", _pdf(_link), "NSA 2008: links"),
    Case("page thumbnail", "pdf", _pdf(_thumbnail), "NSA 2008: embedded search index and thumbnails"),
    Case("private page data", "pdf", _pdf(_private_data), "ISO 32000-1, 14.5: page-piece dictionaries"),
    Case("page label", "pdf", _pdf(_page_label), "ISO 32000-1, 12.4.2"),
    Case("image exif in pdf", "pdf", _pdf(_image_exif_in_pdf), "NSA 2008: metadata of images"),
    Case("earlier revision", "pdf", _earlier_revision, "NSA 2008: incremental saves keep what was deleted"),
    Case("behind the pdf", "pdf", _behind_end, "bytes behind the end: CVE-2023-21036 (aCropalypse)"),
    Case("png text chunks", "png", _png, "PNG 11.3.4: tEXt, zTXt, iTXt, eXIf"),
    Case("behind the png", "png", _png_behind_end, "CVE-2023-21036 (aCropalypse)"),
    Case("exif", "jpg", _jpeg_exif, "EXIF, comment and XMP of photographs"),
    Case(
        "exif thumbnail",
        "jpg",
        _jpeg_thumbnail,
        "thumbnails that keep what the picture lost (TechTV photographs, 2003)",
    ),
    Case("tiff tags", "tif", _tiff_tags, "TIFF 6.0: ImageDescription, Artist, private tags"),
    Case("second tiff page", "tif", _tiff_second_page, "readers that see the first page only", hidden=False),
    Case("swapped tiff pages", "tif", _tiff_pages_swapped, "TIFF 6.0: directories in any order", hidden=False),
    Case("unlinked tiff page", "tif", _tiff_unlinked_page, "TIFF 6.0: pages that no directory leads to any more"),
    Case("qr code", "png", _qr_code, "boarding passes and vaccination cards shown with their codes", coded=True),
    Case("file name", "pdf", _plain, "a file's name can be a patient's", in_name=True),
)
