"""With which characters an expression may begin, read off its parsed form.

Assertions count as met, and whatever is unknown here may be anything: an answer says "may" too often, never too seldom.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from detectors.patterns.search.cased import spelled
from detectors.patterns.search.factored import factored

# `re` shows nobody what it parsed, and parsing is half of what an expression costs to make.
_parser: Any = importlib.import_module("re._parser")
_compiler: Any = importlib.import_module("re._compiler")
_sre: Any = importlib.import_module("re._constants")

LENGTH: Final = 4
"""The first characters of a match that are looked at."""
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
_ONE: Final = (_sre.LITERAL, _sre.NOT_LITERAL, _sre.ANY, _sre.IN)
"""Items of one character."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How an expression may begin: what may stand before a match, and sequences of LENGTH sets for what it begins with.

    `bounded`: never with a letter or digit right behind another.
    """

    before: Set
    sequences: Sequences
    bounded: bool

    @classmethod
    def of(cls, parsed: Any) -> Self | None:
        """None for an expression that may match nothing at all: it can begin anywhere."""
        items, flags = _inner(parsed), parsed.state.flags
        least, most = items.getwidth()
        if least == 0:
            ahead = next((i[1][1] for i in items if _looks_ahead(i) and i[1][1].getwidth()[0]), None)
            if most or ahead is None:
                return None
            found = _sequences(ahead, LENGTH, flags)
        else:
            found = _sequences(items, LENGTH, flags)
        filled = frozenset(s + (_ALL,) * (LENGTH - len(s)) for s in found)
        return cls(_before(items, flags), filled, _is_bounded(items))


def compiled(pattern: str, flags: int) -> tuple[re.Pattern[str], Opening | None]:
    """The expression as `re` compiles it, but that it does not show its source, and how it may begin."""
    parsed = spelled(factored(_parser.parse(pattern, flags)))
    return _compiler.compile(parsed), Opening.of(parsed)


def _inner(parsed: Any) -> Any:
    """What an expression that is nothing but a look ahead looks for: it begins where that does."""
    while len(parsed) == 1 and _looks_ahead(parsed[0]):
        parsed = parsed[0][1][1]
    return parsed


def _looks_ahead(item: Item) -> bool:
    return bool(item[0] is _sre.ASSERT and item[1][0] == 1)


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
    if op in _ONE:
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
    if item[0] is _sre.ANY:
        return _ALL
    found = _ALL & ~_named(item) if _is_negated(item) else _named(item)
    return _cased(found, item, flags) | 1 << FOREIGN


def _surely(item: Item, flags: int) -> Set:
    """The characters of ASCII that the item is in any case."""
    found = _ALL & ~_cased(_named(item), item, flags) if _is_negated(item) else _named(item)
    return found & ~(1 << FOREIGN)


def _is_negated(item: Item) -> bool:
    op, value = item
    return bool(op is _sre.NOT_LITERAL or (op is _sre.IN and value[0][0] is _sre.NEGATE))


def _named(item: Item) -> Set:
    """The characters that stand in the item as it is written."""
    op, value = item
    found = 0
    for kind, what in value if op is _sre.IN else [(_sre.LITERAL, value)]:
        if kind is _sre.LITERAL:
            found |= 1 << min(what, FOREIGN)
        elif kind is _sre.RANGE:
            found |= _ALL & ((2 << min(what[1], FOREIGN)) - (1 << min(what[0], FOREIGN)))
        elif kind is _sre.CATEGORY:
            found |= _CATEGORIES[what]
    return found


def _cased(found: Set, item: Item, flags: int) -> Set:
    """With the other case of each letter, where case does not matter."""
    if not flags & re.IGNORECASE:
        return found
    op, value = item
    if any(map(_is_foreign, value if op is _sre.IN else [(_sre.LITERAL, value)])):
        found |= _CASED_ABROAD
    return found | (found >> ord("a") & _LETTERS) << ord("A") | (found >> ord("A") & _LETTERS) << ord("a")


def _is_foreign(member: Item) -> bool:
    kind, what = member
    return bool((kind is _sre.LITERAL and what >= FOREIGN) or (kind is _sre.RANGE and what[1] >= FOREIGN))


def _before(items: Iterable[Item], flags: int) -> Set:
    """What may stand before a match, by the assertions that come first; at a text's start stands what is FOREIGN."""
    found = _ALL
    for op, value in items:
        if op is _sre.ASSERT_NOT and value[0] == -1:
            behind = value[1]
            if len(behind) == 1 and behind[0][0] in _ONE and behind[0][0] is not _sre.ANY:
                found &= ~_surely(behind[0], flags)
        elif op is _sre.ASSERT and value[0] == -1:
            found &= _last(value[1][-1], flags)
        elif op is _sre.SUBPATTERN:
            found &= _before(value[3], (flags | value[1]) & ~value[2])
            break
        elif op is _sre.BRANCH:
            some = 0
            for branch in value[1]:
                some |= _before(branch, flags)
            found &= some
            break
        elif op not in (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT):
            break
    return found | 1 << FOREIGN


def _last(item: Item, flags: int) -> Set:
    """What an item's last character may be."""
    op, value = item
    if op is _sre.MAX_REPEAT and value[0] and len(value[2]) == 1:
        return _last(value[2][0], flags)
    return _set(item, flags) if op in _ONE else _ALL


def _is_bounded(items: Iterable[Item]) -> bool:
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
            if value[0] == -1 and _is_no_letter(value[1][-1]):
                return True
        elif op is _sre.SUBPATTERN:
            return _is_bounded(value[3])
        elif op is _sre.BRANCH:
            return all(_is_bounded(branch) for branch in value[1])
        else:
            return _is_no_letter(item)
    return False


def _is_every_letter(item: Item) -> bool:
    """Whether every letter and digit of any alphabet is one of the set: `\\w` among others, or `[^\\W_]`."""
    op, value = item
    if op is _sre.NOT_LITERAL:
        return not chr(value).isalnum()
    if op is not _sre.IN:
        return False
    if value[0][0] is not _sre.NEGATE:
        return any((_sre.CATEGORY, kind) in value for kind in (_sre.CATEGORY_WORD, _sre.CATEGORY_NOT_SPACE))
    return all(
        what in (_sre.CATEGORY_NOT_WORD, _sre.CATEGORY_SPACE)
        if kind is _sre.CATEGORY
        else kind is _sre.LITERAL and not chr(what).isalnum()
        for kind, what in value[1:]
    )


def _is_no_letter(item: Item) -> bool:
    """Whether the item begins and ends with one character, and that neither a letter nor a digit of any alphabet."""
    op, value = item
    if op is _sre.MAX_REPEAT and value[0] and len(value[2]) == 1:
        return _is_no_letter(value[2][0])
    if op is _sre.LITERAL:
        return not chr(value).isalnum()
    return op is _sre.IN and all(
        what is _sre.CATEGORY_SPACE if kind is _sre.CATEGORY else kind is _sre.LITERAL and not chr(what).isalnum()
        for kind, what in value
    )
