"""A strict reader of the one PDF form that a finished copy may have; anything else is refused.

The form (ISO 32000-1, 7.5): header, indirect objects, one cross-reference table, trailer, `%%EOF`, nothing else.
Every byte is accounted for, so that nothing can hide between objects, in an older revision or behind the end.
It is written apart from the library that made the copy: two readers of one mind share their blind spots.

A chart's copy is larger than memory should be, so the file is read in pieces, and streams stay where they lie.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError

MAX_DEPTH: Final = 8
"""Nesting of arrays and dictionaries: a finished copy needs four."""
MAX_OBJECTS: Final = 100_000
"""Four objects a page and two above: more than any page limit allows."""
_PIECE: Final = 256 * 1024
_LONGEST: Final = 512
"""No single token is longer; one is only looked for with so many bytes of the file at hand."""

_SPACE = b"\x00\t\n\x0c\r "
_HEADER = re.compile(rb"%PDF-1\.[3-7][\r\n]{1,2}(?:%[\x80-\xff]{4,8}[\r\n]{1,2})?")
_OBJECT = re.compile(rb"(\d{1,10}) (\d{1,5}) obj\b")
_REFERENCE = re.compile(rb"(\d{1,10}) (\d{1,5}) R(?![A-Za-z0-9])")
_NUMBER = re.compile(rb"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?![\d.])")
_NAME = re.compile(rb"/([A-Za-z0-9_.+-]{1,64})")
_WORD = re.compile(rb"(true|false|null)(?![A-Za-z])")
_HEX = re.compile(rb"<([0-9A-Fa-f]{0,128})>")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_SECTION = re.compile(rb"(\d{1,10}) (\d{1,10}) ?\r?\n")
_END = re.compile(rb"startxref\s{1,2}(\d{1,12})\s{1,2}%%EOF(?:\r\n|\r|\n)?")


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    number: int


class Finished(Protocol):
    """A finished copy, in memory or elsewhere; `bytes` are one by `held`."""

    def __len__(self) -> int: ...

    def read(self, start: int, end: int) -> bytes:
        """The bytes in [start, end)."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    content: bytes = field(repr=False)

    def __len__(self) -> int:
        return len(self.content)

    def read(self, start: int, end: int) -> bytes:
        return self.content[start:end]


def held(copy: bytes | Finished) -> Finished:
    """The copy as one that is read by ranges."""
    return _Held(copy) if isinstance(copy, bytes) else copy


Value = dict[str, "Value"] | list["Value"] | Name | Ref | int | float | bool | bytes | None


@dataclass(frozen=True, slots=True)
class Stored:
    """An indirect object: where it lies in the file, and where its stream does, None where it has none."""

    value: Value = field(repr=False)
    extent: tuple[int, int]
    stream: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Parsed:
    objects: Mapping[int, Stored]
    trailer: Mapping[str, Value]


def parse(copy: Finished) -> Parsed:
    """Reads the whole file. Raises RedoubtError(FORBIDDEN_OBJECT) at the first byte that has no business there."""
    return _Reader(copy).file()


def _forbidden() -> RedoubtError:
    return RedoubtError(Reason.FORBIDDEN_OBJECT)


class _Reader:
    def __init__(self, copy: Finished) -> None:
        self.copy = copy
        self.size = len(copy)
        self.at = 0
        self.piece, self.base = b"", 0

    def file(self) -> Parsed:
        self._match(_HEADER)
        objects: dict[int, Stored] = {}
        self._space()
        while not self._next_is(b"xref"):
            start = self.at
            found = self._match(_OBJECT)
            number = int(found[1])
            if number in objects or number == 0 or int(found[2]) != 0 or len(objects) >= MAX_OBJECTS:
                raise _forbidden()
            objects[number] = self._stored(start)
            self._space()
        start = self.at
        self._table({number: stored.extent[0] for number, stored in objects.items()})
        self._literal(b"trailer")
        self._space()
        trailer = self._value(0)
        self._space()
        end = self._match(_END)
        if not isinstance(trailer, dict) or int(end[1]) != start or self.at != self.size:
            raise _forbidden()
        return Parsed(objects, trailer)

    def _stored(self, start: int) -> Stored:
        self._space()
        value = self._value(0)
        self._space()
        stream = None
        if self._next_is(b"stream"):
            stream = self._stream(value)
            self._space()
        self._literal(b"endobj")
        return Stored(value, (start, self.at), stream)

    def _stream(self, value: Value) -> tuple[int, int]:
        length = value.get("Length") if isinstance(value, dict) else None
        if not isinstance(length, int) or isinstance(length, bool) or length < 0:
            raise _forbidden()
        self._match(re.compile(rb"stream\r?\n"))
        extent = (self.at, min(self.at + length, self.size))
        self.at = extent[1]
        self._match(re.compile(rb"(?:\r\n|\r|\n)?endstream"))
        return extent

    def _table(self, offsets: Mapping[int, int]) -> None:
        self._literal(b"xref")
        self._space()
        listed: dict[int, int] = {}
        while section := self._found(_SECTION):
            first, count = int(section[1]), int(section[2])
            if count > MAX_OBJECTS + 1:
                raise _forbidden()
            for number in range(first, first + count):
                entry = self._match(_ENTRY)
                if entry[3] == b"n":
                    listed[number] = int(entry[1])
        if listed != offsets:
            raise _forbidden()
        self._space()

    def _value(self, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise _forbidden()
        if self._next_is(b"<<"):
            return self._dictionary(depth)
        if self._next_is(b"["):
            return self._array(depth)
        if found := self._found(_NAME):
            return Name(found[1].decode("ascii"))
        if found := self._found(_REFERENCE):
            if int(found[2]) != 0:
                raise _forbidden()
            return Ref(int(found[1]))
        if found := self._found(_NUMBER):
            return float(found[0]) if b"." in found[0] else int(found[0])
        if found := self._found(_WORD):
            return {b"true": True, b"false": False, b"null": None}[found[1]]
        # literal strings, comments and all else have no place in a finished copy; hexadecimal ones only as file id
        found = self._match(_HEX)
        if len(found[1]) % 2:
            raise _forbidden()
        return bytes.fromhex(found[1].decode("ascii"))

    def _dictionary(self, depth: int) -> Value:
        self.at += 2
        entries: dict[str, Value] = {}
        self._space()
        while not self._next_is(b">>"):
            key = self._match(_NAME)[1].decode("ascii")
            if key in entries:
                raise _forbidden()
            self._space()
            entries[key] = self._value(depth + 1)
            self._space()
        self.at += 2
        return entries

    def _array(self, depth: int) -> Value:
        self.at += 1
        items: list[Value] = []
        self._space()
        while not self._next_is(b"]"):
            items.append(self._value(depth + 1))
            self._space()
        self.at += 1
        return items

    def _space(self) -> None:
        while self.at < self.size and self.piece[self._ahead()] in _SPACE:
            self.at += 1

    def _literal(self, word: bytes) -> None:
        if not self._next_is(word):
            raise _forbidden()
        self.at += len(word)

    def _match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes]:
        found = self._found(pattern)
        if found is None:
            raise _forbidden()
        return found

    def _found(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Steps over what the pattern matches here, if it does."""
        begin = self._ahead()
        found = pattern.match(self.piece, begin)
        if found is not None:
            self.at += found.end() - begin
        return found

    def _next_is(self, word: bytes) -> bool:
        return self.piece.startswith(word, self._ahead())

    def _ahead(self) -> int:
        """Where in the piece at hand reading goes on, with a token's length of the file behind it."""
        begin = self.at - self.base
        if not 0 <= begin <= len(self.piece) or min(self.at + _LONGEST, self.size) > self.base + len(self.piece):
            self.piece, self.base = self.copy.read(self.at, min(self.at + _PIECE, self.size)), self.at
            begin = 0
        return begin
