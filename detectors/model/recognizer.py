"""The model as a Presidio recognizer: names, places, streets and facilities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar, Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind
from detectors.folding import fold, word_set
from detectors.labels.table import WORDS
from detectors.model.network import Inference, Network, Tag
from detectors.model.tagger import STRANGERS, THRESHOLD, WEIGHTS, Stretch, inference, stretches
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.states import STATE_NAMES
from detectors.places.towns import is_large

KINDS: Final = {Tag.PERSON: Kind.PERSON, Tag.STREET: Kind.STREET, Tag.FACILITY: Kind.FACILITY}
_STATE: Final = re.compile(rf"(?:{STATE_NAMES}|[A-Z]{{2}})")
_WORD: Final = re.compile(r"[^\W_]+")
_LINE: Final = re.compile(r"[^\n\r]+")
_FIELD: Final = re.compile(r"([a-z]{4,20})(?:[A-Z][a-z]{1,20}){1,4}")
_SHORT_FORMS: Final = word_set("als aps bls dme lad pcu picu rca snf vna")
"""Of services, wards and arteries: nobody is called so. Other short capitals may be a name: "Pt LUC", "BLUM, ARJA"."""
_SIDED: Final = re.compile(
    r"[RL] (?:arm|ankle|breast|chest|ear|elbow|eye|fistula|foot|groin|hand|hip|jaw|knee|leg|permcath|picc|port|"
    r"shoulder|thigh|thumb|toe|wrist)"
)
"""The side of a thing, and not an initial before a family name: "R permcath"."""
_COMPASS: Final = word_set("north south east west central")
_WINGS: Final = word_set("campus elevator entrance hall lobby pavilion shift tower wing")

BEYOND_DOUBT: Final = 0.95
"""Below this probability words that name nobody by themselves are let go."""
MOST_SURE: Final = 0.69
"""What the model's certainty scores: too little to be searched for elsewhere, for it is surer than it should be."""

_NEXT: Final = re.compile(r"[ \t]([^\W\d_]+)")
_LAST: Final = re.compile(r"([^\W\d_]+)[ \t]$")
_FIGURE_BEFORE: Final = re.compile(r"\d[ \t]{1,3}$")


class ModelRecognizer(TextRecognizer):
    """Scores grow with the model's probabilities, from the least that a detector reports to MOST_SURE."""

    KINDS: ClassVar = (Kind.PERSON, Kind.CITY, Kind.STATE, Kind.STREET, Kind.FACILITY)

    def __init__(self, weights: Path = WEIGHTS, threshold: float = THRESHOLD) -> None:
        super().__init__()
        self._model = inference() if weights == WEIGHTS else Inference(Network.load(weights))
        self._threshold = threshold

    def find(self, text: str) -> Iterable[Match]:
        for stretch in stretches(text, self._model, self._threshold):
            for line in _LINE.finditer(text, stretch.start, stretch.end):
                if stretch.probability < BEYOND_DOUBT and _is_plain(line[0], stretch.tag):
                    continue
                if all(map(_is_field, line[0].split())) or _is_sex(text, line):
                    continue
                if _is_short_form(line[0]) or _is_wing(text, line):
                    continue
                yield from _match(line[0], line.start(), stretch)


def _is_plain(text: str, tag: Tag) -> bool:
    """Whether all words are ordinary ones or those of labels, and none is written as a name could be: "above", "VIN".

    Facilities are often called after ordinary things, so of them this is true in lower case only.
    """
    words = _WORD.findall(text)
    if tag is Tag.FACILITY and not text.islower():
        return False
    return all(_is_ordinary(word) and (word.islower() or not _could_name(word, tag)) for word in words)


def _is_sex(text: str, line: re.Match[str]) -> bool:
    """The sex behind the date of birth in a chart's head: "03/04/1961  F"."""
    return (
        line[0].strip() in ("F", "M")
        and _FIGURE_BEFORE.search(text, max(0, line.start() - 4), line.start()) is not None
    )


def _is_short_form(words: str) -> bool:
    """In capitals, as in "via BLS", and the side of a thing."""
    return _SIDED.fullmatch(words) is not None or (words.isupper() and fold(words.strip()) in _SHORT_FORMS)


def _is_wing(text: str, line: re.Match[str]) -> bool:
    """Either word of a wing or a shift named after a point of the compass: "WEST SHIFT", "NORTH TOWER". A person may
    be called West, so that the other word must stand right beside it."""
    word = fold(line[0].strip())
    if word in _COMPASS:
        after = _NEXT.match(text, line.end())
        return after is not None and fold(after[1]) in _WINGS
    if word not in _WINGS:
        return False
    before = _LAST.search(text, max(0, line.start() - 12), line.start())
    return before is not None and fold(before[1]) in _COMPASS


def _is_field(word: str) -> bool:
    """What programs call a field: "recordTarget", "effectiveTime". Names begin with a capital, or with no word."""
    field = _FIELD.fullmatch(word.strip(".:,"))
    return field is not None and lexicon.is_common_word(field[1])


def _is_ordinary(word: str) -> bool:
    return lexicon.is_common_word(word) or fold(word) in WORDS


def _could_name(word: str, tag: Tag) -> bool:
    return (
        lexicon.is_given_name(word)
        or lexicon.is_surname(word)
        or (tag is Tag.PLACE and lexicon.is_city(word) and fold(word) not in WORDS)
    )


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
