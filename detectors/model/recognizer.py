"""The model as a Presidio recognizer: names, places, streets and facilities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar, Final

from detectors.dictionaries.towns import is_large
from detectors.findings import Kind
from detectors.model.network import Network, Tag
from detectors.model.tagger import STRANGERS, THRESHOLD, WEIGHTS, Stretch, network, stretches
from detectors.patterns.addresses import STATE_NAMES
from detectors.patterns.base import Match, TextRecognizer

KINDS: Final = {Tag.PERSON: Kind.PERSON, Tag.STREET: Kind.STREET, Tag.FACILITY: Kind.FACILITY}
_STATE: Final = re.compile(rf"(?:{STATE_NAMES}|[A-Z]{{2}})")
_LINE: Final = re.compile(r"[^\n\r]+")


MOST_SURE: Final = 0.69
"""What the model's certainty scores: too little to be searched for elsewhere, for it is surer than it should be."""


class ModelRecognizer(TextRecognizer):
    """Scores grow with the model's probabilities, from the least that a detector reports to MOST_SURE."""

    KINDS: ClassVar = (Kind.PERSON, Kind.CITY, Kind.STATE, Kind.STREET, Kind.FACILITY)

    def __init__(self, weights: Path = WEIGHTS, threshold: float = THRESHOLD) -> None:
        super().__init__()
        self._network = network() if weights == WEIGHTS else Network.load(weights)
        self._threshold = threshold

    def find(self, text: str) -> Iterable[Match]:
        for stretch in stretches(text, self._network, self._threshold):
            for line in _LINE.finditer(text, stretch.start, stretch.end):
                yield from _match(line[0], line.start(), stretch)


def _match(words: str, start: int, stretch: Stretch) -> Iterator[Match]:
    name = words.strip()
    if stretch.tag is Tag.PLACE:
        kind = Kind.STATE if _STATE.fullmatch(name) or is_large(name.lower().removeprefix("the ")) else Kind.CITY
    elif stretch.tag in KINDS:
        kind = KINDS[stretch.tag]
    else:
        return
    least = STRANGERS * THRESHOLD
    score = least + (MOST_SURE - least) * max(0.0, stretch.probability - least) / (1.0 - least)
    yield Match(start, start + len(words), kind, round(score, 2))
