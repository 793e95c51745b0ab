"""The address and numbers of a house, told by the head of its paper: they are a provider's, and no stranger's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from detectors.findings import Kind, Owner, Span

_HEAD_LINES: Final = 8
"""Lines of a page, blank ones left out, in which its head stands."""
_MOST_LINES: Final = 3
"""Lines of address and numbers below a house's name."""
_OF_A_HOUSE: Final = frozenset(
    {Kind.STREET, Kind.CITY, Kind.STATE, Kind.ZIP, Kind.PHONE, Kind.FAX, Kind.URL, Kind.EMAIL}
)
_LABEL: Final = re.compile(
    r"(?i)\b(?:tel|telephone|phone|ph|fax|main|office|toll[ -]free|suite|ste|floor|web|e-?mail|p|f|t)\b"
)
_LETTERS: Final = re.compile(r"[^\W_]")


def providers(text: str, spans: Sequence[Span]) -> list[Span]:
    """The same disjoint spans, in text order; what stands right below a house's name in the page's head, and is an
    address or number of nobody's, is PROVIDER. Below a person's name the house is where that person lives."""
    found = list(spans)
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text) if m[0].strip()][: _HEAD_LINES + _MOST_LINES]
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if _is_house(text, line, found) and not (number and _is_person(lines[number - 1], found)):
            for index in _below(text, lines[number + 1 : number + 1 + _MOST_LINES], found):
                found[index] = replace(found[index], owner=Owner.PROVIDER)
    return found


def _is_house(text: str, line: tuple[int, int], spans: Sequence[Span]) -> bool:
    within = [spans[i] for i in _on(line, spans)]
    houses = [s for s in within if s.kind is Kind.FACILITY or s.owner is Owner.PROVIDER]
    return bool(houses) and len(houses) == len(within) and not _LETTERS.search(_rest(text, line, within))


def _is_person(line: tuple[int, int], spans: Sequence[Span]) -> bool:
    return any(spans[i].kind is Kind.PERSON and spans[i].owner is not Owner.PROVIDER for i in _on(line, spans))


def _below(text: str, lines: Sequence[tuple[int, int]], spans: Sequence[Span]) -> Iterator[int]:
    """The spans of the lines that hold nothing but a house's address and numbers."""
    for line in lines:
        on = list(_on(line, spans))
        within = [spans[i] for i in on]
        if not within or _LETTERS.search(_LABEL.sub("", _rest(text, line, within))):
            return
        if any(s.kind not in _OF_A_HOUSE or s.owner is Owner.RELATIVE for s in within):
            return
        if any(s.owner is Owner.PATIENT and s.kind not in (Kind.CITY, Kind.STATE, Kind.ZIP) for s in within):
            return
        yield from (i for i in on if spans[i].owner is Owner.UNKNOWN)


def _on(line: tuple[int, int], spans: Sequence[Span]) -> Iterator[int]:
    return (i for i, s in enumerate(spans) if s.start < line[1] and line[0] < s.end)


def _rest(text: str, line: tuple[int, int], spans: Sequence[Span]) -> str:
    """What no span covers of the line."""
    at, left = line[0], ""
    for span in spans:
        left += text[at : max(at, span.start)] + " "
        at = max(at, span.end)
    return left + text[at : line[1]]
