"""With which characters an expression may begin, read off its parsed form.

Assertions count as met, and whatever is unknown here may be anything: an answer says "may" too often, never too seldom.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

_parser: Any = importlib.import_module("re._parser")  # `re` shows nobody what it parsed
_sre: Any = importlib.import_module("re._constants")

LENGTH: Final = 3
"""Characters of a beginning that are looked at."""
FOREIGN: Final = 128
"""The place of all characters beyond ASCII in a set."""
_ALL: Final = (1 << FOREIGN + 1) - 1
_MOST: Final = 3000
"""Sequences of an expression; one that may begin in more ways may begin in any."""
_LETTERS: Final = (1 << 26) - 1
_CASED_ABROAD: Final = sum(1 << ord(c) for c in "iskISK")
"""ASCII letters that are other writings of letters beyond ASCII: of the dotless i, the long s, the Kelvin sign."""

Item = tuple[Any, Any]
Set = int
"""Of characters: bit n for ASCII character n, bit FOREIGN for all others."""
Sequences = frozenset[tuple[Set, ...]]


def _of(pattern: str) -> Set:
    return sum(1 << n for n in range(FOREIGN) if re.fullmatch(pattern, chr(n))) | 1 << FOREIGN


_CATEGORIES: Final = {
    _sre.CATEGORY_DIGIT: _of(r"\d"),
    _sre.CATEGORY_NOT_DIGIT: _of(r"\D"),
    _sre.CATEGORY_SPACE: _of(r"\s"),
    _sre.CATEGORY_NOT_SPACE: _of(r"\S"),
    _sre.CATEGORY_WORD: _of(r"\w"),
    _sre.CATEGORY_NOT_WORD: _of(r"\W"),
}
_ALNUM: Final = _of(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Opening:
    """How an expression may begin: sequences of LENGTH sets. `bounded`: never with a letter or digit behind another."""

    sequences: Sequences
    bounded: bool

    @classmethod
    def of(cls, pattern: str, flags: int) -> Self | None:
        """None for an expression that may match nothing at all: it can begin anywhere."""
        parsed = _parser.parse(pattern, flags)
        items, flags = tuple(parsed), parsed.state.flags
        least, most = parsed.getwidth()
        if least == 0:
            ahead = next((i for i in items if i[0] is _sre.ASSERT and i[1][0] == 1 and i[1][1].getwidth()[0]), None)
            if most or ahead is None:
                return None
            found = _sequences(ahead[1][1], LENGTH, flags)
        else:
            found = _sequences(items, LENGTH, flags)
        return cls(frozenset(s + (_ALL,) * (LENGTH - len(s)) for s in found), _is_bounded(items, flags))


def _sequences(items: Iterable[Item], length: int, flags: int) -> Sequences:
    """What the items may begin with, cut at `length`; a shorter sequence may end there."""
    found: Sequences = frozenset([()])
    for item in items:
        if all(len(s) == length for s in found):
            break
        found = _followed(found, item, length, flags)
    return found


def _followed(before: Sequences, item: Item, length: int, flags: int) -> Sequences:
    found = {s for s in before if len(s) == length}
    for left in {length - len(s) for s in before} - {0}:
        tails = _beginnings(item, left, flags)
        found.update(s + tail for s in before if len(s) == length - left for tail in tails)
    return frozenset(found) if len(found) <= _MOST else frozenset([(_ALL,) * length])


def _beginnings(item: Item, length: int, flags: int) -> Sequences:
    op, value = item
    if op in (_sre.LITERAL, _sre.NOT_LITERAL, _sre.ANY, _sre.IN):
        return frozenset([(_set(item, flags),)])
    if op is _sre.BRANCH:
        return _fewer(frozenset[tuple[Set, ...]]().union(*(_sequences(b, length, flags) for b in value[1])))
    if op is _sre.SUBPATTERN:
        _, add, drop, inner = value
        return _sequences(inner, length, (flags | add) & ~drop)
    if op is _sre.ATOMIC_GROUP:
        return _sequences(value, length, flags)
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT):
        least, most, inner = value
        return _repeated(least, most, inner, length, flags)
    if op in (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT):
        return frozenset([()])
    return frozenset([(_ALL,) * length])


def _repeated(least: int, most: int, inner: Sequence[Item], length: int, flags: int) -> Sequences:
    again = (_sre.SUBPATTERN, (None, 0, 0, inner))
    found: Sequences = frozenset([()])
    for _ in range(min(least, length)):
        found = _followed(found, again, length, flags)
    for _ in range(min(most - least, length)):
        found |= _followed(found, again, length, flags)
    return _fewer(found)


def _fewer(sequences: Sequences) -> Sequences:
    """The same, where those that differ in the last set alone are one."""
    last: dict[tuple[int, tuple[Set, ...]], Set] = {}
    for s in sequences:
        if s:
            last[len(s), s[:-1]] = last.get((len(s), s[:-1]), 0) | s[-1]
    found = frozenset((*head, tail) for (_, head), tail in last.items())
    return found | {()} if () in sequences else found


def _set(item: Item, flags: int) -> Set:
    """The characters that the item may be; those beyond ASCII always among them."""
    op, value = item
    if op is _sre.ANY:
        return _ALL
    members = value if op is _sre.IN else [(_sre.LITERAL, value)]
    found = 0
    for kind, what in members:
        if kind is _sre.LITERAL:
            found |= 1 << min(what, FOREIGN)
        elif kind is _sre.RANGE:
            found |= _ALL & ((2 << min(what[1], FOREIGN)) - (1 << min(what[0], FOREIGN)))
        elif kind is _sre.CATEGORY:
            found |= _CATEGORIES.get(what, _ALL)
    if op is _sre.NOT_LITERAL or members[0][0] is _sre.NEGATE:
        found = _ALL & ~found
    elif flags & re.IGNORECASE and any(map(_is_foreign, members)):
        found |= _CASED_ABROAD
    if flags & re.IGNORECASE:
        found |= (found >> ord("a") & _LETTERS) << ord("A") | (found >> ord("A") & _LETTERS) << ord("a")
    return found | 1 << FOREIGN


def _is_foreign(member: Item) -> bool:
    kind, what = member
    return bool((kind is _sre.LITERAL and what >= FOREIGN) or (kind is _sre.RANGE and what[1] >= FOREIGN))


def _is_bounded(items: Iterable[Item], flags: int) -> bool:
    """Whether what comes first keeps a letter or digit from standing right before another that begins the match."""
    for item in items:
        op, value = item
        if op is _sre.AT:
            if value in (_sre.AT_BOUNDARY, _sre.AT_BEGINNING, _sre.AT_BEGINNING_STRING):
                return True
        elif op is _sre.ASSERT_NOT:
            if value[0] == -1 and len(value[1]) == 1 and _is_every_letter(value[1][0]):
                return True
        elif op is _sre.ASSERT:
            if value[0] == -1 and _is_no_letter(value[1][-1], flags):
                return True
        elif op is _sre.SUBPATTERN:
            return _is_bounded(value[3], (flags | value[1]) & ~value[2])
        elif op is _sre.BRANCH:
            return all(_is_bounded(branch, flags) for branch in value[1])
        else:
            return _is_no_letter(item, flags)
    return False


def _is_every_letter(item: Item) -> bool:
    """Whether every letter and digit of any alphabet is one of the set: `\\w` among others, or `[^\\W_]`."""
    op, value = item
    if op is not _sre.IN:
        return False
    if value[0][0] is not _sre.NEGATE:
        return (_sre.CATEGORY, _sre.CATEGORY_WORD) in value
    return all(member in ((_sre.CATEGORY, _sre.CATEGORY_NOT_WORD), (_sre.LITERAL, ord("_"))) for member in value[1:])


def _is_no_letter(item: Item, flags: int) -> bool:
    """Whether the item is one character, and that neither a letter nor a digit of any alphabet."""
    op, value = item
    if op is _sre.LITERAL:
        return not chr(value).isalnum()
    if op is not _sre.IN:
        return False
    plain = all(kind is _sre.LITERAL or (kind, what) == (_sre.CATEGORY, _sre.CATEGORY_SPACE) for kind, what in value)
    return plain and not any(map(_is_foreign, value)) and not _set(item, flags) & _ALNUM & ~(1 << FOREIGN)
