"""Scans and photographs: what is still to be had from them, and those that only look like it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pymupdf
from PIL import Image, ImageDraw, ImageFilter

from tests.check.sheets import BLACK, LINES, PLACE, WHITE, Draw, box, marked, photograph, png, scan, scanned, sheet


def blackened_below(draw: Draw = lambda document, page: None) -> bytes:
    """Two pictures: the scan as it was, and over it the same in which somebody blackened the name."""

    def both(document: Any, page: Any) -> None:
        page.insert_image(page.rect, stream=png(scan(blacken=PLACE)))
        draw(document, page)

    return scanned(scan(), both)


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


def short(change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """A scan with one line of print, in which somebody made some words unreadable, or nearly."""
    image = softened(change)
    for top, bottom in ((0, WORDS_PX[1] - 4), (WORDS_PX[3] + 8, image.height)):
        ImageDraw.Draw(image).rectangle([0, top, image.width, bottom], fill=255)
    return image


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


def by_hand() -> Image.Image:
    """A scan of a sheet on which somebody went over the name with a black pen."""
    rng = np.random.default_rng(2)
    image = scan(blacken=PLACE).copy()
    pen, (left, top, right, bottom) = ImageDraw.Draw(image), (round(side * 150 / 72) for side in PLACE)
    for y in range(top - 4, bottom + 6, 3):
        begins, ends, down = (int(away) for away in rng.integers(-9, 10, 3))
        pen.line([(left + begins, y), (right + ends, y + down // 3)], fill=20, width=7)
    return image


def stamp(ground: tuple[int, int, int, int]) -> bytes:
    image = Image.new("RGBA", (400, 160), ground)
    ImageDraw.Draw(image).rectangle([4, 4, 395, 155], outline=(200, 0, 0, 255), width=8)
    ImageDraw.Draw(image).text((60, 40), "FILED", fill=(200, 0, 0, 255), font_size=80)
    return png(image)


def tiles(levels: int, side: int) -> bytes:
    """A map or a code of squares."""
    few = np.random.default_rng(5).integers(0, levels, (side, side)).astype(np.uint8) * (255 // (levels - 1))
    return png(Image.fromarray(few).resize((16 * side, 16 * side), Image.Resampling.NEAREST))


BAD: Final[dict[str, Callable[[], bytes]]] = {
    "a see-through box over a scan": lambda: scanned(scan(), lambda d, p: box(p, fill_opacity=0.7)),
    "a mark for removal over a scan": lambda: scanned(scan(), lambda d, p: p.add_redact_annot(PLACE)),
    "a box over a scan": lambda: scanned(scan(), lambda d, p: box(p)),
    "a white box over a scan": lambda: scanned(scan(), lambda d, p: box(p, fill=WHITE)),
    "a square of a viewer's over a scan": lambda: scanned(scan(), lambda d, p: marked(p.add_rect_annot(PLACE), BLACK)),
    "a scan blackened, its words left": lambda: scanned(scan(blacken=PLACE), words=True),
    "a scan whitened, its words left": lambda: scanned(scan(whiten=PLACE), words=True),
    "a scan with its words under a box": lambda: scanned(scan(), lambda d, p: box(p), words=True),
    "a scan over which a blackened one lies": blackened_below,
    "a black picture over a scan": lambda: scanned(
        scan(),
        lambda d, p: p.insert_image(PLACE, stream=png(Image.new("L", (90, 30), 0)), keep_proportion=False),
    ),
    "a bar over eyes": lambda: sheet(lambda d, p: (photographed(d, p), box(p, pymupdf.Rect(120, 420, 250, 445)))),
    "a white picture over a scan": lambda: scanned(
        scan(),
        lambda d, p: p.insert_image(PLACE, stream=png(Image.new("L", (90, 30), 255)), keep_proportion=False),
    ),
    "a box over a scan on gray paper": lambda: scanned(scan().point(lambda level: level * 0.6), lambda d, p: box(p)),
    "a mosaic in a scan": lambda: scanned(softened(squares)),
    "blur in a scan": lambda: scanned(softened(lambda part: part.filter(ImageFilter.GaussianBlur(6)))),
    "a mosaic in a scan of one line": lambda: scanned(short(squares)),
    "blur in a scan of one line": lambda: scanned(short(lambda part: part.filter(ImageFilter.GaussianBlur(6)))),
    "a mosaic put on a scan": lambda: scanned(
        scan(), lambda d, p: p.insert_image(pymupdf.Rect(WORDS), stream=png(squares(scan().crop(WORDS_PX))))
    ),
}


GOOD: Final[dict[str, Callable[[], bytes]]] = {
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
    "an empty page": lambda: scanned(Image.new("L", (850, 1100), 255)),
    "recognized text under its scan": under_its_scan,
    "a blackened scan, its words removed as well": layer_without_the_name,
    "a scan with black edges and its words": lambda: scanned(facsimile(), words=True),
    "a stamp on a scan": lambda: scanned(
        scan(),
        lambda d, p: p.insert_image(pymupdf.Rect(300, 500, 400, 560), stream=png(photograph(200, 120))),
    ),
    "a scan on which a black label lies": lambda: scanned(
        scan(), lambda d, p: (box(p, pymupdf.Rect(480, 740, 590, 780)), p.insert_text((490, 765), "COPY", color=WHITE))
    ),
    "a photograph with a legend on a bar": lambda: sheet(
        lambda d, p: (
            photographed(d, p),
            box(p, pymupdf.Rect(90, 560, 250, 580)),
            p.insert_text((95, 574), "The ward at night", color=WHITE),
        )
    ),
    "what OCR makes of a black box": lambda: ocr_of_a_box(("HEE", 70, 50), ("EEEE", 125, 60)),
    "what OCR makes of a black box and a word beside it": lambda: ocr_of_a_box(("{perature", 20, 120)),
    "exemptions that OCR read on a black box": lambda: ocr_of_a_box(("(b)(6),", 72, 40), ("(b)(7)(C)", 120, 50)),
    "a scan with a soft stamp, a heat map, chart paper and shading": lambda: scanned(soft_and_square()),
    "the same, saved coarsely": lambda: scanned(Image.open(io.BytesIO(jpeg(soft_and_square(), 15)))),
    "a scan saved coarsely": lambda: scanned(Image.open(io.BytesIO(jpeg(scan(), 10)))),
    "a scan of one line, saved coarsely": lambda: scanned(Image.open(io.BytesIO(jpeg(short(lambda part: part), 10)))),
    "a scan of few pixels, scaled up": lambda: scanned(
        scan().resize((408, 528), Image.Resampling.BOX).resize((1632, 2112), Image.Resampling.NEAREST)
    ),
    "a scan blackened by hand": lambda: scanned(by_hand()),
    "a blackened scan with a larger box on it": lambda: scanned(
        scan(blacken=PLACE), lambda d, p: box(p, pymupdf.Rect(64, 284, 194, 309))
    ),
    "a blackened scan of two levels": lambda: scanned(scan(blacken=PLACE).point(lambda level: 255 * (level > 128))),
    "a clear stamp on print": lambda: sheet(
        lambda d, p: p.insert_image(pymupdf.Rect(60, 70, 260, 150), stream=stamp((0, 0, 0, 0)))
    ),
    "a white stamp beside print": lambda: sheet(
        lambda d, p: p.insert_image(pymupdf.Rect(300, 300, 500, 380), stream=stamp((255, 255, 255, 255)))
    ),
    "a code and a map of squares": lambda: sheet(
        lambda d, p: (
            p.insert_image(pymupdf.Rect(72, 300, 172, 400), stream=tiles(2, 29)),
            p.insert_image(pymupdf.Rect(200, 300, 500, 600), stream=tiles(16, 16)),
        )
    ),
}
