"""The model as a Presidio recognizer: names, places, streets and facilities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar, Final

from detectors.dictionaries import lexicon
from detectors.dictionaries.towns import is_large
from detectors.findings import Kind
from detectors.folding import fold, word_set
from detectors.labels.table import WORDS
from detectors.model.network import Network, Tag
from detectors.model.tagger import STRANGERS, THRESHOLD, WEIGHTS, Stretch, network, stretches
from detectors.patterns.addresses import STATE_NAMES
from detectors.patterns.base import Match, TextRecognizer

KINDS: Final = {Tag.PERSON: Kind.PERSON, Tag.STREET: Kind.STREET, Tag.FACILITY: Kind.FACILITY}
_STATE: Final = re.compile(rf"(?:{STATE_NAMES}|[A-Z]{{2}})")
_WORD: Final = re.compile(r"[^\W_]+")
_LINE: Final = re.compile(r"[^\n\r]+")
_FIELD: Final = re.compile(r"([a-z]{4,20})(?:[A-Z][a-z]{1,20}){1,4}")


_SHORT_FORM: Final = re.compile(r"[A-Z]{3,4}")
_AROUND: Final = 80
"""Characters of its line on either side that say whether a word's capitals are its own."""
_SIDED: Final = re.compile(r"[RL] [a-z]{3,}")
_PLACED: Final = re.compile(r"\b(?:in|from|near|to|of|at)\s$", re.I)
_COMPASS: Final = word_set("north south east west central")

BEYOND_DOUBT: Final = 0.95
"""Below this probability words that name nobody by themselves are let go."""
MOST_SURE: Final = 0.69
"""What the model's certainty scores: too little to be searched for elsewhere, for it is surer than it should be."""

_FIGURE_BEFORE: Final = re.compile(r"\d[ \t]{1,3}$")


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
                if stretch.probability < BEYOND_DOUBT and _is_plain(line[0], stretch.tag):
                    continue
                if all(map(_is_field, line[0].split())) or _is_sex(text, line):
                    continue
                if _is_short_form(text, line) or _is_wing(text, line):
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


def _is_short_form(text: str, line: re.Match[str]) -> bool:
    """Three or four capitals that no list has as a name, in a line that is not all capitals: "via BLS", "Needs DME".

    Behind a word of place they may be a city's. And the side of a thing: "R permcath".
    """
    if _SIDED.fullmatch(line[0]):
        return True
    words = line[0].split()
    short = [_SHORT_FORM.fullmatch(word) is not None and not _listed(word) for word in words]
    if not any(short) or _PLACED.search(text, max(0, line.start() - 8), line.start()):
        return False
    before, after = text[max(0, line.start() - _AROUND) : line.start()], text[line.start() : line.end() + _AROUND]
    whole = before.rpartition("\n")[2] + after.partition("\n")[0]
    capitals, letters = sum(map(str.isupper, whole)), sum(map(str.isalpha, whole))
    plain = all(is_short or _is_ordinary(word) for word, is_short in zip(words, short, strict=True))
    return plain and 2 * capitals < letters


def _is_wing(text: str, line: re.Match[str]) -> bool:
    """A point of the compass and the ordinary word that it goes with: "WEST SHIFT", "NORTH TOWER"; no surname West."""
    beside = _WORD.findall(text[line.end() : line.end() + 24].partition("\n")[0])[:1]
    before = _WORD.findall(text[max(0, line.start() - 12) : line.start()].rpartition("\n")[2])[-1:]
    word = line[0].strip().lower()
    if word in _COMPASS:
        return any(w[0].isupper() and lexicon.is_common_word(w) and not _listed(w) for w in beside)
    shouted = line[0].isupper() and lexicon.is_common_word(word) and not lexicon.is_given_name(word)
    return shouted and any(w.isupper() and w.lower() in _COMPASS for w in before)


def _listed(word: str) -> bool:
    return lexicon.is_given_name(word) or lexicon.is_surname(word)


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
