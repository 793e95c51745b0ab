"""What was found surely once is searched in the whole document: a name's parts, a number in every spacing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Owner, Span
from detectors.folding import IdText, Token, as_id, as_name, tokens, word_set
from detectors.names.dotted import dotted, initials_of
from detectors.spans.trim import is_credential

SURE: Final = 0.8
"""Only findings at least as sure as this are searched elsewhere: a wrong seed blacks out a word on every page."""
SURE_NUMBER: Final = 0.6
"""A number of five digits and more that comes back exactly is hardly a harmless one: less is asked of its seed."""
SURE_PLACE: Final = 0.7
"""A town or facility comes back whole and with its capitals, or not at all: less is asked of its seed too."""
SPREAD_SCORE: Final = 0.8
PLACE_SCORE: Final = 0.4
"""Some profiles show towns and facilities: whatever else is found there must outweigh them."""
PART_SCORE: Final = 0.7

_NUMBERS: Final = frozenset(
    {
        Kind.PHONE, Kind.FAX, Kind.SSN, Kind.MRN, Kind.HEALTH_PLAN, Kind.MBI, Kind.ACCOUNT, Kind.CARD, Kind.LICENCE,
        Kind.NPI, Kind.DEA, Kind.VEHICLE, Kind.DEVICE, Kind.OTHER_ID, Kind.IP_ADDRESS, Kind.BIRTH_DATE,
    }
)  # fmt: skip
_TEXTS: Final = frozenset({Kind.EMAIL, Kind.URL, Kind.STREET, Kind.FACILITY})
_PLACES: Final = frozenset({Kind.CITY, Kind.FACILITY})
_SHORTEST_PLACE: Final = 4
_LOWER: Final = word_set("of the and at for in de la del las los")
_PLACE_GAP: Final = re.compile(r"[ \t.,'’&\-–]{0,3}\n?[ \t]{0,3}")
_DOTTED: Final = frozenset({Kind.PHONE, Kind.FAX, Kind.IP_ADDRESS, Kind.BIRTH_DATE})
_MEASURE: Final = re.compile(r"\s-\s|\d\.\d")
"""A range or a decimal that was taken for an id would black out the laboratory's columns."""
_MIN_NUMBER: Final = 5
"""A shorter number also counts doses and pages."""
_MIN_PART: Final = 3
_MIN_FUZZY: Final = 7
_RUN_ON: Final = word_set(
    "is was has had lives lived works will can may and at on who for to from in by with of said says states reports "
    "denies presents presented came called returns takes"
)
"""Words behind a name that an engine reads as one with it."""
_RUN_ON_LENGTHS: Final = sorted({len(word) for word in _RUN_ON}, reverse=True)
_SHORTEST_RUN_ON: Final = 4
_MAX_WORDS: Final = 12
_BESIDE: Final = 3
_NAME_GAP: Final = re.compile(r"[ \t,.'’()\-–]{0,3}\n?[ \t]{0,3}")
_GOES_ON: Final = re.compile(r"[ \t]{1,3}[a-z]{2}")
_FIRST_PERSON: Final = re.compile(r"[ \t]{1,3}(?:am|have|do|hope|write|think|want|thank|believe|recommend)(?!\w)")
_OPENS: Final = re.compile(r"(?:\A|[.:;!?]\s{1,2}|\n\s?|(?<![\w'’-])[a-z]{1,16}\s)\Z")
_NO_PARTS: Final = word_set("mr mrs ms miss dr prof md do rn np phd dds jr sr ii iii iv the and")


@dataclass(slots=True)
class Seeds:
    """What the document's pages know for sure. Filled page by page, then searched on each."""

    parts: dict[str, Owner] = field(default_factory=dict)
    beside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Short and common parts of names, and initials: each with the parts beside which it is one."""
    damaged: dict[str, Owner] = field(default_factory=dict)
    initials: dict[str, Owner] = field(default_factory=dict)
    numbers: dict[str, tuple[Kind, Owner]] = field(default_factory=dict)
    phrases: dict[str, dict[tuple[str, ...], tuple[Kind, Owner]]] = field(default_factory=lambda: defaultdict(dict))
    places: dict[str, dict[tuple[str, ...], tuple[Kind, Owner]]] = field(default_factory=lambda: defaultdict(dict))

    def learn(self, text: str, spans: Sequence[Span]) -> None:
        for span in spans:
            if span.kind in _PLACES and span.score >= SURE_PLACE and span.layer is not Layer.SPREAD:
                self._learn_place(text[span.start : span.end], span)
            if span.score < (SURE_NUMBER if span.kind in _NUMBERS else SURE) or span.layer is Layer.SPREAD:
                continue
            value = text[span.start : span.end]
            if span.kind is Kind.PERSON:
                self._learn_name(value, span.owner)
            elif span.kind in _NUMBERS:
                folded = as_id(value)
                measured = span.kind not in _DOTTED and _MEASURE.search(value)
                if len(folded) >= _MIN_NUMBER and any(c.isdigit() for c in value) and not measured:
                    self.numbers[folded] = (span.kind, _joint(self.numbers.get(folded), span.owner))
            elif span.kind in _TEXTS:
                words = tuple(t.folded for t in tokens(value))
                if 0 < len(words) <= _MAX_WORDS and sum(map(len, words)) >= _MIN_NUMBER and not _all_common(words):
                    self.phrases[words[0]][words] = (span.kind, span.owner)

    def _learn_place(self, value: str, span: Span) -> None:
        words = tuple(t.folded for t in tokens(value))
        lone = len(words) == 1 and (len(words[0]) < _SHORTEST_PLACE or lexicon.is_common_word(words[0]))
        if 0 < len(words) <= _MAX_WORDS and not lone and not any(w.isdigit() for w in words):
            self.places[words[0]][words] = (span.kind, span.owner)

    def _learn_name(self, value: str, owner: Owner) -> None:
        words = [t.folded for t in tokens(value) if t.folded not in _NO_PARTS and t.folded.isalpha()]
        for letters in initials_of(value):
            self.initials[letters] = owner if self.initials.get(letters, owner) is owner else Owner.UNKNOWN
        for word in words:
            self.beside[word].update(words)
        for token in tokens(value):
            word = token.folded
            if len(word) < _MIN_PART or word in _NO_PARTS or not word.isalpha() or lexicon.is_common_word(word):
                continue
            # Shared by two people, it is nobody's: in doubt it burns.
            self.parts[word] = owner if self.parts.get(word, owner) is owner else Owner.UNKNOWN
            if len(word) >= _MIN_FUZZY:
                self.damaged[as_name(word)] = self.parts[word]

    def spans(self, text: str) -> list[Span]:
        """Every occurrence of what was learned; overlaps with what is known are left for merging."""
        words = tokens(text)
        return [
            *self._names(text, words),
            *self._initials(text),
            *self._phrases(words),
            *self._places(text, words),
            *self._numbers(text),
        ]

    def _names(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        hits = dict(self._parts(words))
        yield from hits.values()
        for step in (1, -1):
            for index in sorted(hits, reverse=step < 0):
                yield from self._beside(text, words, index, step, hits)

    def _beside(
        self, text: str, words: Sequence[Token], index: int, step: int, hits: dict[int, Span]
    ) -> Iterator[Span]:
        """The words of the same name that stand by themselves for nothing: "Will" and "B." in "Will B. Zorblat"."""
        known, owner, at = words[index].folded, hits[index].owner, index + step
        while 0 <= at < len(words) and at not in hits and abs(at - index) <= _BESIDE:
            low, high = sorted((at, at - step))
            word = words[at]
            gap = text[words[low].end : words[high].start]
            taught = known in self.beside.get(word.folded, ())
            # "Zorblat. A plan": what follows a full stop is no initial.
            initial = len(word.folded) == 1 and word.text.isupper() and (step < 0 or "." not in gap)
            initial = initial and not is_credential(text, word.start) and not _is_word(text, word, gap, step)
            pair = taught and words[index].text.islower() and len(word.folded) >= _MIN_PART
            if (word.text.islower() and not pair) or not _NAME_GAP.fullmatch(gap) or not (taught or initial):
                return
            hits[at] = Span(word.start, word.end, Kind.PERSON, PART_SCORE, Layer.SPREAD, owner)
            yield hits[at]
            at += step

    def _parts(self, words: Sequence[Token]) -> Iterator[tuple[int, Span]]:
        near: dict[str, Owner | None] = {}
        for index, word in enumerate(words):
            owner = self.parts.get(word.folded)
            if owner is None and len(word.folded) >= _MIN_FUZZY - 1 and word.text[0].isupper():
                if word.folded not in near:
                    near[word.folded] = self._near(word.folded)
                owner = near[word.folded]
            if owner is None and word.text[0].isupper():
                owner = self._run_together(word.folded)
            long = len(word.folded) >= _MIN_FUZZY - 1
            if owner is not None and (not word.text.islower() or long or self._with_mate(words, index)):
                yield index, Span(word.start, word.end, Kind.PERSON, PART_SCORE, Layer.SPREAD, owner)

    def _with_mate(self, words: Sequence[Token], index: int) -> bool:
        """Whether a short part in small letters stands right beside another of the same name: "vera katz"."""
        mates = self.beside.get(words[index].folded, set())
        near = [words[at] for at in (index - 1, index + 1) if 0 <= at < len(words)]
        return any(len(w.folded) >= _MIN_PART and w.folded in mates and w.folded != words[index].folded for w in near)

    def _run_together(self, word: str) -> Owner | None:
        """Whose name a word begins with that has the next one stuck to it: "Zorblatlives with her son"."""
        for length in _RUN_ON_LENGTHS:
            if len(word) - length >= _SHORTEST_RUN_ON and word[-length:] in _RUN_ON and word[:-length] in self.parts:
                return self.parts[word[:-length]]
        return None

    def _near(self, word: str) -> Owner | None:
        if lexicon.is_common_word(word):
            return None
        damaged = as_name(word)
        if damaged in self.damaged:
            return self.damaged[damaged]
        for part in self.damaged:
            if abs(len(part) - len(damaged)) <= 1 and Levenshtein.distance(part, damaged, score_cutoff=1) <= 1:
                # One letter off may be another person's name: it burns as nobody's.
                return Owner.UNKNOWN
        return None

    def _initials(self, text: str) -> Iterator[Span]:
        for start, end, letters, goes_on in dotted(text) if self.initials else ():
            if letters in self.initials:
                owner = Owner.UNKNOWN if goes_on else self.initials[letters]
                yield Span(start, end, Kind.PERSON, PART_SCORE, Layer.SPREAD, owner)

    def _phrases(self, words: Sequence[Token]) -> Iterator[Span]:
        for index, word in enumerate(words):
            for phrase, (kind, owner) in self.phrases.get(word.folded, {}).items():
                if tuple(w.folded for w in words[index : index + len(phrase)]) == phrase:
                    end = words[index + len(phrase) - 1].end
                    yield Span(word.start, end, kind, SPREAD_SCORE, Layer.SPREAD, owner)

    def _places(self, text: str, words: Sequence[Token]) -> Iterator[Span]:
        """Towns and facilities as whole values, over a line's end too, where they bear capitals."""
        for index, word in enumerate(words):
            for place, (kind, owner) in self.places.get(word.folded, {}).items():
                here = words[index : index + len(place)]
                if tuple(w.folded for w in here) == place and _named(here) and _close(text, here):
                    yield Span(word.start, here[-1].end, kind, PLACE_SCORE, Layer.SPREAD, owner)

    def _numbers(self, text: str) -> Iterator[Span]:
        if not self.numbers:
            return
        folded = IdText.of(text)
        for number, (kind, owner) in self.numbers.items():
            if number in folded.folded:
                for start, end in folded.occurrences(text, number):
                    yield Span(start, end, kind, SPREAD_SCORE, Layer.SPREAD, owner)


def _is_word(text: str, word: Token, gap: str, step: int) -> bool:
    """Whether a lone "I" or "A" is a word of the sentence: "Dear Dr. Zorblat," and "I saw" on the next line, behind the
    name's comma before a verb of the first person, or before the speaker's name ("I, Quuxin Zorblat, agree").
    """
    if step < 0:
        return (
            word.text == "I"
            and gap.startswith(",")
            and _OPENS.search(text, max(0, word.start - 20), word.start) is not None
        )
    if "\n" in gap and word.text in ("I", "A"):
        return _GOES_ON.match(text, word.end) is not None
    return word.text == "I" and gap.startswith(",") and _FIRST_PERSON.match(text, word.end) is not None


def _named(words: Sequence[Token]) -> bool:
    return all(w.text[0].isupper() or w.folded in _LOWER for w in words)


def _close(text: str, words: Sequence[Token]) -> bool:
    return all(_PLACE_GAP.fullmatch(text, a.end, b.start) for a, b in pairwise(words))


def _joint(before: tuple[Kind, Owner] | None, owner: Owner) -> Owner:
    return owner if before is None or before[1] is owner else Owner.UNKNOWN


def _all_common(words: Sequence[str]) -> bool:
    return all(lexicon.is_common_word(w) or w.isdigit() for w in words)


def spread(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """The pages' spans with those added that other pages teach. `texts` and `spans` run in page order."""
    seeds = Seeds()
    for text, found in zip(texts, spans, strict=True):
        seeds.learn(text, found)
    return [[*found, *seeds.spans(text)] for text, found in zip(texts, spans, strict=True)]
