"""Initials with stops that stand for a whole name that is known: "T.O.W." where Tunde Oyelaran-Whitcombe is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from detectors.dictionaries.lexicon import word_set
from detectors.folding import fold
from detectors.names.surnamed import NO_PERSON, SHORT_FORMS

_UP: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_RUN: Final = re.compile(
    rf"(?<![\w.])(?:[{_UP}](?:\.-?[{_UP}]){{1,5}}\.?(?!\.?\w)|[{_UP}](?:\.[ ]{{1,2}}-?[{_UP}]){{1,5}}\.(?!\w))"
)
_SURNAME: Final = re.compile(r"[ ]{1,2}[^\W\d_a-z][^\W\d_]")
_NOT_NAMED: Final = word_set(
    "mr mrs ms miss dr prof rev md do rn np pa phd dds jr sr ii iii iv pt patient name and the"
)
_MOST: Final = 6
"""Words of a name. A list of more is no name, and would have as many ways as two to their number."""


def initials_of(name: str) -> frozenset[str]:
    """What may stand for all of a name of two words and more, as capitals in order: both halves of a compound or its
    first, particles and middle names or none, the family's name behind or before. Short forms of other things are
    none: those of two letters may be so many that more of them are left out."""
    last, comma, rest = name.partition(",")
    words = [w for w in re.split(r"[\s.,]+", f"{rest} {last}" if comma else name) if w]
    words = [w for w in words if fold(w) not in _NOT_NAMED]
    ways: list[tuple[str, ...]] = []
    for place, word in enumerate(words, 1):
        halves = [letter for half in word.split("-") if (letter := fold(half)[:1].upper()).isalpha()]
        if not halves:
            continue
        slight = word[0].islower() or 1 < place < len(words)
        ways.append(tuple({"".join(halves), halves[0], "" if slight else halves[0]}))
    if not 2 <= len(ways) <= _MOST:
        return frozenset()
    found = {"".join(way) for turned in (ways, [ways[-1], *ways[:-1]]) for way in product(*turned)}
    return frozenset(i for i in found if i.lower() not in (SHORT_FORMS if len(i) == 2 else NO_PERSON) and len(i) > 1)


def dotted(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Each run of initials with stops: where it starts and ends, its letters as `initials_of` gives them, and whether a
    word with a capital stands behind it, so that it may be the beginning of another's name."""
    for run in _RUN.finditer(text):
        letters = "".join(fold(c).upper() for c in run[0] if c.isalpha())
        yield run.start(), run.end(), letters, _SURNAME.match(text, run.end()) is not None
