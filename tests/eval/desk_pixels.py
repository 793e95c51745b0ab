"""Some of the desk's charts as files, through the whole pipeline: what is black in the copy, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pymupdf

from policies.attack.finished.raster import finished_page
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.eval.desk import ALLOWS_ALL, PROFILE
from tests.eval.desk_charts import OTHERS, OWN, Chart

_DPI, _POINT, _STEP, _LEFT, _TOP = 150, 9.0, 16.0, 40.0, 50.0
_BLACK: Final = 96
"""Mean gray of a place that is burned; print on paper has 200 and more."""
_SECONDS: Final = 600.0


def printed(made: Sequence[Chart]) -> None:
    """Prints the verdict of each chart, and over all of them the shares of places that stayed and that went."""
    kept, burned = [0, 0], [0, 0]
    with PagePool(1) as pages, Decoder() as decoder:
        parts = Parts(decoder, pages, LocalTokenizer(production=False))
        for chart in made:
            content, places = _scan(chart)
            document = Document("t", "d", content, PROFILE, subject=chart.subject, authorization=ALLOWS_ALL)
            outcome = process(document, parts, Deadline.after(_SECONDS))
            _count(outcome, places, kept, burned)
            asked = sorted({place.page for place in outcome.asked})
            print(
                f"  {outcome.verdict.value} {', '.join(outcome.reasons)}: asked {asked}, misfiled {[*chart.misfiled]}"
            )
    print(f"  pixels, {_DPI} dpi: own kept {kept[0]}/{kept[1]}, others burned {burned[0]}/{burned[1]}")


def _scan(chart: Chart) -> tuple[bytes, list[tuple[int, str, pymupdf.Rect]]]:
    """Pictures of the pages, and where each identifier stands, in points."""
    places = list[tuple[int, str, pymupdf.Rect]]()
    with pymupdf.open() as typed, pymupdf.open() as scanned:
        for number, sample in enumerate(chart.pages):
            page = typed.new_page(width=612, height=792)
            at = 0
            for row, line in enumerate(sample.text.split("\n")):
                y = _TOP + row * _STEP
                page.insert_text((_LEFT, y), line, fontsize=_POINT, fontname="helv")
                for gold in sample.golds:
                    if at <= gold.start < at + len(line):
                        left = _LEFT + pymupdf.get_text_length(line[: gold.start - at], "helv", _POINT)
                        right = _LEFT + pymupdf.get_text_length(line[: gold.end - at], "helv", _POINT)
                        places.append((number, gold.kind, pymupdf.Rect(left, y - _POINT * 0.7, right, y)))
                at += len(line) + 1
            picture = page.get_pixmap(dpi=_DPI)
            scanned.new_page(width=612, height=792).insert_image(page.rect, pixmap=picture)
        return bytes(scanned.tobytes()), places


def _count(outcome: Outcome, places: list[tuple[int, str, pymupdf.Rect]], kept: list[int], burned: list[int]) -> None:
    if outcome.copy is None:
        return
    copy = outcome.copy if isinstance(outcome.copy, bytes) else b"".join(outcome.copy.pieces())
    for page, whose, rect in places:
        pixels = finished_page(copy, page).pixels
        scale = pixels.shape[1] / 612
        left, top, right, bottom = (round(v * scale) for v in rect)
        dark = float(pixels[top:bottom, left:right].mean()) < _BLACK
        for which, counts, hit in ((OWN, kept, not dark), (OTHERS, burned, dark)):
            if whose == which:
                counts[0] += hit
                counts[1] += 1
