"""Expressions that do not mind case, with the cases of each letter spelled out.

`re` lowers each character of a text again for each letter that it is compared with, and cannot tell at a glance that
a member of an alternation begins otherwise. Sets of characters it can. What matches is what matched before: the same
tables say which letters are one another's cases.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

_sre: Any = importlib.import_module("re._constants")
_case: Any = importlib.import_module("_sre")
_ALIKE: Final[dict[int, tuple[int, ...]]] = importlib.import_module("re._casefix")._EXTRA_CASES
"""Letters in lower case that share a capital: the long s and s."""

Item = tuple[Any, Any]

_LAST_CASED: Final = 0x1FFFF
"""Beyond it no alphabet has two cases."""
_WIDEST: Final = 2000
"""Characters of a range that are looked at one by one."""


class _Unspelled(Exception):
    """What cannot be spelled out: it refers to what a group matched, or spans alphabets."""


def spelled(parsed: Any) -> Any:
    """The same expression, of which no part is marked as minding no case, changed in place; as it is where that cannot
    be."""
    try:
        items = _spelled(parsed.data, parsed.state.flags)
    except _Unspelled:
        return parsed
    parsed.data = items
    parsed.state.flags &= ~re.IGNORECASE
    return parsed


def _spelled(items: Iterable[Item], flags: int) -> list[Item]:
    return [(op, value) for item in items for op, value in [_item(item, flags)]]


def _within(parsed: Any, flags: int) -> Any:
    parsed.data = _spelled(parsed.data, flags)
    return parsed


def _item(item: Item, flags: int) -> Item:
    op, value = item
    if op is _sre.BRANCH:
        return op, (value[0], [_within(member, flags) for member in value[1]])
    if op is _sre.SUBPATTERN:
        group, add, drop, inner = value
        return op, (group, add & ~re.IGNORECASE, drop & ~re.IGNORECASE, _within(inner, (flags | add) & ~drop))
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT):
        return op, (value[0], value[1], _within(value[2], flags))
    if op in (_sre.ASSERT, _sre.ASSERT_NOT):
        return op, (value[0], _within(value[1], flags))
    if op is _sre.ATOMIC_GROUP:
        return op, _within(value, flags)
    if not flags & re.IGNORECASE or op in (_sre.ANY, _sre.AT):
        return item
    if op in (_sre.LITERAL, _sre.NOT_LITERAL):
        return _of_letter(op, value)
    if op is _sre.IN:
        return op, _of_set(tuple(value))
    raise _Unspelled


@cache
def _of_letter(op: Any, code: int) -> Item:
    if not _case.unicode_iscased(code):
        return op, code
    cases = [*_members(_cases([code]))]
    return _sre.IN, [(_sre.NEGATE, None), *cases] if op is _sre.NOT_LITERAL else cases


@cache
def _of_set(members: tuple[Item, ...]) -> list[Item]:
    codes: list[int] = []
    others: list[Item] = []
    for kind, what in members:
        if kind is _sre.LITERAL:
            codes.append(what)
        elif kind is _sre.RANGE:
            if what[1] - what[0] > _WIDEST:
                raise _Unspelled
            codes += range(what[0], what[1] + 1)
        else:
            others.append((kind, what))
    return [*others, *_members(_cases(codes))]


def _cases(codes: Iterable[int]) -> set[int]:
    """The characters that are one of these but for their case."""
    lowered = set(map(_case.unicode_tolower, codes))
    lowered |= {alike for code in lowered for alike in _ALIKE.get(code, ())}
    return lowered.union(*(_raised().get(code, ()) for code in lowered))


@cache
def _raised() -> dict[int, list[int]]:
    """For each letter in lower case the capitals of it."""
    found: dict[int, list[int]] = defaultdict(list)
    for code in range(_LAST_CASED + 1):
        lowered = _case.unicode_tolower(code)
        if lowered != code:
            found[lowered].append(code)
    return dict(found)


def _members(codes: Iterable[int]) -> Iterator[Item]:
    """Members of a set for these characters; neighbours are one range."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    for first, last in runs:
        yield (_sre.LITERAL, first) if first == last else (_sre.RANGE, (first, last))
