"""Files that cannot be redacted, each with the codes that may say why."""

from __future__ import annotations

import pymupdf

from detectors.errors import Reason
from tests.decode.decoding import sized_pdf, slow_pdf
from tests.decode.files import drawing, encoded, pdf_without_pages, text_pdf, tiff_bomb

CANARY = "Quillanthe"
SSN = "517-48-2931"


def png_bomb() -> bytes:
    head = encoded(drawing(50, 50), "PNG")
    return head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]


BAD: dict[str, tuple[bytes, set[Reason]]] = {
    "empty.pdf": (b"", {Reason.EMPTY}),
    "text.pdf": (f"Patient {CANARY} {SSN}".encode(), {Reason.UNKNOWN_FORMAT}),
    "letter.docx": (b"PK\x03\x04" + CANARY.encode() * 40, {Reason.UNKNOWN_FORMAT}),
    "program.exe": (b"MZ\x90\x00" + bytes(400), {Reason.UNKNOWN_FORMAT}),
    "cut.pdf": (text_pdf(3)[:250], {Reason.DAMAGED}),
    "cut.png": (encoded(drawing(), "PNG")[:900], {Reason.DAMAGED}),
    "locked.pdf": (
        text_pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw=CANARY, user_pw="b"),
        {Reason.ENCRYPTED},
    ),
    "no-pages.pdf": (pdf_without_pages(), {Reason.NO_PAGES}),
    "huge-page.pdf": (sized_pdf("[0 0 1000000 1000000]"), {Reason.TOO_MANY_PIXELS}),
    "bomb.tif": (tiff_bomb(2_000_000_000, 2_000_000_000), {Reason.TOO_MANY_PIXELS}),
    "bomb.png": (png_bomb(), {Reason.TOO_MANY_PIXELS, Reason.DAMAGED}),
    "endless.pdf": (slow_pdf(), {Reason.DEADLINE}),
}
NESTED = text_pdf().replace(b"/Type/Page", b"/X " + b"[" * 200_000 + b"]" * 200_000 + b"/Type/Page", 1)
"""Arrays in arrays, deeper than any parser should follow: a page or a code, and the decoder stays alive."""
