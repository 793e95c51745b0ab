"""Documents with a canary in every place that a document has, as a table: name, builder, known failure.

`hidden` canaries are nonsense words that no reader may see; the others are identifiers that a page may show.
Sources: "NSA 2005", Redacting with Confidence (I333-015R-2005); "NSA 2008", Hidden Data and Metadata in Adobe PDF
Files: Publication Risks and Countermeasures; filings and incidents by name and year.
"""

from __future__ import annotations

from dataclasses import dataclass

import in_pdf
import in_pictures
from sheet import Builder


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


CASES = (
    Case("text", "pdf", in_pdf.pdf(in_pdf.text), "the page itself", hidden=False),
    Case("scan", "png", in_pictures.shown("png"), "the page itself", hidden=False),
    Case("photo", "jpg", in_pictures.shown("jpeg"), "the page itself", hidden=False),
    Case("under a black box", "pdf", in_pdf.pdf(in_pdf.under_box), "TSA screening manual, 2009; Manafort filing, 2019"),
    Case(
        "under a highlight",
        "pdf",
        in_pdf.pdf(in_pdf.under_highlight),
        "see-through marker: AT&T filing, 2006",
        hidden=False,
    ),
    Case(
        "under a square", "pdf", in_pdf.pdf(in_pdf.under_square), "NSA 2005: covering instead of removing", hidden=False
    ),
    Case(
        "marked for removal",
        "pdf",
        in_pdf.pdf(in_pdf.marked_for_removal),
        "ISO 32000-2, 12.5.6.23: not applied",
        hidden=False,
    ),
    Case(
        "pixelated",
        "png",
        in_pictures.defaced(in_pictures.coarse),
        "Hill et al., On the (In)effectiveness of Mosaicing, 2016",
        hidden=False,
    ),
    Case(
        "blurred",
        "png",
        in_pictures.defaced(in_pictures.blurred),
        "Hill et al., On the (In)effectiveness of Mosaicing, 2016",
        hidden=False,
    ),
    Case("under an image", "pdf", in_pdf.pdf(in_pdf.under_image), "NSA 2005: covering instead of removing"),
    Case("invisible text", "pdf", in_pdf.pdf(in_pdf.invisible), "NSA 2008: hidden text"),
    Case("white text", "pdf", in_pdf.pdf(in_pdf.white), "NSA 2005: text in the colour of the paper"),
    Case("tiny text", "pdf", in_pdf.pdf(in_pdf.tiny), "NSA 2008: hidden text"),
    Case("hidden layer", "pdf", in_pdf.pdf(in_pdf.hidden_layer), "NSA 2008: hidden layers"),
    Case("layer name", "pdf", in_pdf.pdf(in_pdf.layer_name), "NSA 2008: hidden layers"),
    Case("cropped away", "pdf", in_pdf.pdf(in_pdf.cropped), "NSA 2005: cropped images and pages", hidden=False),
    Case("beside the page", "pdf", in_pdf.pdf(in_pdf.off_page), "NSA 2005: cropped images and pages"),
    Case("actual text", "pdf", in_pdf.pdf(in_pdf.actual_text), "ISO 32000-1, 14.9.4: replacement text"),
    Case("info dictionary", "pdf", in_pdf.pdf(in_pdf.info), "NSA 2008: metadata"),
    Case("xmp", "pdf", in_pdf.pdf(in_pdf.xmp), "NSA 2008: metadata"),
    Case("outline", "pdf", in_pdf.pdf(in_pdf.outline), "NSA 2008: bookmarks"),
    Case("attachment", "pdf", in_pdf.pdf(in_pdf.attachment), "NSA 2008: embedded content and attached files"),
    Case(
        "attached to the page",
        "pdf",
        in_pdf.pdf(in_pdf.file_annotation),
        "NSA 2008: embedded content and attached files",
    ),
    Case("note", "pdf", in_pdf.pdf(in_pdf.note), "NSA 2008: reviewing and commenting"),
    Case("popup", "pdf", in_pdf.pdf(in_pdf.popup), "NSA 2008: reviewing and commenting"),
    Case("free text", "pdf", in_pdf.pdf(in_pdf.free_text), "NSA 2008: reviewing and commenting", hidden=False),
    Case("form field", "pdf", in_pdf.pdf(in_pdf.field), "NSA 2008: interactive elements", hidden=False),
    Case("form field name", "pdf", in_pdf.pdf(in_pdf.field_name), "NSA 2008: interactive elements"),
    Case("script", "pdf", in_pdf.pdf(in_pdf.script), "NSA 2008: scripts"),
    Case("link", "pdf", in_pdf.pdf(in_pdf.link), "NSA 2008: links"),
    Case("page thumbnail", "pdf", in_pdf.pdf(in_pdf.thumbnail), "NSA 2008: embedded search index and thumbnails"),
    Case("private page data", "pdf", in_pdf.pdf(in_pdf.private_data), "ISO 32000-1, 14.5: page-piece dictionaries"),
    Case("page label", "pdf", in_pdf.pdf(in_pdf.page_label), "ISO 32000-1, 12.4.2"),
    Case("image exif in pdf", "pdf", in_pdf.pdf(in_pdf.image_exif_in_pdf), "NSA 2008: metadata of images"),
    Case("earlier revision", "pdf", in_pdf.earlier_revision, "NSA 2008: incremental saves keep what was deleted"),
    Case("behind the pdf", "pdf", in_pdf.behind_end, "bytes behind the end: CVE-2023-21036 (aCropalypse)"),
    Case("png text chunks", "png", in_pictures.png, "PNG 11.3.4: tEXt, zTXt, iTXt, eXIf"),
    Case("behind the png", "png", in_pictures.png_behind_end, "CVE-2023-21036 (aCropalypse)"),
    Case("exif", "jpg", in_pictures.jpeg_exif, "EXIF, comment and XMP of photographs"),
    Case(
        "exif thumbnail",
        "jpg",
        in_pictures.jpeg_thumbnail,
        "thumbnails that keep what the picture lost (TechTV photographs, 2003)",
    ),
    Case("tiff tags", "tif", in_pictures.tiff_tags, "TIFF 6.0: ImageDescription, Artist, private tags"),
    Case("second tiff page", "tif", in_pictures.tiff_second_page, "readers that see the first page only", hidden=False),
    Case(
        "swapped tiff pages", "tif", in_pictures.tiff_pages_swapped, "TIFF 6.0: directories in any order", hidden=False
    ),
    Case(
        "unlinked tiff page",
        "tif",
        in_pictures.tiff_unlinked_page,
        "TIFF 6.0: pages that no directory leads to any more",
    ),
    Case(
        "qr code",
        "png",
        in_pictures.qr_code,
        "boarding passes and vaccination cards shown with their codes",
        coded=True,
    ),
    Case("file name", "pdf", in_pdf.plain, "a file's name can be a patient's", in_name=True),
)
