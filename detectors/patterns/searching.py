"""Regular expressions that are tried only where they can begin.

A page is searched by some two hundred expressions, and `re` tries each at every character. Here one walk over the text
looks at the next few characters of each place, and a table says which expressions may begin with them; only there are
they tried. What is found is what `re` finds: the table is drawn from the expression itself, and in doubt says "may".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from detectors.patterns.openings import FOREIGN, LENGTH, Opening

_MOST_ANSWERS: Final = 1 << 15
"""Sequences of characters that are remembered: those of some thousand pages."""
_TEXTS: Final = 4
"""Texts whose places are kept: a page as read, as mended, as unwrapped."""
_PLACE: Final = re.compile(r"[^\W_]+|[\W_]")


class Searcher:
    """A compiled expression: `finditer` as that of `re.Pattern`, of whole texts only; `pattern` is for all else."""

    __slots__ = ("_match", "_number", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        self._match = self.pattern.match
        opening = Opening.of(pattern, flags)
        self._number = None if opening is None else _BOOK.entered(opening)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, left to right, none over another."""
        if self._number is None:
            yield from self.pattern.finditer(text)
            return
        match, end = self._match, 0
        for place in _places(text)[self._number]:
            if place >= end and (hit := match(text, place)) is not None:
                yield hit
                end = hit.end()


class _Answers:
    """Which of some expressions may begin with which characters, worked out as texts bring them."""

    def __init__(self) -> None:
        self._openings: list[tuple[int, Opening]] = []
        self._forget()

    def _forget(self) -> None:
        self._firsts: dict[int, list[tuple[int, list[tuple[int, int]]]]] = {}
        self._seconds: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.known: dict[str, tuple[int, ...]] = {}

    def add(self, number: int, opening: Opening) -> None:
        self._openings.append((number, opening))
        self._forget()

    def learned(self, key: str) -> tuple[int, ...]:
        """The numbers of those that may begin with the key; behind its end may follow anything."""
        codes = [min(ord(char), FOREIGN) for char in key]
        if len(codes) < LENGTH:
            found = tuple(n for n, opening in self._openings if _may_begin(opening, codes))
        else:
            found = tuple(n for n, third in self._second(codes[0], codes[1]) if third >> codes[2] & 1)
        if len(self.known) < _MOST_ANSWERS:
            self.known[key] = found
        return found

    def _second(self, first: int, second: int) -> list[tuple[int, int]]:
        if (first, second) not in self._seconds:
            found: list[tuple[int, int]] = []
            for number, pairs in self._first(first):
                third = 0
                for seconds, thirds in pairs:
                    third |= thirds if seconds >> second & 1 else 0
                if third:
                    found.append((number, third))
            self._seconds[first, second] = found
        return self._seconds[first, second]

    def _first(self, first: int) -> list[tuple[int, list[tuple[int, int]]]]:
        if first not in self._firsts:
            pairs = [(n, [(s, t) for f, s, t in o.sequences if f >> first & 1]) for n, o in self._openings]
            self._firsts[first] = [(number, some) for number, some in pairs if some]
        return self._firsts[first]


def _may_begin(opening: Opening, codes: list[int]) -> bool:
    return any(all(s >> code & 1 for s, code in zip(sets, codes, strict=False)) for sets in opening.sequences)


class _Book:
    """All searchers' openings, and where in a text they may be."""

    def __init__(self) -> None:
        self._entries = 0
        self._bounded, self._free = _Answers(), _Answers()

    def entered(self, opening: Opening) -> int:
        number, self._entries = self._entries, self._entries + 1
        (self._bounded if opening.bounded else self._free).add(number, opening)
        _places.cache_clear()
        return number

    def places(self, text: str) -> list[list[int]]:
        """For each number that was given out, the offsets where its expression may begin, ascending."""
        found: list[list[int]] = [[] for _ in range(self._entries)]
        known, learned = self._bounded.known, self._bounded.learned
        for hit in _PLACE.finditer(text):
            start = hit.start()
            key = text[start : start + LENGTH]
            for number in known[key] if key in known else learned(key):
                found[number].append(start)
        known, learned = self._free.known, self._free.learned
        for start in range(len(text)):
            key = text[start : start + LENGTH]
            for number in known[key] if key in known else learned(key):
                found[number].append(start)
        return found


_BOOK: Final = _Book()


@lru_cache(maxsize=_TEXTS)
def _places(text: str) -> list[list[int]]:
    return _BOOK.places(text)
