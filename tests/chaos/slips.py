"""Appointment slips: one born-digital page each, little to read, so that thousands of them fit into an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

import cv2
import numpy as np
import pymupdf

from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.subject import Subject
from streams.canaries.cast import Cast

_DPI: Final = 200
_PAGE: Final = pymupdf.Rect(0, 0, 420, 298)
"""A5, landscape."""
_CLEAN: Final = ("appointment", "fasting", "arrive", "insurance")
_PART_CHARS: Final = 4


@dataclass(frozen=True)
class Slip:
    """A slip, its patient, and what must not be readable on a copy."""

    content: bytes = field(repr=False)
    subject: Subject = field(repr=False)
    planted: tuple[str, ...] = field(repr=False)


def slips(seed: int, count: int) -> list[Slip]:
    """The same seed gives the same slips."""
    return [_slip(Random(f"{seed}/{index}")) for index in range(count)]  # noqa: S311  seeded, nothing secret


def leaks(slip: Slip, copy: bytes) -> bool:
    """Whether a part of a planted value can be read on the copy. Raises ValueError where nothing can: then this check
    could not fail."""
    engine, words = TesserocrEngine(), list[str]()
    with pymupdf.open(stream=copy, filetype="pdf") as file:
        for page in file:
            pixmap = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY)
            gray = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
            words += [word.text.lower() for word in engine.words(cv2.copyMakeBorder(gray, 9, 9, 9, 9, 0), _DPI)]
    read = " ".join(words)
    if sum(word in read for word in _CLEAN) < len(_CLEAN) - 1:
        raise ValueError("the clean words of the slip are not readable")
    return any(part in read for part in _parts(slip.planted))


def _parts(values: Sequence[str]) -> set[str]:
    return {part for value in values for part in value.lower().split() if len(part) >= _PART_CHARS}


def _slip(chance: Random) -> Slip:
    subject = Cast(chance).subject()
    name, phone, address = subject.names[0], subject.phones[0], subject.addresses[0]
    if subject.birth_date is None or subject.mrn is None:
        raise ValueError("a patient has a birth date and a record number")
    born = f"{subject.birth_date:%m/%d/%Y}"
    lines = (
        "Appointment slip",
        f"Patient: {name}     DOB: {born}",
        f"MRN: {subject.mrn}     Phone: {phone}",
        f"Address: {address}",
        "Please arrive fifteen minutes early, fasting, with",
        "your insurance card and the list of your medications.",
    )
    with pymupdf.open() as file:
        page = file.new_page(width=_PAGE.width, height=_PAGE.height)
        for number, line in enumerate(lines):
            page.insert_text((30, 50 + 30 * number), line, fontsize=11, fontname="helv")
        content = file.tobytes(deflate=True, no_new_id=True)
    return Slip(content, subject, (name, born, subject.mrn, phone, address))
