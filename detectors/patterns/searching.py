"""Regular expressions that are tried only where they can begin.

A page is searched by some two hundred expressions, and `re` tries each at every character. Here one walk over the text
looks at the next few characters of each place, and a table says which expressions may begin with them; only there are
they tried. What is found is what `re` finds: the table is drawn from the expression itself, and in doubt says "may".
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.patterns.openings import FOREIGN, LENGTH, Opening, compiled

Bits = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]

_MOST_ANSWERS: Final = 1 << 15
"""Sequences of characters that are remembered: those of some thousand pages."""
_TEXTS: Final = 4
"""Texts whose places are kept: a page as read, as mended, as unwrapped."""
_BITS: Final = 64
"""Sequences of a column."""
_EDGE: Final = chr(FOREIGN)
"""What stands before a text."""
_PLACE: Final = re.compile(r"[^\W_]+|[\W_]")


class Searcher:
    """A compiled expression: `finditer` as that of `re.Pattern`, of whole texts only.

    Expressions that search the same texts share a `book`, for a text is walked over once for a whole book. `needs` is
    what every match has at most `within` characters behind its first: far from that the expression is not tried.
    """

    __slots__ = ("_book", "_compiled", "_match", "_needs", "_number", "_within", "flags", "source")

    def __init__(
        self, source: str, flags: int = 0, book: Book | None = None, needs: str | None = None, within: int = 0
    ) -> None:
        self.source, self.flags, self._book = source, flags, book or _HOUSE
        self._compiled, opening = compiled(source, flags)
        self._match = self._compiled.match
        self._number = None if opening is None else self._book.entered(opening)
        self._needs, self._within = None if needs is None else re.compile(needs), within

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, left to right, none over another."""
        if self._number is None:
            return self._compiled.finditer(text)
        places = _places(self._book, text)[self._number]
        if places and self._needs is not None:
            places = _near(places, [m.start() for m in self._needs.finditer(text)], self._within)
        return self._tried(text, places) if places else iter(())

    def _tried(self, text: str, places: list[int]) -> Iterator[re.Match[str]]:
        match, end = self._match, 0
        for place in places:
            if place >= end and (hit := match(text, place)) is not None:
                yield hit
                end = hit.end()


def _near(places: list[int], needed: list[int], within: int) -> list[int]:
    """The places, ascending, that have one of the needed, ascending too, at most so far behind them."""
    near: list[int] = []
    first = 0
    for at in needed:
        first = bisect_left(places, at - within, first)
        last = bisect_right(places, at, first)
        near += places[first:last]
        first = last
    return near


class _Answers:
    """Which of some expressions may begin with which characters, worked out as texts bring them."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, tuple[int, ...]]] = []
        self._drawn: tuple[list[list[Bits]], Numbers] | None = None
        self.known: dict[str, tuple[int, ...]] = {}
        self._first: re.Pattern[str] | None = None

    def add(self, number: int, sequences: Iterable[tuple[int, ...]]) -> None:
        self._entries += ((number, sets) for sets in sequences)
        self._drawn, self._first, self.known = None, None, {}

    @property
    def first(self) -> re.Pattern[str]:
        """One character with which any of them may begin."""
        if self._first is None:
            chars = reduce(or_, (sets[0] for _, sets in self._entries), 0)
            named = "".join(re.escape(chr(code)) for code in range(FOREIGN) if chars >> code & 1)
            self._first = re.compile(f"[{named}{chr(FOREIGN)}-{chr(sys.maxunicode)}]")
        return self._first

    def learned(self, key: str) -> tuple[int, ...]:
        """The numbers of those that may begin with the key; behind its end may follow anything."""
        table, numbers = self._drawn = self._drawn or self._table()
        rows = [row[min(ord(char), FOREIGN)] for row, char in zip(table, key, strict=False)]
        found = tuple(dict.fromkeys(numbers[reduce(and_, rows).nonzero()].tolist()))
        if len(self.known) < _MOST_ANSWERS:
            self.known[key] = found
        return found

    def _table(self) -> tuple[list[list[Bits]], Numbers]:
        """Place, character, a column: which of its sequences may have the character there; and whose each column is."""
        columns: list[tuple[int, list[tuple[int, ...]]]] = []
        for number, sets in self._entries:
            if not columns or columns[-1][0] != number or len(columns[-1][1]) == _BITS:
                columns.append((number, []))
            columns[-1][1].append(sets)
        places = len(self._entries[0][1]) if self._entries else 0
        table = [
            [
                np.array([_bits(sequences, place, code) for _, sequences in columns], np.uint64)
                for code in range(FOREIGN + 1)
            ]
            for place in range(places)
        ]
        return table, np.array([number for number, _ in columns], np.int32)


def _bits(sequences: Sequence[tuple[int, ...]], place: int, code: int) -> int:
    return sum(1 << i for i, sets in enumerate(sequences) if sets[place] >> code & 1)


class Book:
    """Searchers' openings, and where in a text they may be."""

    def __init__(self) -> None:
        self._numbers: dict[Opening, int] = {}
        self._bounded, self._free = _Answers(), _Answers()

    def entered(self, opening: Opening) -> int:
        """The number of all expressions that may begin so."""
        if opening in self._numbers:
            return self._numbers[opening]
        number = self._numbers[opening] = len(self._numbers)
        if opening.bounded:
            self._bounded.add(number, ((opening.before, *sequence) for sequence in opening.sequences))
        else:
            self._free.add(number, opening.sequences)
        _places.cache_clear()
        return number

    def places(self, text: str) -> list[list[int]]:
        """For each number that was given out, the offsets where its expressions may begin, ascending."""
        found: list[list[int]] = [[] for _ in self._numbers]
        padded = _EDGE + text
        known, learned = self._bounded.known, self._bounded.learned
        for hit in _PLACE.finditer(text):
            start = hit.start()
            key = padded[start : start + 1 + LENGTH]
            for number in known[key] if key in known else learned(key):
                found[number].append(start)
        known, learned = self._free.known, self._free.learned
        for hit in self._free.first.finditer(text):
            start = hit.start()
            key = text[start : start + LENGTH]
            for number in known[key] if key in known else learned(key):
                found[number].append(start)
        return found


_HOUSE: Final = Book()


@lru_cache(maxsize=_TEXTS)
def _places(book: Book, text: str) -> list[list[int]]:
    return book.places(text)
