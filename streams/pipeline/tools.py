"""What a reading process works with: engines and detectors.

They are loaded in the process that all reading processes are forked from, which never sees a page: what they hold is
there once for all of them, and a process is there in milliseconds. Its parent imports nothing of it.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np

from detectors.detect import PageDetector
from detectors.memory import give_back
from detectors.model.chosen import OWN
from detectors.pages import PageRaster
from detectors.reading.engines.ppocr_engine import PpocrEngine
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from detectors.text.analyzer import TextDetector
from detectors.words.local_lists import LocalLists
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim
from policies.masking.assemble import assemble
from streams.hardening import report_to_nobody

_LINES: Final = (
    "DISCHARGE SUMMARY",
    "Patient: John Sample   DOB: 01/02/1960   MRN: 0012345",
    "Seen by Dr. Sample in Springfield, IL 62704 on 03/04/2020.",
    "He was given ibuprofen for a cough and sent home.",
)


@dataclass(frozen=True, slots=True)
class Tools:
    """Of one reading process."""

    engine: TesserocrEngine
    text: TextDetector
    detector: PageDetector


def tools(ner_model: str, lists: LocalLists) -> Tools:
    """Raises RedoubtError(MISCONFIGURED) where models are not there."""
    # It starts threads of its own, whatever the environment says.
    cv2.setNumThreads(1)
    text = _text(ner_model)
    found = Tools(_engine(), text, PageDetector(text, lists))
    # What was loaded stays: looked through again and again for what is garbage, it costs a twentieth of a page.
    gc.collect()
    gc.freeze()
    return found


@cache
def other_engine() -> PpocrEngine:
    """What reads takes 50 MiB; what finds text, for pictures and the deepest looks alone, is loaded by who asks."""
    report_to_nobody()
    return PpocrEngine()


def warm() -> None:
    """Loads all that a page asks for: dictionaries, shapes and tables are read when they are first wanted.

    Raises as `tools` does.
    """
    have, page = tools(OWN, LocalLists()), _page()
    reading, _ = recognize(page, have.engine)
    have.text.spans("\n".join(_LINES))
    claim = Claim(((page.width, page.height),), ((),), ())
    hunters = [lambda seen: have.detector.spans(seen, None)]
    reread_page(assemble([page]), Look(0), claim, have.engine, lambda *_: True, hunters)
    other_engine().texts_at(page.pixels, [word.region for word in reading.words])
    gc.collect()
    gc.freeze()
    give_back()


def _page() -> PageRaster:
    pixels = np.full((400, 1000), 255, np.uint8)
    for row, line in enumerate(_LINES):
        cv2.putText(pixels, line, (40, 80 + 70 * row), cv2.FONT_HERSHEY_DUPLEX, 0.8, 0, 1, cv2.LINE_AA)
    return PageRaster(pixels, dpi=150.0)


@cache
def _engine() -> TesserocrEngine:
    return TesserocrEngine()


@cache
def _text(ner_model: str) -> TextDetector:
    return TextDetector(model=ner_model)
