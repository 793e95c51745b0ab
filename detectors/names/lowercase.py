"""Names in notes typed without capitals: after a title or a word of calling, or given name and surname together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from detectors.dictionaries.lexicon import (
    given_rank,
    is_clinical_word,
    is_common_word,
    is_trained_word,
    surname_rank,
)
from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_WORD = r"[^\W\d_]{2,}(?:['’\-][^\W\d_]{2,})?"
_FIRST = re.compile(rf"(?<![\w@./'’-]){_WORD}(?=[ ])")
_ENDINGS = (("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("er", "e"))
_ENDINGS_OF_NO_NAME = (
    *(("ies", "y"), ("ied", "y"), ("ier", "y"), ("iest", "y"), ("est", ""), ("est", "e"), ("ily", "y")),
)
"""Endings that names share: "ernest", "collier" and "harries" are on their lists and stay names."""
_SHORTEST_STRANGER = 4
_FREQUENT_GIVEN, _RARE_GIVEN, _FREQUENT_SURNAME = 1500, 4000, 12_000


class LowercaseNameRecognizer(TextRecognizer):
    """Words in lower case only; an ordinary word is never a name here unless a title stands before it."""

    KINDS = (Kind.PERSON,)
    _titled = Searcher(
        rf"(?<![\w])(?i:mr|mrs|ms|miss|dr|doctor|prof|rev|fr|nurse)(?:\.[ ]?|[ ])"
        rf"(?P<name>{_WORD}(?:[ ]{_WORD})?)(?![\w])"
    )
    _called = Searcher(
        rf"(?<![\w])(?i:pt|patient|patients?'?s? name(?: is)?|name(?: is)?|named|called|client|resident|son|daughter"
        r"|dtr|wife|husband|mother|father|brother|sister|mom|mum|dad|aunt|uncle|cousin|niece|nephew|grandson"
        r"|granddaughter|fiance|seen by|per|partner|spouse|friend|neighbor|caregiver|aide|boyfriend|girlfriend|bf|gf"
        r"|spoke (?:with|to|w/)|spoke"
        r"|signed by|reported by|cc|rn|md|np|with|w/|by|and|from|to|for|this is|i am|i'm|hi|hello|dear|thanks|regards"
        r"|bed \d+)"
        rf"(?=[ ,:(]{{1,3}}(?P<name>{_WORD}(?:[ ][a-z]\.?)?(?:[ ]{_WORD})?)(?![\w]))"
    )
    _pair = Searcher(
        rf"(?<![\w@./'’-])(?=(?P<name>(?P<given>{_WORD})[ ](?:[a-z]\.?[ ])?(?P<surname>{_WORD}))(?![\w@/]))"
    )

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._titled.finditer(text):
            first, *rest = hit.group("name").split()
            if first != first.lower() or (is_common_word(first) and (surname_rank(first) or 1 << 30) > 3000):
                continue
            if is_common_word(first) and "." not in text[hit.start() : hit.start("name")]:
                continue
            end = hit.end("name") if rest and _nameable(rest[-1]) else hit.start("name") + len(first)
            yield Match(hit.start("name"), end, Kind.PERSON, 0.7)
        for hit in self._called.finditer(text):
            first, *rest = hit.group("name").split()
            if first != first.lower() or not _nameable(first):
                continue
            if (given_rank(first) or 1 << 30) > _RARE_GIVEN and (surname_rank(first) or 1 << 30) > _FREQUENT_SURNAME:
                continue
            end = hit.end("name") if rest and _nameable(rest[-1]) else hit.start("name") + len(first)
            yield Match(hit.start("name"), end, Kind.PERSON, 0.5)
        for hit in self._pair.finditer(text) if any(map(_opens_pair, set(_FIRST.findall(text)))) else ():
            given, surname = hit.group("given"), hit.group("surname")
            if not _opens_pair(given):
                continue
            if _nameable(surname) and surname_rank(surname):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.5)
            elif _stranger(surname):
                yield Match(hit.start("name"), hit.end("name"), Kind.PERSON, 0.4)


@lru_cache(maxsize=1 << 14)
def _opens_pair(word: str) -> bool:
    return word == word.lower() and _nameable(word) and (given_rank(word) or 1 << 30) <= _FREQUENT_GIVEN


def _nameable(word: str) -> bool:
    """A word of a census list that is no ordinary word."""
    known = given_rank(word) is not None or surname_rank(word) is not None
    return known and word == word.lower() and not is_clinical_word(word) and not any(map(is_common_word, stems(word)))


def _stranger(word: str) -> bool:
    """A word of no list, nor an inflection of one: behind a given name it is a surname that the census lacks."""
    plain = word.removesuffix("'s").removesuffix("’s")
    known = any(is_trained_word(stem) or is_clinical_word(stem) for stem in stems(plain))
    return len(plain) >= _SHORTEST_STRANGER and word == word.lower() and not known


def stems(word: str) -> set[str]:
    """The word and what it may be an inflection of; the lists of ordinary words lack many inflections."""
    stems = {word}
    listed = given_rank(word) is not None or surname_rank(word) is not None
    for ending, instead in _ENDINGS if listed else _ENDINGS + _ENDINGS_OF_NO_NAME:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stems.add(word.removesuffix(ending) + instead)
    return stems
