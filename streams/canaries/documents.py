"""Synthetic medical documents with the truth about every identifier on them: seeded, the same bytes for the same seed.

They serve the demonstration, canaries, tests and benches. Nothing that detects may import this room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

import numpy as np

from detectors.findings import Kind, Owner
from detectors.geometry import Homography, Quad
from detectors.subject import Subject
from streams.canaries import render
from streams.canaries.cast import Cast
from streams.canaries.faces import FAMILIES, Ink
from streams.canaries.formats import LOW_SCAN_DPI, RENDER_DPI, RENDERERS, SCAN_DPI, SUFFIXES, Format, Frame, Job
from streams.canaries.furniture import fax_banner, footer, letterhead
from streams.canaries.layouts import WRITERS, Layout, progress_note
from streams.canaries.sheet import Sheet, Style

__all__ = [
    "LOW_SCAN_DPI",
    "RENDER_DPI",
    "Difficulty",
    "Format",
    "Layout",
    "PlantedIdentifier",
    "PlantedWord",
    "SyntheticDocument",
    "generate",
    "one",
]

POOR_SHARE = 0.4
FURTHER_PAGE_SHARE = 0.3
"""Documents of one page that get a second one; a mixed file always has two."""


class Difficulty(StrEnum):
    CLEAN = "clean"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class PlantedIdentifier:
    """One printed mention of an identifier. `regions` hold its ink in source pixels of its page, one a word."""

    kind: Kind
    text: str = field(repr=False)
    page: int
    regions: tuple[Quad, ...]
    owner: Owner


@dataclass(frozen=True, slots=True)
class PlantedWord:
    """One printed word. `identifiers` are the indices of those that it is part of; none makes the word clean."""

    text: str = field(repr=False)
    page: int
    region: Quad
    identifiers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SyntheticDocument:
    """A document and its truth. `page_sizes` are width and height in source pixels."""

    id: str
    layout: Layout
    format: Format
    difficulty: Difficulty
    content: bytes = field(repr=False)
    suffix: str
    subject: Subject = field(repr=False)
    identifiers: tuple[PlantedIdentifier, ...]
    words: tuple[PlantedWord, ...]
    page_sizes: tuple[tuple[int, int], ...]
    document_class: str


def generate(
    seed: int, count: int, formats: Sequence[Format] | None = None, scan_dpi: tuple[int, ...] = SCAN_DPI
) -> Iterator[SyntheticDocument]:
    """`count` documents, layouts and formats in turn so that every pairing comes. ValueError on an empty `formats`."""
    chosen = tuple(Format) if formats is None else tuple(formats)
    if not chosen:
        raise ValueError("no format to generate")
    layouts = tuple(Layout)
    for index in range(count):
        turn, place = divmod(index, len(layouts))
        yield one(seed, index, layouts[place], chosen[(place + turn) % len(chosen)], scan_dpi)


def one(seed: int, index: int, layout: Layout, form: Format, scan_dpi: tuple[int, ...] = SCAN_DPI) -> SyntheticDocument:
    """One document of a given layout and format; scans come at one of `scan_dpi`, poor ones at none of the last."""
    rng = Random(f"{seed}/{index}/{layout}/{form}")
    poor = rng.random() < POOR_SHARE and form is not Format.BORN_DIGITAL_PDF
    cast = Cast(rng)
    sheet = _laid_out(cast, rng, layout, form)
    pages = 1 if form is Format.PHOTO_JPEG else sheet.page + 1
    vector = render.vector_pages(sheet.prints, sheet.strokes, pages)
    content, frames = RENDERERS[form](Job(vector, poor, rng, np.random.default_rng(rng.getrandbits(64)), scan_dpi))
    identifiers, words = _truth(sheet, frames)
    return SyntheticDocument(
        id=f"syn-{seed}-{index:05}",
        layout=layout,
        format=form,
        difficulty=Difficulty.POOR if poor else Difficulty.CLEAN,
        content=content,
        suffix=SUFFIXES.get(form, ".pdf"),
        subject=cast.subject(),
        identifiers=identifiers,
        words=words,
        page_sizes=tuple((f.width, f.height) for f in frames),
        document_class=layout.value,
    )


def _laid_out(cast: Cast, rng: Random, layout: Layout, form: Format) -> Sheet:
    style = Style(
        rng.choice(sorted(FAMILIES)),
        rng.choice((9.0, 9.5, 10.0, 10.5, 11.0, 12.0)),
        rng.uniform(1.2, 1.4),
        rng.choice((50.0, 54.0, 60.0)),
    )
    if style.family in ("courier", "ubuntu-mono", "cascadia"):
        style = Style(style.family, min(style.size, 9.5), style.leading, 50.0)
    head, foot = letterhead(rng), footer(rng)
    if form is not Format.FAX_TIFF:
        sheet = Sheet(cast, rng, style, head, foot)
    else:
        stamp = rng.choice(("{h:02}:{m:02}", "{h}:{m:02} PM")).format(h=rng.randint(1, 11), m=rng.randint(0, 59))
        banner = fax_banner(
            rng.choice(
                ("{discharged} " + stamp + "  FROM: {facility_caps}  {fax}  TO: {fax2}", "{fax}  {discharged} " + stamp)
            )
        )

        def both(s: Sheet) -> None:
            banner(s)
            head(s)

        sheet = Sheet(cast, rng, style, both, foot)
    WRITERS[layout](sheet, rng)
    if sheet.page == 0 and (form is Format.MIXED_PDF or rng.random() < FURTHER_PAGE_SHARE):
        progress_note(sheet, rng)
    return sheet


def _truth(sheet: Sheet, frames: Sequence[Frame]) -> tuple[tuple[PlantedIdentifier, ...], tuple[PlantedWord, ...]]:
    """Identifiers and words of the pages that are in the file, in printing order, in source pixels."""
    printed: dict[int, list[Quad]] = {}
    shown = [p for p in sheet.prints if p.page < len(frames)]
    for word in shown:
        for ink, owner in word.pieces:
            if owner is not None:
                printed.setdefault(owner, []).append(_quad(ink, frames[word.page].homography))
    order = {number: index for index, number in enumerate(printed)}
    identifiers = []
    for number, regions in printed.items():
        planted, page = sheet.fields[number]
        identifiers.append(PlantedIdentifier(planted.kind, planted.text, page, tuple(regions), planted.owner))
    words = []
    for word in shown:
        owners = tuple(dict.fromkeys(order[o] for _, o in word.pieces if o is not None))
        words.append(PlantedWord(word.text, word.page, _quad(word.ink, frames[word.page].homography), owners))
    return tuple(identifiers), tuple(words)


def _quad(ink: Ink, homography: Homography) -> Quad:
    left, top, right, bottom = ink
    return Quad(((left, top), (right, top), (right, bottom), (left, bottom))).mapped(homography)
