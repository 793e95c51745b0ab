"""Parts that fail, each named for what it does; everything else of a pipeline under test is real."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer, Span
from detectors.geometry import Quad
from detectors.pages import PageRaster, PageReading, Word
from detectors.subject import Subject
from detectors.visual.ink.accounting import InkReport
from policies.attack.finished.pdf import Finished
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Residual
from streams.clock import Deadline
from streams.decode.batch import Batch, Flaw

SECRET = "517-48-2931"
LINES = ("Chief complaint: cough", f"SSN: {SECRET}", "Plan: low sodium diet-7")
ENGINE = "double-1"


def printed() -> PageRaster:
    """The page that every double reads, with real ink where its words stand."""
    pixels = np.full((300, 500), 255, np.uint8)
    for row, line in enumerate(LINES):
        for x, word in _placed(line):
            cv2.putText(pixels, word, (x, 60 + 70 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    return PageRaster(pixels, dpi=100.0)


def _placed(line: str) -> list[tuple[int, str]]:
    x, placed = 30, []
    for word in line.split():
        placed.append((x, word))
        x += 12 * len(word) + 14
    return placed


def reading() -> PageReading:
    words: list[Word] = []
    text = ""
    for row, line in enumerate(LINES):
        for x, word in _placed(line):
            text += ("" if not text else "\n" if not words or words[-1].line != row else " ") + word
            top, right = 42 + 70 * row, x + 12 * len(word)
            region = Quad(((x, top), (right, top), (right, top + 26), (x, top + 26)))
            words.append(Word(word, 95.0, region, row, len(text) - len(word), len(text)))
    return PageReading(500, 300, 100.0, tuple(words), text, ENGINE)


def secret_span() -> Span:
    start = reading().text.index(SECRET)
    return Span(start, start + len(SECRET), Kind.SSN, 0.95, Layer.PATTERN)


@dataclass
class OnePage:
    """A decoder that knows one page."""

    pages: int = 1
    flaws: Flaw = Flaw.NONE

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        return Batch(tuple(printed() for _ in range(first, min(first + at_most, self.pages))), self.pages, self.flaws)


@dataclass
class Fails:
    """A decoder that ends in a reason code."""

    reason: Reason

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        raise RedoubtError(self.reason)


class DecoderHangs:
    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        time.sleep(deadline_s)
        raise RedoubtError(Reason.DEADLINE)


@dataclass
class Reads:
    """Pages that work: one reading, one finding, and an attacker that finds nothing."""

    spans: tuple[Span, ...] = field(default_factory=lambda: (secret_span(),))
    ink: InkReport = field(default_factory=lambda: InkReport(0.0, 0.1, 0.0, 0.0, 0.0, ()))
    attacks: list[tuple[Look, ...]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]:
        return [(reading(), self.ink) for _ in pages]

    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        return [list(self.spans) for _ in readings]

    def attack(
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> list[list[Residual]]:
        self.attacks.append(tuple(looks))
        self.claims.append(claim)
        found = self.residuals([look.page for look in looks])
        return [[residual for residual in found if residual.page == look.page] for look in looks]

    def residuals(self, pages: Sequence[int]) -> list[Residual]:
        return []


class OcrCrashes(Reads):
    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]:
        raise RedoubtError(Reason.READER_FAILED)


class OcrSkipsAPage(Reads):
    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]:
        return super().read(pages, deadline)[:-1]


class DetectorCrashes(Reads):
    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        raise RedoubtError(Reason.DETECTOR_FAILED)


class DetectorSkipsAPage(Reads):
    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        return super().detect(readings, subject, deadline)[:-1]


class AttackerMeasures(Reads):
    """Finds that each box is as wide as one name only."""

    def residuals(self, pages: Sequence[int]) -> list[Residual]:
        boxes = [(page, box) for page in pages for box in self.claims[-1].burned[page]]
        return [Residual(page, Kind.PERSON, box, Reason.WIDTH_TELLS, False) for page, box in boxes]


@dataclass
class AttackerFails(Reads):
    reason: Reason = Reason.ATTACKER_FAILED

    def residuals(self, pages: Sequence[int]) -> list[Residual]:
        raise RedoubtError(self.reason)


@dataclass
class AttackerInsists(Reads):
    """Finds the same word however often it is burned."""

    found: Reason = Reason.RESIDUAL_FINDING
    certain: bool = True

    def residuals(self, pages: Sequence[int]) -> list[Residual]:
        return [Residual(page, Kind.STREET, reading().words[-1].region, self.found, self.certain) for page in pages]


class AttackerFindsOnce(Reads):
    """Finds `diet-7` in the first copy, nothing in the second: small letters alone would be running text."""

    def residuals(self, pages: Sequence[int]) -> list[Residual]:
        if len(self.attacks) > 1:
            return []
        return [Residual(0, Kind.OTHER_ID, reading().words[-1].region, Reason.RESIDUAL_FINDING, True)]


def dies_of_the_system() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
