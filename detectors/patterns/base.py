"""What every text recognizer of the house shares: matches in, Presidio results out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from presidio_analyzer import EntityRecognizer, RecognizerResult

from detectors.findings import Kind
from detectors.patterns.match import Match

__all__ = ["BEFORE", "DASH", "Match", "TextRecognizer", "before", "follows", "group_matches"]

DASH = r"\-\u2010-\u2015\u2212~"
"""Hyphens, dashes and minus signs as typists and engines write them; for use inside a character class."""
BEFORE = 48
"""Characters looked at before a value for the words that give it a meaning: about a form label and its blank."""


class TextRecognizer(EntityRecognizer):  # type: ignore[misc]  # presidio ships no types
    """A Presidio recognizer that needs the text alone; entities are `Kind` values in upper case."""

    KINDS: ClassVar[tuple[Kind, ...]] = ()

    def __init__(self, supported_language: str = "en") -> None:
        super().__init__(
            supported_entities=[kind.value.upper() for kind in self.KINDS],
            name=type(self).__name__,
            supported_language=supported_language,
        )

    def load(self) -> None:
        """Nothing to load: patterns are compiled with the module."""

    def find(self, text: str) -> Iterable[Match]:
        """Every match in the text, in any order; matches may overlap."""
        raise NotImplementedError

    def analyze(self, text: str, entities: list[str], nlp_artifacts: object = None) -> list[RecognizerResult]:
        """Presidio's entry point. An empty list of entities means all of them."""
        del nlp_artifacts
        wanted = set(entities) if entities else None
        return [
            RecognizerResult(
                entity_type=match.kind.value.upper(),
                start=match.start,
                end=match.end,
                score=match.score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for match in self.find(text)
            if wanted is None or match.kind.value.upper() in wanted
        ]


def before(text: str, start: int, width: int = BEFORE) -> str:
    """The stretch of text that ends where a value starts."""
    return text[max(0, start - width) : start]


def follows(cue: re.Pattern[str], text: str, start: int, width: int = BEFORE) -> bool:
    """Whether the cue occurs in the stretch before `start`."""
    return cue.search(text, max(0, start - width), start) is not None


def group_matches(found: Iterable[re.Match[str]], group: str, kind: Kind, score: float) -> Iterator[Match]:
    """One match per regex match in which the named group took part."""
    for hit in found:
        if hit.start(group) >= 0 and hit.end(group) > hit.start(group):
            yield Match(hit.start(group), hit.end(group), kind, score)
