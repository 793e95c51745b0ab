"""Alternations whose members begin alike, each beginning tried once: `ab|ac|d` as `a(?:b|c)|d`.

`re` tries the members of an alternation one after the other, and a list of labels or houses has a hundred. The parsed
form is rewritten, and only where nothing changes: a member moves up only past members that begin with other characters.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final

_parser: Any = importlib.import_module("re._parser")
_sre: Any = importlib.import_module("re._constants")

_FEWEST: Final = 4
"""Members of an alternation that is worth it."""
_ASCII: Final = 128

Item = tuple[Any, Any]
Group = tuple[Item | None, frozenset[str] | None, list[list[Item]]]
"""What members begin with, the characters that this may be (None for any), and what is behind it in each."""


def factored(parsed: Any) -> Any:
    """The same expression; `parsed` is changed in place."""
    return _rewritten(parsed, parsed.state.flags)


def _rewritten(parsed: Any, flags: int) -> Any:
    parsed.data = [(op, _inner(op, value, parsed.state, flags)) for op, value in parsed.data]
    return parsed


def _inner(op: Any, value: Any, state: Any, flags: int) -> Any:
    if op is _sre.BRANCH:
        members = [_rewritten(member, flags) for member in value[1]]
        return value[0], _grouped(members, state, flags)
    if op is _sre.SUBPATTERN:
        group, add, drop, inner = value
        return group, add, drop, _rewritten(inner, (flags | add) & ~drop)
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT):
        return value[0], value[1], _rewritten(value[2], flags)
    if op in (_sre.ASSERT, _sre.ASSERT_NOT):
        return value[0], _rewritten(value[1], flags)
    return _rewritten(value, flags) if op is _sre.ATOMIC_GROUP else value


def _grouped(members: list[Any], state: Any, flags: int) -> list[Any]:
    if len(members) < _FEWEST:
        return members
    groups: list[Group] = []
    for member in members:
        _enter(groups, list(member.data), flags)
    return [_parser.SubPattern(state, items) for group in groups for items in _joined(group, state, flags)]


def _enter(groups: list[Group], items: list[Item], flags: int) -> None:
    first = items[0] if items and items[0][0] in (_sre.LITERAL, _sre.IN) else None
    chars = None if first is None else _chars(first, flags)
    if chars is not None:
        for item, others, behind in reversed(groups):
            if item == first:
                behind.append(items[1:])
                return
            if others is None or others & chars:
                break
        groups.append((first, chars, [items[1:]]))
    else:
        groups.append((None, None, [items]))


def _joined(group: Group, state: Any, flags: int) -> Iterator[list[Item]]:
    first, _, behind = group
    if first is None or len(behind) == 1:
        yield from ([first, *items] if first else items for items in behind)
        return
    rest = _grouped([_parser.SubPattern(state, items) for items in behind], state, flags)
    yield [first, (_sre.BRANCH, (None, rest))]


def _chars(item: Item, flags: int) -> frozenset[str] | None:
    """The characters that begin a match, in lower case where case does not matter; None where not all are known."""
    op, value = item
    found: set[str] = set()
    for kind, what in value if op is _sre.IN else [(_sre.LITERAL, value)]:
        if kind is _sre.LITERAL:
            found.add(chr(what))
        elif kind is _sre.RANGE and what[1] < _ASCII:
            found.update(map(chr, range(what[0], what[1] + 1)))
        else:
            return None
    if flags & re.IGNORECASE:
        found = {c.lower() for c in found}
    return frozenset(found) if all(c.isascii() for c in found) else None
