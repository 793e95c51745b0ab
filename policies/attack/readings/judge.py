"""What of a reading of the finished copy is held against it, whichever engine read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np

from detectors.errors import Reason
from detectors.findings import Kind, Layer, Owner, Span
from detectors.geometry import Quad
from detectors.pages import PageReading
from detectors.subject import Subject
from policies.attack.finished.raster import Mask, share
from policies.attack.readings import known, recognizers, second_opinion
from policies.attack.readings.form_words import only_form_words
from policies.attack.readings.owned import strangers
from policies.attack.report import ActsOn, Residual, Secret

Hunter = Callable[[PageReading], list[Span]]
"""Somebody else's recognizer over the attacker's reading; the pipeline passes the product's own."""

BESIDE_HEIGHTS: Final = 0.4
"""Less than a space: a word so near to a box may be the rest of what the box should have covered."""
GUESS_SCORE: Final = 0.5
"""Below it a hunter's span is no finding at all."""
TOO_COMMON: Final = frozenset(
    {Kind.AGE, Kind.AGE_OVER_89, Kind.STATE, Kind.CITY, Kind.UNREADABLE, Kind.INK, Kind.REDACTION}
)
LEAST_LEARNED: Final = 4
"""Letters and digits. The number of an age, a state and shorter values stand in clean text by chance."""


def held_against(
    reading: PageReading,
    page: int,
    burned: Mask,
    secrets: Sequence[Secret],
    acts_on: ActsOn,
    hunters: Sequence[Hunter],
    subject: Subject | None,
) -> list[Residual]:
    """What of a reading, whichever engine's, the profile would act upon."""
    beside = _beside(reading, burned)
    spans = [*recognizers.spans(reading.text), *second_opinion.spans(reading)]
    for hunter in hunters:
        spans += [span for span in hunter(reading) if span.score >= GUESS_SCORE]
    spans = strangers(spans, reading.text, subject, acts_on)
    spans = [span for span in spans if _suspect(span, reading.text[span.start : span.end], acts_on)]
    residuals: list[Residual] = []
    for match in known.matches(reading, secrets, beside):
        if acts_on(match.kind, Owner.UNKNOWN, reading.text[match.start : match.end]):
            residuals += _residuals(
                reading, page, match.start, match.end, match.kind, Reason.KNOWN_VALUE_READABLE, match.certain
            )
    for span in spans:
        certain = span.layer is not Layer.NER
        residuals += _residuals(reading, page, span.start, span.end, span.kind, Reason.RESIDUAL_FINDING, certain)
    for match in known.matches(reading, _learned(reading, spans), beside):
        if acts_on(match.kind, Owner.UNKNOWN, reading.text[match.start : match.end]):
            residuals += _residuals(reading, page, match.start, match.end, match.kind, Reason.RESIDUAL_FINDING, False)
    return residuals


def distinct(residuals: Sequence[Residual]) -> tuple[Residual, ...]:
    """One a word and reason, the surer first; a word found by several is burned once."""
    kept: dict[tuple[Quad, Reason], Residual] = {}
    for residual in sorted(residuals, key=lambda r: not r.certain):
        kept.setdefault((residual.region, residual.reason), residual)
    return tuple(sorted(kept.values(), key=lambda r: (r.region.bounds, r.reason)))


def _suspect(span: Span, text: str, acts_on: ActsOn) -> bool:
    return acts_on(span.kind, span.owner, text) and not only_form_words(span.kind, text)


def _learned(reading: PageReading, spans: Sequence[Span]) -> list[Secret]:
    """The values just found, to be looked for on the rest of the page: once found, they are known."""
    values = {(span.kind, reading.text[span.start : span.end]) for span in spans if span.kind not in TOO_COMMON}
    telling = [(kind, value) for kind, value in values if sum(c.isalnum() for c in value) >= LEAST_LEARNED]
    return [Secret(kind, value) for kind, value in sorted(telling)]


def _beside(reading: PageReading, burned: Mask) -> dict[int, known.Side]:
    """The words whose letters begin or end at a burned region."""
    sums = cv2.integral(burned.astype(np.uint8))
    found: dict[int, known.Side] = {}
    for index, word in enumerate(reading.words):
        (left, top), _, (right, bottom), _ = word.region.corners
        middle, near = (bottom - top) / 4, max((bottom - top) * BESIDE_HEIGHTS, 2.0)
        if share(sums, left - near, top + middle, left + near, bottom - middle) > 0:
            found[index] = known.Side.RIGHT
        elif share(sums, right - near, top + middle, right + near, bottom - middle) > 0:
            found[index] = known.Side.LEFT
    return found


def _residuals(
    reading: PageReading, page: int, start: int, end: int, kind: Kind, reason: Reason, certain: bool
) -> list[Residual]:
    """One a word, whole words only; blanks, and marks without a letter or digit, tell nothing."""
    telling = [i for i in reading.words_in(start, end) if any(c.isalnum() for c in reading.words[i].text)]
    return [Residual(page, kind, reading.words[i].region, reason, certain) for i in telling]
