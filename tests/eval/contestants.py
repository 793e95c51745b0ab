"""Who is scored: Redoubt under a profile, and whatever else turns a text into spans."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import cast

from detectors.detect import PageDetector
from detectors.findings import Owner, Span
from detectors.geometry import Quad
from detectors.pages import PageReading, Word
from detectors.spans.calibration import likely
from detectors.text.analyzer import TextDetector
from detectors.words.safe import strictly
from policies import profile as profiles
from tests.eval.samples import Sample
from tests.eval.scores import Found

Contestant = Callable[[Sample], Found]
"""From a labelled text, of which it looks at the text and the page alone, to the offsets that it would mask."""

_CHAR_PX, _HEIGHT_PX, _LINE_PX = 10.0, 20.0, 26.0


def redoubt(profile: str, text: TextDetector | None = None) -> Contestant:
    """The text layers, and what of their findings the profile would act upon; `text` for other recognizers."""
    detector, rules = text or TextDetector(), profiles.load(profile)
    return lambda sample: _acted(rules, sample.text, detector.spans(sample.text))


def redoubt_page(profile: str, text: TextDetector | None = None) -> Contestant:
    """The same for a text that was read on a page, with the rules for geometry and for damaged shapes."""
    detector, rules = PageDetector(text), profiles.load(profile)

    def find(sample: Sample) -> Found:
        return _acted(rules, sample.text, detector.spans(sample.page or as_page(sample.text), None))

    return find


def named(path: str) -> Contestant:
    """`module:factory`, where `factory()` gives a contestant. Raises ValueError for another shape."""
    module, _, factory = path.partition(":")
    if not factory:
        raise ValueError("a detector is named module:factory")
    return cast(Contestant, getattr(importlib.import_module(module), factory)())


def as_page(text: str) -> PageReading:
    """A page on which each line of the text is a line of surely read words. ValueError on tabs and the like."""
    words: list[Word] = []
    at = 0
    for row, line in enumerate(text.split("\n")):
        column = 0
        for piece in line.split(" "):
            if piece:
                left, top = 100 + column * _CHAR_PX, 100 + row * _LINE_PX
                right, bottom = left + len(piece) * _CHAR_PX, top + _HEIGHT_PX
                region = Quad(((left, top), (right, top), (right, bottom), (left, bottom)))
                words.append(Word(piece, 95.0, region, row, at + column, at + column + len(piece)))
            column += len(piece) + 1
        at += len(line) + 1
    width = 200 + max((word.region.corners[1][0] for word in words), default=0.0)
    return PageReading(
        math.ceil(width), 400 + math.ceil(_LINE_PX) * (text.count("\n") + 1), 100.0, tuple(words), text, "eval"
    )


def _acted(rules: profiles.Profile, text: str, spans: list[Span]) -> Found:
    acted = [
        s for s in likely(spans, rules.thresholds.least) if rules.acts_on(s.kind, Owner.UNKNOWN, text[s.start : s.end])
    ]
    return [(s.start, s.end) for s in (strictly(text, acted) if rules.strict else acted)]
