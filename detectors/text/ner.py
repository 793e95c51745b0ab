"""The layer that reads a text as a language: our own model, or in its place a spaCy pipeline of the user's.

A pipeline that was trained on news is guarded: half of its person hits on medical pages are wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from detectors.dictionaries import lexicon
from detectors.findings import Kind
from detectors.folding import word_set
from detectors.model.chosen import OWN, pipeline
from detectors.model.recognizer import ModelRecognizer
from detectors.model.tagger import WEIGHTS
from detectors.places.towns import LARGE

_NAME_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-](?=[^\W\d_]))*\.?")
_UNFIT: Final = re.compile(r"\S{80,}|[\ud800-\udfff]")
"""No name stands in such a run that a model of words could find, but its tokenizer makes thousands of tokens of it;
and half a character cannot be encoded."""
_MAX_NAME_WORDS: Final = 6
_NO_NAMES: Final = word_set(
    "mr mrs ms miss dr prof md do rn np pa phd dds jr sr ii iii iv dob mrn ssn name patient date phone fax "
    "address signed cc re attn range"
)
_PLACES: Final = ("GPE", "LOC")
_MISTAKEN: Final = word_set("ORG WORK_OF_ART PRODUCT NORP GPE LOC FAC LAW EVENT LANGUAGE CARDINAL")


class Wordless(NlpEngine):  # type: ignore[misc]
    """What Presidio asks of a language, answered with nothing: our own recognizers read the text itself."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:  # noqa: ARG002  Presidio's signature
        return NlpArtifacts([], None, [], [], None, language)

    def process_batch(self, texts: Iterable[str], language: str, **_: object) -> Iterator[tuple[str, NlpArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, _word: str, _language: str) -> bool:
        return False

    def is_punct(self, _word: str, _language: str) -> bool:
        return False

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


class Spacy(Wordless):
    """Presidio's view of a spaCy pipeline: tokens and entities. Raises RedoubtError(MISCONFIGURED)."""

    def __init__(self, name: str) -> None:
        self._nlp: Any = pipeline(name)
        self.version = f"{name}-{self._nlp.meta.get('version', 0)}"

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        doc = self._nlp(_UNFIT.sub(lambda m: "x" * len(m[0]), text))
        return NlpArtifacts(list(doc.ents), doc, [token.idx for token in doc], [], None, language)

    def is_stopword(self, word: str, _language: str) -> bool:
        return bool(self._nlp.vocab[word].is_stop)

    def is_punct(self, word: str, _language: str) -> bool:
        return bool(self._nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        return [kind.value.upper() for kind in (Kind.PERSON, Kind.CITY, Kind.STATE, Kind.FACILITY)]


@dataclass(frozen=True, slots=True)
class Reader:
    """A model in Presidio's two parts, and what names it exactly."""

    engine: NlpEngine
    recognizer: EntityRecognizer
    version: str


def reader(model: str = OWN) -> Reader:
    """Our own model, or the named spaCy pipeline. Raises RedoubtError(MISCONFIGURED) where that cannot be loaded."""
    if model == OWN:
        digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:8]
        return Reader(Wordless(), ModelRecognizer(), f"{OWN}-model-{digest}")
    engine = Spacy(model)
    return Reader(engine, NerRecognizer(engine), engine.version)


class NerRecognizer(EntityRecognizer):  # type: ignore[misc]
    """A spaCy model's persons, places and buildings, each scored by what else supports it.

    Lines in capitals, where the model is blind, are read again in title case. Organisations are not reported: on
    medical pages most are tests, drugs and departments.
    """

    def __init__(self, engine: NlpEngine) -> None:
        self._engine = engine
        super().__init__(supported_entities=engine.get_supported_entities(), name="NerRecognizer")

    def load(self) -> None:
        """The engine comes loaded."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None) -> list[RecognizerResult]:
        artifacts = nlp_artifacts or self._engine.process_text(text, "en")
        found = [(e.label_, e.start_char, e.end_char, False) for e in artifacts.entities]
        shouted, at = _title_cased(text)
        if shouted:
            for e in self._engine.process_text(shouted, "en").entities:
                start = at[e.start_char]
                found.append((e.label_, start, start + e.end_char - e.start_char, True))
        results = []
        for label, start, end, recased in found:
            for kind, a, b, score in _judged(text, label, start, end, recased):
                if kind.value.upper() in entities:
                    results.append(RecognizerResult(kind.value.upper(), a, b, score))
        return results


def _title_cased(text: str) -> tuple[str, list[int]]:
    """Lines in capitals in title case, and for each of their characters its offset in `text`."""
    pieces: list[str] = []
    at: list[int] = []
    start = 0
    for line in text.splitlines(keepends=True):
        letters = [c for c in line if c.isalpha()]
        if len(letters) >= 5 and sum(c.isupper() for c in letters) >= 0.8 * len(letters):
            cased = _NAME_WORD.sub(lambda m: m[0][0] + m[0][1:].lower(), line)
            if len(cased) == len(line):
                pieces.append(cased)
                at.extend(range(start, start + len(line)))
        start += len(line)
    return "".join(pieces), at


def _judged(text: str, label: str, start: int, end: int, recased: bool) -> Iterator[tuple[Kind, int, int, float]]:
    for line in re.finditer(r"[^\n\r]+", text[start:end]):
        a, words = start + line.start(), [(m.start(), m.end(), m[0]) for m in _NAME_WORD.finditer(line[0])]
        if not words:
            continue
        if label == "PERSON":
            yield from _person(a, words, recased, text[:a])
        elif (
            label in _MISTAKEN
            and not recased
            and _all_names(words)
            and not (label in _PLACES and lexicon.is_city(line[0]))
        ):
            yield Kind.PERSON, a + words[0][0], a + words[-1][1], 0.5
        elif label in _PLACES:
            yield from _place(a, line[0], words, recased)
        elif label == "FAC" and len(words) >= 2 and not all(lexicon.is_common_word(w) for _, _, w in words):
            yield Kind.FACILITY, a, a + len(line[0]), 0.5


def _all_names(words: list[tuple[int, int, str]]) -> bool:
    """Whether a hit of another label is made of names only: the model takes rare names for firms and works."""
    names = [w for _, _, w in words if len(w.rstrip(".")) > 1]
    return (
        0 < len(names) <= 4
        and all(w[0].isupper() and not w.isupper() and not lexicon.is_common_word(w) for w in names)
        and all(map(_is_name, names))
    )


def _is_name(word: str) -> bool:
    return bool(lexicon.is_given_name(word) or lexicon.is_surname(word))


def _person(
    at: int, words: list[tuple[int, int, str]], recased: bool, before: str
) -> Iterator[tuple[Kind, int, int, float]]:
    while words and _no_name_edge(words[0][2]):
        words = words[1:]
    while words and _no_name_edge(words[-1][2]):
        words = words[:-1]
    names = [w for _, _, w in words if w[0].isupper() and len(w.rstrip(".")) > 1]
    uncommon = [w for w in names if not lexicon.is_common_word(w)]
    given, surname = any(map(lexicon.is_given_name, names)), any(map(lexicon.is_surname, names))
    if not names or len(words) > _MAX_NAME_WORDS:
        return
    if not uncommon and not (len(names) >= 2 and given and surname):
        # "Baker", "Park": a name and a word. The model's word counts where the capital is no sentence's.
        lone = len(names) == 1 and (given or surname) and not lexicon.is_clinical_word(names[0])
        if lone and not recased and not names[0].isupper() and before[-2:-1].isalpha() and before[-1:] == " ":
            yield Kind.PERSON, at + words[0][0], at + words[-1][1], 0.45
        return
    known = given or surname
    if not known and (recased or len(names) == 1) and (recased or len(names[0]) < 4 or names[0].isupper()):
        return
    score = 0.45 + 0.15 * given + 0.1 * surname + 0.1 * (len(names) >= 2) - 0.05 * recased
    yield Kind.PERSON, at + words[0][0], at + words[-1][1], round(score, 2)


def _no_name_edge(word: str) -> bool:
    bare = word.rstrip(".").lower()
    return bare in _NO_NAMES or not word[0].isupper() or (lexicon.is_common_word(word) and not _is_name(word))


def _place(
    at: int, line: str, words: list[tuple[int, int, str]], recased: bool
) -> Iterator[tuple[Kind, int, int, float]]:
    name = line.strip(" .,;:()")
    if not words[0][2][0].isupper():
        return
    start, end = at + words[0][0], at + words[-1][1]
    if name.lower().removeprefix("the ") in LARGE:
        # Every profile but the one that acts on all shows them, as it shows states.
        yield Kind.STATE, start, end, 0.5
        return
    if lexicon.is_city(name):
        # Many towns bear the names of people and things: a common word needs more than the model's word.
        yield Kind.CITY, start, end, 0.45 if all(lexicon.is_common_word(w) for _, _, w in words) else 0.7
    elif (
        not recased
        and len(name) >= (6 if name.isupper() else 4)
        and not any(lexicon.is_common_word(w) for *_, w in words)
    ):
        yield Kind.CITY, start, end, 0.5
