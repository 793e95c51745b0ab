"""Regular expressions that are tried only where they can begin.

A page is searched by some two hundred expressions, and `re` tries each at every character. Here one walk over the text
looks at the next few characters of each place, and a table says which expressions may begin with them; only there are
they tried. What is found is what `re` finds: the table is drawn from the expression itself, and in doubt says "may".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.patterns.search.openings import FOREIGN, LENGTH, Opening, Set, compiled

Bits = int
"""Of sequences: bit n for the nth."""
Numbers = npt.NDArray[np.intp]

_MOST_ANSWERS: Final = 1 << 16
"""Sequences of characters that are remembered: those of some thousand pages."""
_END: Final = FOREIGN + 1
"""What stands behind a text: anything may have followed. What stands before it is FOREIGN."""
_WORD: Final = 64
_BYTE_BITS: Final = 8
_BYTE: Final = np.dtype(np.uint8)
_WIDE: Final = np.dtype("<u4")
_IS_LETTER: Final = np.array([chr(code).isalnum() for code in range(FOREIGN)])
"""Letters and digits of ASCII."""
_NOTHING: Final[Iterator[re.Match[str]]] = iter(())
_LOOKED_AT: Final = 3
"""Characters that decide first whether any expression at all may begin; most places end there."""


class Searcher:
    """A compiled expression: `finditer` as that of `re.Pattern`, of whole texts only.

    Expressions that search the same texts share a `book`, for a text is walked over once for a whole book. `needs` is
    what every match has at most `within` characters behind its first: far from that the expression is not tried. It is
    only looked for, so that the end of one may be the beginning of the next; flags in it stand in a group.
    """

    __slots__ = ("_book", "_compiled", "_match", "_needs", "_number", "_within", "flags", "source")

    def __init__(
        self,
        source: str,
        flags: int = 0,
        book: Book | None = None,
        needs: str | Searcher | None = None,
        within: int = 0,
    ) -> None:
        self.source, self.flags, self._book = source, flags, book or _HOUSE
        self._compiled, opening = compiled(source, flags)
        self._match = self._compiled.match
        self._number = None if opening is None else self._book.entered(opening)
        self._needs = Searcher(rf"(?={needs})", book=book) if isinstance(needs, str) else needs
        self._within = within

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, left to right, none over another."""
        if self._number is None:
            return self._compiled.finditer(text)
        last, places_of = self._book.last
        places = (places_of if last is text else self._book.places(text)).get(self._number)
        if places and self._needs is not None:
            places = _near(places, [m.start() for m in self._needs.finditer(text)], self._within)
        if not places:
            return _NOTHING
        found, match, end = [], self._match, 0
        for place in places:
            if place >= end and (hit := match(text, place)) is not None:
                found.append(hit)
                end = hit.end()
        return iter(found)


def _near(places: Sequence[int], needed: Iterable[int], within: int) -> list[int]:
    """The places, ascending, that have one of the needed, ascending too, at most so far behind them."""
    near: list[int] = []
    first = 0
    for at in needed:
        first = bisect_left(places, at - within, first)
        last = bisect_right(places, at, first)
        near += places[first:last]
        first = last
    return near


class _Drawn(NamedTuple):
    """Sequences as tables. Characters that no sequence tells apart at a place are of one class there."""

    classes: tuple[Numbers, ...]
    """Place, character: its class, times what lets those of the places looked at first, and of the rest, add up."""
    sizes: tuple[int, ...]
    """Of each place, how many classes."""
    may: tuple[tuple[Bits, ...], ...]
    """Place, class: the sequences that may have it there."""
    some: npt.NDArray[np.bool_]
    """Whether any sequence may begin with these three classes."""
    whose: tuple[int, ...]
    """Each sequence's number."""
    before: Mapping[int, Bits]
    """For each number the sequences of those that came before it."""

    @classmethod
    def of(cls, entries: Sequence[tuple[int, tuple[Set, ...]]]) -> _Drawn:
        before: dict[int, Bits] = {}
        for bit, (number, _) in enumerate(entries):
            before.setdefault(number, (1 << bit) - 1)
        classes, may, rows = [], [], []
        for place in range(len(entries[0][1])):
            columns = _columns([sets[place] for _, sets in entries])
            kinds, kind = np.unique(columns, axis=0, return_inverse=True)
            classes.append(kind.reshape(-1).astype(np.intp))
            may.append(tuple(int.from_bytes(row.tobytes(), "little") for row in kinds))
            rows.append(kinds)
        sizes = tuple(map(len, may))
        for place in range(len(sizes)):
            classes[place] *= prod(sizes[place + 1 : _LOOKED_AT if place < _LOOKED_AT else None])
        some = np.array([(rows[1][:, None] & row & rows[2]).any(axis=2) for row in rows[0]])
        whose = tuple(number for number, _ in entries)
        return cls(tuple(classes), sizes, tuple(may), some.ravel(), whose, before)


def _columns(sets: Sequence[Set]) -> npt.NDArray[np.uint64]:
    """For each character, and at last for a text's end, which of the sets may have it: a bit each."""
    wide = -(-len(sets) // _WORD) * _WORD
    flags = np.zeros((wide, _END // _BYTE_BITS + 1), np.uint8)
    flags[: len(sets)] = [[*one.to_bytes(_END // _BYTE_BITS + 1, "little")] for one in sets]
    allowed = np.unpackbits(flags, axis=1, count=_END + 1, bitorder="little")
    allowed[: len(sets), _END] = 1
    return np.ascontiguousarray(np.packbits(allowed.T, axis=1, bitorder="little")).view(np.uint64)


class _Answers:
    """Which of some expressions may begin with which characters, worked out as texts bring them."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, tuple[Set, ...]]] = []
        self._drawn: _Drawn | None = None
        self._known: dict[int, tuple[int, ...]] = {}

    def add(self, number: int, sequences: Iterable[tuple[Set, ...]]) -> None:
        self._entries += ((number, sets) for sets in sequences)
        self._drawn, self._known = None, {}

    def enter(self, chars: Numbers, places: Numbers, found: dict[int, list[int]]) -> None:
        """Adds to `found`, for each number, the places where it may begin. `chars` go on behind the last place."""
        if not self._entries:
            return
        drawn = self._drawn = self._drawn or _Drawn.of(self._entries)
        key = drawn.classes[0].take(chars.take(places))
        for n in range(1, _LOOKED_AT):
            key += drawn.classes[n].take(chars[n:].take(places))
        some = drawn.some.take(key).nonzero()[0]
        key, places = key.take(some), places.take(some)
        key *= prod(drawn.sizes[_LOOKED_AT:])
        for n in range(_LOOKED_AT, len(drawn.sizes)):
            key += drawn.classes[n].take(chars[n:].take(places))
        known = self._known
        for place, sequence in zip(places.tolist(), key.tolist(), strict=True):
            for number in known[sequence] if sequence in known else self._learned(drawn, sequence):
                found[number].append(place)

    def _learned(self, drawn: _Drawn, sequence: int) -> tuple[int, ...]:
        left, rest = (1 << len(drawn.whose)) - 1, sequence
        for size, row in zip(reversed(drawn.sizes), reversed(drawn.may), strict=True):
            rest, kind = divmod(rest, size)
            left &= row[kind]
        found = []
        while left:
            number = drawn.whose[left.bit_length() - 1]
            found.append(number)
            left &= drawn.before[number]
        if len(self._known) < _MOST_ANSWERS:
            self._known[sequence] = tuple(found)
        return tuple(found)


class Book:
    """Searchers' openings, and where in a text they may be."""

    def __init__(self) -> None:
        self._numbers: dict[Opening, int] = {}
        self._bounded, self._free = _Answers(), _Answers()
        self.last: tuple[str | None, dict[int, list[int]]] = (None, {})
        """The text that was asked for last, and its places: all rules go over one text before the next."""

    def entered(self, opening: Opening) -> int:
        """The number of all expressions that may begin so."""
        if opening in self._numbers:
            return self._numbers[opening]
        number = self._numbers[opening] = len(self._numbers)
        if opening.bounded:
            self._bounded.add(number, ((opening.before, *sequence) for sequence in opening.sequences))
        else:
            self._free.add(number, opening.sequences)
        self.last = (None, {})
        return number

    def places(self, text: str) -> dict[int, list[int]]:
        """For each number whose expressions may begin somewhere, the offsets where they may, ascending."""
        last, found = self.last
        if last is not text:
            found = self._searched(text)
            self.last = (text, found)
        return found

    def _searched(self, text: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        plain = text.isascii()
        codes: npt.NDArray[np.unsignedinteger] = np.frombuffer(
            text.encode("ascii" if plain else "utf-32-le", "surrogatepass"), _BYTE if plain else _WIDE
        )
        chars = np.full(len(text) + 1 + LENGTH, _END, np.intp)
        chars[0] = FOREIGN
        np.minimum(codes, FOREIGN, out=chars[1 : len(text) + 1])
        joined = np.zeros(len(text) + 1, np.bool_)
        joined[1:] = _IS_LETTER.take(codes) if plain else np.fromiter(map(str.isalnum, text), np.bool_, len(text))
        bounds = (~(joined[:-1] & joined[1:])).nonzero()[0]
        self._bounded.enter(chars, bounds, found)
        self._free.enter(chars[1:], np.arange(len(text)), found)
        return found


_HOUSE: Final = Book()
AS_READ: Final = Book()
"""Of what is looked for in a text as it stands; the house looks for all else once paragraphs are one line."""
