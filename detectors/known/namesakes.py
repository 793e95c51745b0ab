"""What stands beside a listed name and makes somebody else of it: another generation, a given name that is an ordinary
word, a relative's word, and a doctor's given name without a doctor's title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Owner, Span
from detectors.folding import fold_word, word_set
from detectors.known.parts import TITLES, given_parts, name_parts, name_words

_GENERATION: Final = re.compile(
    r"[ ,.]{0,3}(?P<open>\()?(?<![^\W_])(?P<which>(?:jr|sr|junior|senior|ii|iii|iv)(?![^\W_])\.?"
    r"|the (?:elder|younger)(?![^\W_])"
    # An ordinal counts visits and floors, too, and opens a sentence.
    r"|(?<!\. )(?:the )?(?:2nd|3rd|4th|second|third|fourth)(?=\)|[ ]{0,2}(?:[,.;:\n]|\Z)"
    r"|,? (?:is|was|has|had|came|comes|called|calls|visited|visits|drove|lives|lived|said|says|will)(?![^\W_])))"
    r"(?(open)\.?\))",
    re.I,
)
_SAME: Final = {
    "junior": "jr", "senior": "sr", "2nd": "ii", "second": "ii", "3rd": "iii", "third": "iii", "4th": "iv",
    "fourth": "iv",
}  # fmt: skip
_ELDER: Final = {"elder": "sr", "younger": "jr"}
"""Behind a name; within one "Younger" is a family's."""
_SUFFIXES: Final = frozenset(_SAME.values())
_KIN: Final = (
    r"(?<![^\W_])(?:(?:step|grand|god|half[ -])?(?:father|son|brother)|dad|uncle|nephew|cousin|twin)(?:-in-law)?"
)
_KIN_BEFORE: Final = re.compile(rf"{_KIN}[ ,:]{{1,3}}$", re.I)
_KIN_BEHIND: Final = re.compile(
    rf"(?:[ ]?\(|,?[ ]{{1,2}}[-\u2013][ ]|,[ ])(?:(?:his|her|the|a) )?{_KIN}[ ]?(?:[),.;:/|\n]|\Z)", re.I
)
"""Not "father of two"."""
_WORD_BEFORE: Final = re.compile(r"(?<![^\W_])(?P<word>[^\W\d_]{2,20}) $")
_MONTHS: Final = word_set("april may june august")
_IN_A_MONTH: Final = re.compile(r"(?<![^\W_])(?:in|since|of|last|by|until|this|early|mid|late|\d{1,2}) \w{3,9} $", re.I)
_REACH: Final = 32
_MIDDLE: Final = re.compile(r" {1,2}[^\W\d_][\w'’-]{0,20}\.? {1,2}")
_ONE_NAME: Final = re.compile(r"[ \t]{0,2},?[ \t]{0,2}")
_WHOLE_NAME: Final = 2
"""Words of it."""
_SHOWN: Final = frozenset({Owner.PATIENT, Owner.PROVIDER})
"""Whose names a release shows."""
_TREATS_BEFORE: Final = re.compile(
    r"(?<![^\W_])(?:dr|doctor|prof|nurse|rn|np|pa|md|do|cna|lpn|aide|therapist|physician|provider|clinician|staff|by"
    r"|signed)\.?[ :,/\-]{1,4}$",
    re.I,
)
_TREATS_BEHIND: Final = re.compile(
    r"[ ,(/]{1,3}(?:md|m\.d|do|rn|r\.n|np|pa|cna|lpn|lvn|pt|ot|rt|nurse)(?![^\W_])", re.I
)


class Namesakes:
    """Of one subject's people, each a name as written and its owner."""

    def __init__(self, people: Sequence[tuple[str, Owner]]) -> None:
        self._own = {g for name, owner in people if owner is Owner.PATIENT for g in _generations(name)}
        self._others = [
            (generation, frozenset(name_parts(name)))
            for name, owner in people
            if owner is not Owner.PATIENT
            for generation in _generations(name)
        ]
        self._listed = {part for name, _ in people for part in name_parts(name)}
        self._providers = [frozenset(name_parts(name)) for name, owner in people if owner is Owner.PROVIDER]
        self._given = {o: {part for name, owner in people if owner is o for part in given_parts(name)} for o in Owner}
        self._lone = {part for parts in self._providers if len(parts) == 1 for part in parts}

    def told_apart(self, text: str, spans: Iterable[Span]) -> Iterator[Span]:
        """The same names, where a namesake's is nobody's and has what tells it for one."""
        found = list(spans)
        patients = [s for s in found if s.owner is Owner.PATIENT]
        for span in found:
            words = frozenset(name_parts(text[span.start : span.end]))
            if span.owner not in _SHOWN or not words:
                yield span
            elif span.owner is Owner.PATIENT and (end := self._other_generation(text, span.end, words)):
                yield replace(span, end=end, owner=Owner.UNKNOWN)
            elif span.owner is Owner.PATIENT and self._is_kin(text, span):
                yield replace(span, owner=Owner.UNKNOWN)
            elif words.isdisjoint(self._given[span.owner]) and (start := self._given_before(text, span.start)) >= 0:
                yield replace(span, start=start, owner=Owner.UNKNOWN)
            elif span.owner is Owner.PATIENT or not self._is_anybodys(text, span, words) or _goes_on(text, span, found):
                yield span
            elif not any(p.start < span.end and span.start < p.end for p in patients):
                yield replace(span, owner=Owner.UNKNOWN)

    def _other_generation(self, text: str, end: int, words: frozenset[str]) -> int:
        """Where a father's or a son's suffix ends; 0 where none stands there, or no list tells that it is another's."""
        behind = _GENERATION.match(text, end)
        if behind is None:
            return 0
        which = behind["which"].casefold().removeprefix("the ").rstrip(".")
        which = _SAME.get(which, _ELDER.get(which, which))
        listed = bool(self._own) or any(which == other and words <= parts for other, parts in self._others)
        return behind.end() if listed and which not in self._own else 0

    def _is_kin(self, text: str, span: Span) -> bool:
        """Whether a father or son is told to bear the patient's whole name, which is listed with its generation."""
        words = name_words(text[span.start : span.end])
        if not self._own or len(name_parts(text[span.start : span.end])) < _WHOLE_NAME:
            return False
        behind = _GENERATION.match(text, span.end)
        if behind or not self._own.isdisjoint(_SAME.get(word, word) for word in words):
            return False
        return bool(
            _KIN_BEFORE.search(text, max(0, span.start - _REACH), span.start) or _KIN_BEHIND.match(text, span.end)
        )

    def alone(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The same disjoint spans, in text order, where a provider's given name alone is nobody's, whoever found it."""
        found = list(spans)
        for i, span in enumerate(spans):
            if span.kind is not Kind.PERSON or span.owner is not Owner.PROVIDER:
                continue
            words = frozenset(name_parts(text[span.start : span.end]))
            if not words or not self._is_anybodys(text, span, words) or _goes_on(text, span, spans[i + 1 : i + 3]):
                continue
            if not any(self._is_one_provider(text, a, b) for a, b in pairwise(spans[max(0, i - 1) : i + 2])):
                found[i] = replace(span, owner=Owner.UNKNOWN)
        return found

    def _is_one_provider(self, text: str, before: Span, span: Span) -> bool:
        """Whether two spans that follow one another are one provider's name: "Mark Young", "Young, Mark"."""
        if not (before.owner is span.owner is Owner.PROVIDER and _ONE_NAME.fullmatch(text, before.end, span.start)):
            return False
        words = frozenset(name_parts(text[before.start : span.end]))
        return any(words <= parts for parts in self._providers)

    def _given_before(self, text: str, start: int) -> int:
        """Where a given name begins that is an ordinary word, too ("Will", "Mark"), before a family's name; or -1."""
        lead = text[max(0, start - _REACH) : start]
        before = _WORD_BEFORE.search(lead)
        if before is None or not before["word"][0].isupper():
            return -1
        word = fold_word(before["word"])
        if word in self._listed or word in TITLES or not (lexicon.is_given_name(word) and lexicon.is_common_word(word)):
            return -1
        return -1 if word in _MONTHS and _IN_A_MONTH.search(lead) else start - len(before[0])

    def _is_anybodys(self, text: str, span: Span, words: frozenset[str]) -> bool:
        """Whether it is a provider's given name alone, with nothing that tells somebody who treats."""
        if not words <= self._given[Owner.PROVIDER] or words & self._lone:
            return False
        lead = text[max(0, span.start - _REACH) : span.start]
        alone = len(name_words(text[span.start : span.end])) == 1
        return alone and not _TREATS_BEFORE.search(lead) and not _TREATS_BEHIND.match(text, span.end)


def _goes_on(text: str, span: Span, spans: Iterable[Span]) -> bool:
    """Whether more of the same owner's name stands behind it, a middle name between them: "Aisha K. Nwosu"."""
    return any(
        other.owner is span.owner and _MIDDLE.fullmatch(text, span.end, other.start)
        for other in spans
        if span.end < other.start < span.end + _REACH
    )


def _generations(name: str) -> Iterator[str]:
    for word in name_words(name)[1:]:
        which = _SAME.get(word, word)
        if which in _SUFFIXES:
            yield which
