"""Pages printed from C-CDA documents: their header identifiers as people write them, then the document's own prose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pymupdf

CDA = {"cda": "urn:hl7-org:v3"}
SIZE_PT, LEADING_PT = 8.5, 11.5
COLUMNS_PT = (36.0, 312.0)
TOP_PT, BOTTOM_PT = 44.0, 765.0
LINE_CHARACTERS = 54
BODY_LINES = 45
SCAN_DPI = 200
DATES = ("%m/%d/%Y", "%B %d, %Y", "%Y-%m-%d", "%d %b %Y")
LABELS = {
    "ssn": "SSN",
    "mrn": "MRN",
    "npi": "NPI",
    "id": "ID",
    "phone": "Tel",
    "email": "E-mail",
    "organization-name": "Organization",
    "birth-date": "Date of birth",
}
PARTS_OF_OTHERS = {"street", "city", "postal-code", "patient-given-name", "patient-family-name"}
"""Printed with the address or the name that they belong to."""


@dataclass(frozen=True, slots=True)
class Identifier:
    kind: str
    role: str
    printed: str


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    identifiers: tuple[Identifier, ...]
    body: tuple[str, ...]


def charts(folder: Path) -> list[Chart]:
    listed = json.loads((folder / "identifiers.json").read_text())
    return [
        Chart(
            Path(name).stem,
            tuple(Identifier(i["kind"], i["role"], as_written(i["kind"], i["value"], DATES[n % 4])) for i in items),
            tuple(islice(_prose(folder / name), BODY_LINES)),
        )
        for n, (name, items) in enumerate(sorted(listed.items()))
    ]


def as_written(kind: str, value: str, date_format: str) -> str:
    value = value.strip(" >")
    if kind == "birth-date":
        return datetime.strptime(value, "%Y%m%d").strftime(date_format)
    if kind == "ssn" and re.fullmatch(r"\d{9}", value):
        return f"{value[:3]}-{value[3:5]}-{value[5:]}"
    if kind == "phone" and (found := re.fullmatch(r"(?:\+1)?\((\d{3})\)-?(\d{3})-(\d{4})", value)):
        return f"({found[1]}) {found[2]}-{found[3]}"
    return value


def as_pdf(chart: Chart) -> bytes:
    """One letter page in two columns, text and all."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        x, y = 0, TOP_PT
        for line, bold in [*_header(chart.identifiers), ("", False), *((line, False) for line in chart.body)]:
            if y > BOTTOM_PT:
                x, y = x + 1, TOP_PT
            if x == len(COLUMNS_PT):
                break
            page.insert_text((COLUMNS_PT[x], y), line, fontsize=SIZE_PT, fontname="hebo" if bold else "helv")
            y += LEADING_PT
        return bytes(document.tobytes())


def as_scan(pdf: bytes, seed: int) -> bytes:
    """The same page from an office scanner: a little askew, soft and noisy; a JPEG inside a PDF."""
    random = np.random.default_rng(seed)
    with pymupdf.open(stream=pdf) as document:
        pixmap = document[0].get_pixmap(dpi=SCAN_DPI, colorspace=pymupdf.csGRAY)
    gray = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    turn = cv2.getRotationMatrix2D((pixmap.width / 2, pixmap.height / 2), float(random.uniform(-0.8, 0.8)), 1.0)
    gray = cv2.warpAffine(gray, turn, (pixmap.width, pixmap.height), flags=cv2.INTER_CUBIC, borderValue=255)
    gray = cv2.GaussianBlur(gray, (0, 0), 0.6)
    noisy = 20 + gray * 0.88 + random.normal(0, 9, gray.shape)
    speckles = random.random(gray.shape) < 0.0004
    noisy[speckles] = 60
    _, jpeg = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 75])
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, stream=jpeg.tobytes(), keep_proportion=False)
        return bytes(document.tobytes())


def _header(identifiers: Sequence[Identifier]) -> Iterator[tuple[str, bool]]:
    """Lines and whether they are headings; who has been printed once is not printed again in another role."""
    printed: set[str] = set()
    for role, block in _blocks(identifiers):
        lines = [line for identifier in block for line in _lines(identifier)]
        if not printed.issuperset(lines):
            printed.update(lines)
            yield role.replace("-", " ").capitalize(), True
            yield from ((line, False) for line in lines)


def _blocks(identifiers: Sequence[Identifier]) -> Iterator[tuple[str, list[Identifier]]]:
    """One person or organization each: a new one begins with its number or address, behind the last one's name."""
    block: list[Identifier] = []
    named = False
    for identifier in identifiers:
        if identifier.kind in PARTS_OF_OTHERS:
            continue
        if block and (
            identifier.role != block[0].role or (named and identifier.kind in {"address", "npi", "id", "ssn"})
        ):
            yield block[0].role, block
            block, named = [], False
        named = named or identifier.kind.endswith("-name")
        block.append(identifier)
    if block:
        yield block[0].role, block


def _lines(identifier: Identifier) -> Iterator[str]:
    if identifier.kind == "address":
        street, _, rest = identifier.printed.partition(", ")
        yield f"Address: {street}"
        yield f"    {rest}"
    else:
        yield f"{LABELS.get(identifier.kind, 'Name')}: {identifier.printed}"


def _prose(file: Path) -> Iterator[str]:
    """Titles and narrative of the document's sections, broken into lines."""
    tree = ElementTree.parse(file)  # noqa: S314  public test data, read where it lies
    for section in tree.iterfind(".//cda:section", CDA):
        title, text = section.find("cda:title", CDA), section.find("cda:text", CDA)
        words = [*_words(title), "-", *_words(text)]
        line = ""
        for word in words:
            if line and len(line) + len(word) >= LINE_CHARACTERS:
                yield line
                line = ""
            line = f"{line} {word}".strip()
        if line:
            yield line


def _words(element: ElementTree.Element | None) -> list[str]:
    found = " ".join(element.itertext()).split() if element is not None else []
    return [word.encode("latin-1", "replace").decode("latin-1") for word in found]
