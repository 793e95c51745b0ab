"""Regular expressions that are tried only where they can begin.

A page is searched by some two hundred expressions, and `re` tries each at every character. Here one walk over the text
looks at the next few characters of each place, and a table says which expressions may begin with them; only there are
they tried. What is found is what `re` finds: the table is drawn from the expression itself, and in doubt says "may".
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from operator import or_
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.patterns.openings import FOREIGN, LENGTH, Opening, compiled

Table = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]

_MOST_ANSWERS: Final = 1 << 15
"""Sequences of characters that are remembered: those of some thousand pages."""
_TEXTS: Final = 4
"""Texts whose places are kept: a page as read, as mended, as unwrapped."""
_BYTES: Final = FOREIGN // 8 + 1
"""Of a set of characters."""
_EDGE: Final = chr(FOREIGN)
"""What stands before a text."""
_PLACE: Final = re.compile(r"[^\W_]+|[\W_]")


class Searcher:
    """A compiled expression: `finditer` as that of `re.Pattern`, of whole texts only.

    Expressions that search the same texts share a `book`, for a text is walked over once for a whole book.
    """

    __slots__ = ("_book", "_compiled", "_match", "_number", "flags", "source")

    def __init__(self, source: str, flags: int = 0, book: Book | None = None) -> None:
        self.source, self.flags, self._book = source, flags, book or _HOUSE
        self._compiled, opening = compiled(source, flags)
        self._match = self._compiled.match
        self._number = None if opening is None else self._book.entered(opening)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, left to right, none over another."""
        if self._number is None:
            return self._compiled.finditer(text)
        places = _places(self._book, text)[self._number]
        return self._tried(text, places) if places else iter(())

    def _tried(self, text: str, places: list[int]) -> Iterator[re.Match[str]]:
        match, end = self._match, 0
        for place in places:
            if place >= end and (hit := match(text, place)) is not None:
                yield hit
                end = hit.end()


class _Answers:
    """Which of some expressions may begin with which characters, worked out as texts bring them."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, tuple[int, ...]]] = []
        self._drawn: tuple[Table, Numbers] | None = None
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
        may = np.ones(len(numbers), np.bool_)
        for row, char in zip(table, key, strict=False):
            may &= row[min(ord(char), FOREIGN)]
        found = tuple(dict.fromkeys(numbers[may].tolist()))
        if len(self.known) < _MOST_ANSWERS:
            self.known[key] = found
        return found

    def _table(self) -> tuple[Table, Numbers]:
        """Place, character, sequence: whether the character may stand there; and whose each sequence is."""
        sets = [b"".join(one.to_bytes(_BYTES, "little") for one in sets) for _, sets in self._entries]
        bits = np.unpackbits(np.frombuffer(b"".join(sets), np.uint8), bitorder="little")
        table = bits.reshape(len(sets), -1, _BYTES * 8).transpose(1, 2, 0)
        return np.ascontiguousarray(table, np.bool_), np.array([number for number, _ in self._entries], np.int32)


class Book:
    """Searchers' openings, and where in a text they may be."""

    def __init__(self) -> None:
        self._entries = 0
        self._bounded, self._free = _Answers(), _Answers()

    def entered(self, opening: Opening) -> int:
        number, self._entries = self._entries, self._entries + 1
        if opening.bounded:
            self._bounded.add(number, ((opening.before, *sequence) for sequence in opening.sequences))
        else:
            self._free.add(number, opening.sequences)
        _places.cache_clear()
        return number

    def places(self, text: str) -> list[list[int]]:
        """For each number that was given out, the offsets where its expression may begin, ascending."""
        found: list[list[int]] = [[] for _ in range(self._entries)]
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
