"""What became of a frame: truth by construction against the pixels of the copy."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from detectors.errors import Reason
from detectors.pages import Pixels
from streams.canaries.leakcheck import rasters
from streams.clock import Deadline
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.pictures.frames import Frame
from tests.pictures.writing import Line

BLACK_TO, OPEN_FROM = 40, 45
"""Levels to which a pixel of a copy is black, and from which one of a source was not."""
BURNED_FROM = 0.98
"""Of a line's strokes and their rim that were not black before."""
KEPT_TO = 0.1
DEADLINE_S = 900.0


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """`untouched` is the share of the frame away from its lines that is not burned; `reasons` are those for which it
    waits besides being a picture, which a person looks at in any case."""

    telling: int
    missed: tuple[str, ...]
    harmless: int
    kept: int
    untouched: float
    verdict: str
    reasons: tuple[str, ...]
    rounds: int
    copy: Pixels


def scored(frame: Frame, content: bytes, profile: str, parts: Parts) -> Scored:
    outcome = process(Document("pictures", "frame", content, profile), parts, Deadline.after(DEADLINE_S))
    if outcome.copy is None:
        raise AssertionError(f"withheld: {outcome.reasons}")
    finished = outcome.copy if isinstance(outcome.copy, bytes) else b"".join(outcome.copy.pieces())
    copy = rasters(finished, ".pdf")[0]
    lines = [(line, _burned(line, frame.pixels, copy)) for line in frame.lines]
    around = np.zeros(copy.shape, np.uint8)
    for line in frame.lines:
        grown = line.box.grown(max(3, min(line.box.width, line.box.height) // 2))
        around[max(grown.top, 0) : grown.bottom, max(grown.left, 0) : grown.right] = 1
    boxes = np.zeros(copy.shape, np.uint8)
    for entry in outcome.boxes:
        boxes[max(entry.box.top, 0) : entry.box.bottom, max(entry.box.left, 0) : entry.box.right] = 1
    away = around == 0
    return Scored(
        telling=sum(line.telling for line, _ in lines),
        missed=tuple(
            f"{line.text} {line.box} {share:.2f}" for line, share in lines if line.telling and share < BURNED_FROM
        ),
        harmless=sum(not line.telling for line, _ in lines),
        kept=sum(not line.telling and share <= KEPT_TO for line, share in lines),
        untouched=1 - float(boxes[away].mean()),
        verdict=outcome.verdict.value,
        reasons=tuple(reason.value for reason in outcome.reasons if reason is not Reason.PICTURE_OF_A_BODY),
        rounds=outcome.rounds,
        copy=copy,
    )


def _burned(line: Line, source: Pixels, copy: Pixels) -> float:
    """The share of a line's strokes, and of their rim, that was open and is black."""
    ink = cv2.dilate(line.strokes.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    before = source if source.ndim == 2 else source.max(axis=2)
    open_before = ink & (before >= OPEN_FROM)
    if not open_before.any():
        return 1.0  # dark on dark: nobody sees it, before or after
    return float((copy[open_before] <= BLACK_TO).mean())
