"""People's names: by title, credential, relation, label or signature, and by the census where nothing tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detectors.dictionaries.lexicon import word_set
from detectors.findings import Kind
from detectors.folding import fold
from detectors.labels.table import label_key
from detectors.names.announced import credentialed, on_specimen, related, saluted, spelled_credential, titled
from detectors.names.census import known_in
from detectors.names.cues import COLON_LABELS, CREDENTIALS, RELATIONS, STRONG_LABELS, TITLES
from detectors.names.runs import SURE, announced_run, in_lexicon, joins, only_common, person
from detectors.names.tokens import Word, words
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.ocr import misreadable
from detectors.patterns.search.searcher import Searcher

_GREETINGS = word_set("dear hi hello hey")
_LABELLED = word_set("labeled labelled designated")
_ANNOUNCING = TITLES | CREDENTIALS | RELATIONS | _GREETINGS | _LABELLED
_ONLY_CAPITALISED = word_set("sister miss judge fr sr col sir rev hon lt")


_ON_FORMS = word_set(
    "last first middle maiden given family full legal initial title patient name self same see above below pay print "
    "please unknown none not on file date sign baby boy girl male female parent guardian insured street city state zip"
)
"""What a form says of a name, or in its place."""
_OPEN = frozenset(
    {"patient", "pt", "from", "to", "re", "regarding", "by", "who", "address", "contact", "billing address"}
)
"""Labels that other things than names stand behind as often."""
_ABBREVIATED = 3


_NEXT_VALUE = re.compile(r"[ \t]{0,2}(?:#|:|No\b|Number\b)")


def _without_label(text: str, run: Sequence[Word]) -> Sequence[Word]:
    """The name without the label of the next field: "Kundu, Elsebeth Med Rec #: 4711"."""
    if run and _NEXT_VALUE.match(text, run[-1].end):
        for length in (2, 1):
            label = label_key(fold("".join(word.text for word in run[-length:]))) if len(run) > length else None
            # A label's lone word that is a surname too ("Mary Case: seen today") is one here.
            if label is not None and label[1] and (length > 1 or run[-1].surname is None):
                return run[:-length]
    return run


def _in_full(tokens: Sequence[Word], i: int, label: str) -> Sequence[Word]:
    """Two words that somebody bears as names, though they are ordinary words, and no more of a sentence.

    Where the label asks for no name by that word, they must be a given name and a surname.
    """
    pair, after = tokens[i : i + 2], tokens[i + 2 : i + 3]
    goes_on = any(word.near and word.shape == "lower" for word in after) or any(word.text == ":" for word in after)
    if len(pair) < 2 or (not label.endswith("name") and (label in _OPEN or not (pair[0].given and pair[1].surname))):
        return ()
    borne = all(w.capital and len(w.text) > 1 and (w.given or w.surname) and w.low not in _ON_FORMS for w in pair)
    return pair if pair[1].near and pair[0].shape == pair[1].shape and borne and not goes_on else ()


def _labels(phrases: str) -> str:
    return "|".join(misreadable(phrase) for phrase in sorted(phrases.split("|"), key=len, reverse=True))


class NameRecognizer(TextRecognizer):
    """Scores: announced by title, credential or label .85 to .95; given name with surname .8; less for less."""

    KINDS = (Kind.PERSON,)
    _label = Searcher(
        rf"(?<![^\W_])(?:(?P<strong>{_labels(STRONG_LABELS)})[ \t]{{0,3}}[:,]?"
        rf"|(?P<weak>{_labels(COLON_LABELS)})(?:\(s\)|s)?[ \t]{{0,3}}[:;])\s{{0,6}}"
        r"(?=[\"'(]?[A-ZÀ-ÞĀ-Ž0-9])",
        re.I,
    )

    def find(self, text: str) -> Iterator[Match]:
        tokens = list(words(text))
        place = {token.start: i for i, token in enumerate(tokens)}
        yield from self._announced(tokens)
        yield from self._labelled(text, tokens, place)
        yield from self._known(text, tokens)

    def _announced(self, tokens: Sequence[Word]) -> Iterator[Match]:
        for i, token in enumerate(tokens):
            low = token.low
            if low not in _ANNOUNCING and not (token.dotted and len(low) == 1):
                continue
            if low in TITLES and (token.capital or (low not in _ONLY_CAPITALISED and token.dotted)):
                yield from titled(tokens, i)
            elif low in CREDENTIALS or (token.dotted and len(low) == 1 and spelled_credential(tokens, i)):
                yield from credentialed(tokens, i)
            elif low in RELATIONS:
                yield from related(tokens, i)
            elif low in _GREETINGS:
                yield from saluted(tokens, i)
            elif low in _LABELLED:
                yield from on_specimen(tokens, i)

    def _labelled(self, text: str, tokens: Sequence[Word], place: dict[int, int]) -> Iterator[Match]:
        for hit in self._label.finditer(text):
            i = place.get(hit.end(), place.get(hit.end() + 1))
            if i is None:
                continue
            while i < len(tokens) and tokens[i].low in TITLES and tokens[i].capital:
                i += 1
            run = _without_label(text, announced_run(tokens, i, across_comma=True))
            weight = max((word.weight for word in run), default=0.0)
            weak_word = len(run) == 1 and run[0].common
            enough = weight >= SURE or (
                weight >= 1.0 and (len(run) > 1 or hit.group("weak") is not None) and not only_common(run)
            )
            if (
                hit.group("strong")
                and run
                and not in_lexicon(run)
                and len(run) < 2
                and hit.group("strong").lower() in ("per", "called", "i am")
            ):
                continue
            if hit.group("strong") and len(run) == 1 and run[0].text.isupper() and len(run[0].text) <= _ABBREVIATED:
                # "c/o CP": a complaint.
                continue
            if not (run and enough) and hit.group("weak"):
                # "Patient Name: COMFORT OBI": ordinary words, and where a whole name is asked for one all the same.
                run, enough = _in_full(tokens, i, hit.group("weak").lower()), True
            if run and enough:
                yield person(run, 0.6 if weak_word else 0.9 if weight >= 2.0 or hit.group("weak") else 0.75)

    def _known(self, text: str, tokens: Sequence[Word]) -> Iterator[Match]:
        i = 0
        while i < len(tokens):
            if not tokens[i].capital:
                i += 1
                continue
            j = i + 1
            while j < len(tokens) and j - i < 12 and joins(tokens, j):
                j += 1
            yield from known_in(tokens, i, i + len(_without_label(text, tokens[i:j])))
            i = j
